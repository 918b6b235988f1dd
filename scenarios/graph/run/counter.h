// SPDX-License-Identifier: Apache-2.0
//
// A count that one thread makes and others read.
//
// Threads: add() from one at a time; get() from any.
// Cost: add() is an ordinary addition in memory, without a locked instruction.
#pragma once
#include <atomic>
#include <cstdint>

namespace copycost::graph {

class counter {
 public:
  void add(std::uint64_t n) { is_.store(is_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed); }
  std::uint64_t get() const { return is_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> is_{0};
};

}  // namespace copycost::graph
