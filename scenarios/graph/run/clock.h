// SPDX-License-Identifier: Apache-2.0
//
// The time that delays, timeouts and back-offs of a graph count in: the machine's, or one that a test moves by hand.
//
// Threads: safe.
// Cost: a virtual call and what the clock costs; asked once a turn, and only of nodes that wait for a time.
#pragma once
#include <atomic>
#include <cstdint>

#include "harness/base/now.h"

namespace copycost::graph {

class run_clock {
 public:
  virtual ~run_clock() = default;
  virtual std::int64_t now_ns() const = 0;
  // Whether its time is that of now_ns() in harness/base/now.h. A thread that waits for a time of another clock looks
  // at it once a millisecond.
  virtual bool is_real() const { return false; }
};

class steady_clock final : public run_clock {
 public:
  std::int64_t now_ns() const override { return copycost::now_ns(); }
  bool is_real() const override { return true; }
  // VALID UNTIL: the program ends.
  static const run_clock& instance() {
    static const steady_clock one;
    return one;
  }
};

// Stands still until it is moved.
class manual_clock final : public run_clock {
 public:
  std::int64_t now_ns() const override { return now_.load(std::memory_order_acquire); }
  void move(std::int64_t by_ns) { now_.fetch_add(by_ns, std::memory_order_acq_rel); }

 private:
  std::atomic<std::int64_t> now_{0};
};

}  // namespace copycost::graph
