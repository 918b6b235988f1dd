// SPDX-License-Identifier: Apache-2.0
//
// Runs git, and takes what it prints.
//
// Threads: safe.
// Cost: a process; what it prints is held in memory.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace copycost::event_store {

struct git_output {
  int status = 0;  // of its exit; 127: there is no git
  std::string out, err;
};
struct git_ways {
  bool plain = false;  // with the configuration of the user and the system
  // No object is fetched, whatever the repository says; grafts and replaced objects do not count.
  bool reads_only = false;
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();  // bytes of output; what is more is not waited for
};
// Throws failure{internal} where no process can be made.
git_output run_git(const std::vector<std::string>& arguments, const git_ways& how = {});

}  // namespace copycost::event_store
