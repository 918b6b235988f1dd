// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/run/executor.h"

#include <system_error>

namespace copycost::graph {

result<void> thread_executor::start(std::span<runnable* const> nodes) {
  threads_.reserve(nodes.size());
  try {
    for (runnable* const one : nodes) threads_.emplace_back([one] { one->run_to_end(); });
  } catch (const std::system_error&) {
    return error{errc::out_of_room, 0, threads_.size(), nodes.size()};
  }
  return {};
}

void thread_executor::join() {
  for (std::thread& one : threads_) one.join();
  threads_.clear();
}

}  // namespace copycost::graph
