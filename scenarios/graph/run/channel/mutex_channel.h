// SPDX-License-Identifier: Apache-2.0
//
// The interface of channel.h for many producers and many consumers, behind a mutex.
//
//   producers --> [mutex: slots, totals, counters] --> consumers
//
// Items leave in the order in which they came, so those of one producer reach one consumer in their order. The last
// producer closes and the last consumer abandons; a push or pop that runs then comes before or after as a whole.
//
// Lifetime: owns the items that are in it.
// Threads: safe: a mutex guards all state.
// Cost: the mutex, once a call; push_some() and pop_some() take it once for all their items. A wait sleeps at once.
#pragma once
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <vector>

#include "scenarios/graph/error.h"
#include "scenarios/graph/run/channel/event.h"
#include "scenarios/graph/run/channel/limits.h"
#include "scenarios/graph/run/channel/slots.h"

namespace copycost::graph {

template <class I>
class mutex_channel {
 public:
  using item = I;
  explicit mutex_channel(const channel_limits& limits = {})
      : limits_((check(limits), limits)), slots_(limits.items), totals_(limits.items) {}
  ~mutex_channel() {
    if (!abandoned_) slots_.drop(counts_.popped, counts_.pushed);
  }
  mutex_channel(const mutex_channel&) = delete;
  mutex_channel& operator=(const mutex_channel&) = delete;

  // What a push and close() notify beside the pops that wait, and a pop and abandon() beside the pushes; null: nothing.
  // REQUIRES: no thread uses the channel yet. The events outlive it.
  void set_events(event* of_consumer, event* of_producer) {
    to_consumer_ = of_consumer;
    to_producer_ = of_producer;
  }

  // The producers'. An item is moved from only on success.

  // Errors: full, closed (also: abandoned), too_large.
  result<void> try_push(I& one) { return push_until(one, kNoWait); }
  // Waits for room until the deadline, on the clock of now_ns(). Errors: late, closed, too_large.
  result<void> push(I& one, std::int64_t deadline_ns) { return push_until(one, deadline_ns); }
  // As many of the first as there is room for, side by side. Errors: closed, and too_large where the first one is.
  result<std::size_t> push_some(std::span<I> items);
  // Whether an item of so many bytes would find room now.
  bool has_room(std::uint64_t bytes) const {
    return locked([&] { return fits(bytes); });
  }
  // Nothing comes after what is in it.
  void close() {
    locked([&] { end(closed_); });
    notify(to_consumer_);
  }

  // The consumers'.

  // Errors: empty; closed: and nothing more comes.
  result<void> try_pop(I& into) { return pop_until(into, kNoWait); }
  // Waits for an item until the deadline, on the clock of now_ns(). Errors: late, closed.
  result<void> pop(I& into, std::int64_t deadline_ns) { return pop_until(into, deadline_ns); }
  // The oldest, as many as there are and `into` has places for. 0: there is none, now or ever (is_drained()).
  std::size_t pop_some(std::span<I> into);
  // The consumers are gone: pushes answer `closed`, and what is in it is dropped and counted.
  void abandon() {
    if (!locked([&] { return end(abandoned_); })) return;
    slots_.drop(counts_.popped, counts_.pushed);  // from here on these do not change, and no push or pop touches a slot
    notify(to_producer_);
  }

  // For any thread.

  bool is_closed() const {
    return locked([&] { return closed_; });
  }
  bool is_abandoned() const {
    return locked([&] { return abandoned_; });
  }
  // Nothing more can be popped, now and ever.
  bool is_drained() const {
    return locked([&] { return is_over(); });
  }
  std::size_t size() const {
    return locked([&] { return abandoned_ ? 0 : items_inside(); });
  }
  std::uint64_t bytes() const {
    return locked([&] { return abandoned_ ? 0 : bytes_inside(); });
  }
  const channel_limits& limits() const { return limits_; }
  channel_stats stats() const {
    return locked([&] {
      channel_stats s = counts_;
      s.abandoned = abandoned_ ? items_inside() : 0;
      return s;
    });
  }

 private:
  static constexpr std::int64_t kNoWait = std::numeric_limits<std::int64_t>::min();
  struct waiters {
    std::condition_variable changed;
    std::size_t count = 0;
  };

  template <class Ask>
  auto locked(Ask ask) const {
    const std::lock_guard lock(mutex_);
    return ask();
  }
  static void notify(event* whom) {
    if (whom != nullptr) whom->notify();
  }

  // What follows: REQUIRES: the mutex is locked.
  std::size_t items_inside() const { return static_cast<std::size_t>(counts_.pushed - counts_.popped); }
  std::uint64_t bytes_inside() const { return counts_.pushed_bytes - counts_.popped_bytes; }
  bool fits(std::uint64_t bytes) const {
    return items_inside() < limits_.items && bytes <= limits_.bytes - bytes_inside();
  }
  bool is_over() const { return abandoned_ || (closed_ && items_inside() == 0); }
  // The bytes of the first `count` items. REQUIRES: the last of them is in the channel, or comes or goes now.
  std::uint64_t& total(std::uint64_t count) { return totals_[(count - 1) & (limits_.items - 1)]; }
  // False: it had ended like this before.
  bool end(bool& how) {
    poppers_.changed.notify_all();
    pushers_.changed.notify_all();
    return !std::exchange(how, true);
  }
  void put(I& one, std::uint64_t bytes) {
    slots_.put(counts_.pushed, one);
    total(++counts_.pushed) = counts_.pushed_bytes += bytes;
    counts_.items_high = std::max<std::uint64_t>(counts_.items_high, items_inside());
    counts_.bytes_high = std::max(counts_.bytes_high, bytes_inside());
  }
  void took(std::size_t n) {
    counts_.popped += n;
    counts_.popped_bytes = total(counts_.popped);
    // All of them: what went may be room for a small item and not for a large one that waits longer.
    if (pushers_.count > 0) pushers_.changed.notify_all();
  }
  template <class Ready>
  static bool wait(std::unique_lock<std::mutex>& lock, waiters& among, std::int64_t deadline_ns, Ready ready);
  result<void> push_until(I& one, std::int64_t deadline_ns);
  result<void> pop_until(I& into, std::int64_t deadline_ns);

  const channel_limits limits_;
  slots<I> slots_;
  std::vector<std::uint64_t> totals_;
  event* to_consumer_ = nullptr;
  event* to_producer_ = nullptr;
  mutable std::mutex mutex_;
  waiters poppers_, pushers_;
  bool closed_ = false, abandoned_ = false;
  channel_stats counts_;
};

template <class I>
template <class Ready>
bool mutex_channel<I>::wait(std::unique_lock<std::mutex>& lock, waiters& among, std::int64_t deadline_ns, Ready ready) {
  using clock = std::chrono::steady_clock;  // the one of now_ns()
  ++among.count;
  bool came = true;
  if (deadline_ns == kNever)
    among.changed.wait(lock, ready);
  else
    came = among.changed.wait_until(lock, clock::time_point(std::chrono::nanoseconds(deadline_ns)), ready);
  --among.count;
  return came;
}

template <class I>
result<void> mutex_channel<I>::push_until(I& one, std::int64_t deadline_ns) {
  const std::uint64_t bytes = bytes_of(one);
  std::unique_lock lock(mutex_);
  if (!closed_ && !abandoned_ && !fits(bytes)) {
    if (bytes > limits_.bytes) return error{errc::too_large, 0, limits_.bytes, bytes};
    if (deadline_ns == kNoWait) return error{errc::full};
    ++counts_.waits_push;
    if (!wait(lock, pushers_, deadline_ns, [&] { return closed_ || abandoned_ || fits(bytes); }))
      return error{errc::late};
  }
  if (closed_ || abandoned_) return error{errc::closed};
  put(one, bytes);
  if (poppers_.count > 0) poppers_.changed.notify_one();
  lock.unlock();
  notify(to_consumer_);
  return {};
}

template <class I>
result<std::size_t> mutex_channel<I>::push_some(std::span<I> items) {
  std::unique_lock lock(mutex_);
  if (closed_ || abandoned_) return error{errc::closed};
  std::size_t n = 0;
  for (std::uint64_t bytes = 0; n < items.size() && fits(bytes = bytes_of(items[n])); ++n) put(items[n], bytes);
  if (n == 0 && !items.empty() && bytes_of(items[0]) > limits_.bytes)
    return error{errc::too_large, 0, limits_.bytes, bytes_of(items[0])};
  if (n > 0 && poppers_.count > 0) poppers_.changed.notify_all();
  lock.unlock();
  if (n > 0) notify(to_consumer_);
  return n;
}

template <class I>
result<void> mutex_channel<I>::pop_until(I& into, std::int64_t deadline_ns) {
  std::unique_lock lock(mutex_);
  if (!is_over() && items_inside() == 0) {
    if (deadline_ns == kNoWait) return error{errc::empty};
    ++counts_.waits_pop;
    if (!wait(lock, poppers_, deadline_ns, [&] { return is_over() || items_inside() > 0; })) return error{errc::late};
  }
  if (is_over()) return error{errc::closed};
  slots_.take(counts_.popped, into);
  took(1);
  lock.unlock();
  notify(to_producer_);
  return {};
}

template <class I>
std::size_t mutex_channel<I>::pop_some(std::span<I> into) {
  std::unique_lock lock(mutex_);
  const std::size_t n = is_over() ? 0 : std::min(into.size(), items_inside());
  if (n == 0) return 0;
  slots_.take(counts_.popped, into.first(n));
  took(n);
  lock.unlock();
  notify(to_producer_);
  return n;
}

}  // namespace copycost::graph
