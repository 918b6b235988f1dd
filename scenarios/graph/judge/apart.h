// SPDX-License-Identifier: Apache-2.0
//
// The other process of a mode: it runs one half of the work, and says what it made through shared memory.
//
//   this process --fork--> other process: work() --> [made | error] in shared memory --> result()
//
// Lifetime: kills the other process where it still runs.
// Threads: REQUIRES: this process has one thread when it starts the other one.
// Cost: a fork.
#pragma once
#include <functional>
#include <memory>

#include "harness/base/child.h"
#include "scenarios/graph/judge/flow.h"

namespace copycost::graph::input {

class other_process {
 public:
  // Throws failure{internal}.
  explicit other_process(const std::function<made_of_input()>& work);
  ~other_process();
  // Waits for its end. Throws what the work threw, by its code and text; failure{incorrect} where it died.
  made_of_input result();

 private:
  struct said;
  std::shared_ptr<said> said_;
  child process_;
};

}  // namespace copycost::graph::input
