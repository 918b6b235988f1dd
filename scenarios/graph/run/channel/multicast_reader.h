// SPDX-License-Identifier: Apache-2.0
//
// Part of multicast.h: one reader, and what it shares with the producer.
//
//   reader  peek() --> a view of items that are next --> passed(n)        or for_each_ready(f)
//
// Lifetime: the multicast's.
// Threads: one at a time; position() and missed() from any.
// Cost: one store for all items that are passed at once.
#pragma once
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/base/check.h"
#include "scenarios/graph/run/channel/event.h"
#include "scenarios/graph/run/channel/slots.h"

namespace copycost::graph {

// What the producer writes and readers look at.
struct alignas(kApart) multicast_line {
  std::atomic<std::uint64_t> published{0};
  std::atomic<bool> closed{false};
  event own;
  event* to_producer = &own;
};

template <class I>
class alignas(kApart) multicast_reader {
 public:
  static constexpr std::uint64_t kGone = ~std::uint64_t{0};  // the position of a reader that has left

  // What the producer notifies; null: its own. REQUIRES: no thread uses it yet.
  void set_event(event* of_reader) { to_me_ = of_reader != nullptr ? of_reader : &own_; }

  // The next items, at most so many, side by side: fewer than there are where the slots wrap. Empty: there is none, now
  // or ever (is_drained()). VALID UNTIL: passed().
  std::span<const I> peek(std::size_t at_most = ~std::size_t{0}) {
    const std::uint64_t at = at_.load(std::memory_order_relaxed);
    if (at == seen_) {
      if (at == kGone) return {};
      seen_ = line_->published.load(std::memory_order_acquire);
    }
    const auto ready = static_cast<std::size_t>(std::min<std::uint64_t>(seen_ - at, at_most));
    return {slots_->at(at), slots_->until_end(at, ready)};
  }
  // Done with the first n of peek(): they may be dropped. REQUIRES: n <= its size.
  void passed(std::size_t n) {
    const std::uint64_t at = at_.load(std::memory_order_relaxed);
    COPYCOST_ASSERT(n <= seen_ - at);
    at_.store(at + n, std::memory_order_release);
    line_->to_producer->notify();
  }
  // Calls f(const I&) with each item that is there, at most so many, and passes them; answers how many. When f throws,
  // none of the last stretch is passed.
  template <class F>
  std::size_t for_each_ready(F&& f, std::size_t at_most = ~std::size_t{0}) {
    std::size_t done = 0;
    while (done < at_most) {
      const std::span<const I> some = peek(at_most - done);
      if (some.empty()) break;
      for (const I& one : some) f(one);
      passed(some.size());
      done += some.size();
    }
    return done;
  }
  // Waits for an item or the end until the deadline, on the clock of now_ns(). False: late.
  bool wait(std::int64_t deadline_ns) {
    return to_me_->wait_until([&] { return !peek(1).empty() || is_drained(); }, deadline_ns);
  }
  // Nothing more comes, and all is passed; or this reader has left.
  bool is_drained() const {
    const std::uint64_t at = at_.load(std::memory_order_relaxed);
    return at == kGone ||
           (line_->closed.load(std::memory_order_acquire) && line_->published.load(std::memory_order_acquire) == at);
  }
  // The producer does not wait for this reader any more.
  void leave() {
    const std::uint64_t at = at_.load(std::memory_order_relaxed);
    if (at == kGone) return;
    left_at_.store(at, std::memory_order_relaxed);
    seen_ = kGone;
    at_.store(kGone, std::memory_order_release);
    line_->to_producer->notify();
  }

  // How many items it has passed; kGone: it has left.
  std::uint64_t position() const { return at_.load(std::memory_order_acquire); }
  // How many items were published that it has not passed and never will.
  std::uint64_t missed() const {
    if (position() != kGone) return 0;
    return line_->published.load(std::memory_order_acquire) - left_at_.load(std::memory_order_relaxed);
  }

  // The producer's.
  void join(const slots<I>& all, multicast_line& line) {
    slots_ = &all;
    line_ = &line;
  }
  void notify() { to_me_->notify(); }

 private:
  std::atomic<std::uint64_t> at_{0};
  std::uint64_t seen_ = 0;
  std::atomic<std::uint64_t> left_at_{0};
  const slots<I>* slots_ = nullptr;
  multicast_line* line_ = nullptr;
  event own_;
  event* to_me_ = &own_;
};

}  // namespace copycost::graph
