// SPDX-License-Identifier: Apache-2.0
//
// Runs git, and takes what it prints. Thread-safe. Cost: a process; what it prints is held in memory.
#pragma once
#include <string>
#include <vector>

namespace copycost::event_store {

struct git_output {
  int status = 0;  // of its exit; 127: there is no git
  std::string out, err;
};
// `plain`: with the configuration of the user and the system; otherwise without. Throws failure{internal} where no
// process can be made.
git_output run_git(const std::vector<std::string>& arguments, bool plain);

}  // namespace copycost::event_store
