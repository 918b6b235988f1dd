// SPDX-License-Identifier: Apache-2.0
//
// What the caller of a run asks of all its nodes at once, and what they report back.
//
//   caller  ask(kPause) ----> word <---- asked(), before each item      nodes
//           wait_for(...) <-------- stood(), ended(), failed()
//
// Lifetime: it and the bells outlive the run.
// Threads: safe; add() is for before the run.
// Cost: asked() is a load of a line that hardly ever changes. The rest takes a lock.
#pragma once
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "harness/base/now.h"
#include "scenarios/graph/run/channel/event.h"
#include "scenarios/graph/run/report.h"

namespace copycost::graph {

class gate {
 public:
  static constexpr std::uint32_t kPause = 1;  // stand between two items
  static constexpr std::uint32_t kDrain = 2;  // sources end
  static constexpr std::uint32_t kAbort = 4;  // everything ends, and what is on its way is dropped

  // One more node, and what wakes it.
  void add(event& bell) { bells_.push_back(&bell); }

  std::uint32_t asked() const { return word_.load(std::memory_order_acquire); }
  bool is_paused() const { return (asked() & (kPause | kAbort)) == kPause; }
  // Wakes all nodes, so that they see it; kPause wakes none, because what sleeps stands.
  void ask(std::uint32_t what);
  void take_back(std::uint32_t what);

  // A node's: it stands, though it may go on later; it has ended; it failed for good.
  void stood() {
    change([] {});
  }
  void ended() {
    change([this] { ++ended_; });
  }
  // Fatal: and so everything ends.
  void failed(failure what, bool fatal);

  // Waits until ready() answers true, which is called under the lock. False: the deadline (now_ns()) passed before.
  template <class Ready>
  bool wait_for(Ready ready, std::int64_t deadline_ns);
  bool all_ended() const { return ended_.load(std::memory_order_acquire) == bells_.size(); }

  // Adds the failures and how many there were.
  void add_to(run_report& r) const;
  // What ended the run before its time, if a node did.
  std::optional<error> fatal() const;

 private:
  void ring_all();
  template <class Change>
  void change(Change change) {
    const std::lock_guard lock(mutex_);
    change();
    changed_.notify_all();
  }

  std::atomic<std::uint32_t> word_{0};
  std::vector<event*> bells_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<std::size_t> ended_{0};  // changed under the lock
  std::vector<failure> failures_;
  std::uint64_t failed_ = 0;
  std::optional<error> fatal_;
};

template <class Ready>
bool gate::wait_for(Ready ready, std::int64_t deadline_ns) {
  std::unique_lock lock(mutex_);
  while (!ready()) {
    if (deadline_ns == kNever) {
      changed_.wait(lock);
      continue;
    }
    const std::int64_t left = deadline_ns - now_ns();
    if (left <= 0) return false;
    changed_.wait_for(lock, std::chrono::nanoseconds(std::min(left, std::int64_t{3'600'000'000'000})));
  }
  return true;
}

}  // namespace copycost::graph
