// SPDX-License-Identifier: Apache-2.0
//
// A bounded queue of items between two threads, in items and in bytes: one pushes, one pops, neither locks.
//
//   producer                                                                consumer
//   push, push_some --> slots  [ ][i][i][i][ ][ ][ ][ ]  --> pop, pop_some     slot = count % capacity
//   close()             totals [ ][b][b][b][ ][ ][ ][ ]      abandon()         bytes pushed up to and with that item
//                             popped ^        ^ pushed
//
// Orderly end: the producer closes; the consumer pops what is in it, and then its pops answer `closed`. The other way
// round the consumer abandons: what is in it is dropped and counted, and pushes answer `closed`.
//
// Lifetime: owns the items that are in it.
// Threads: one producer and one consumer, each one at a time; size(), bytes(), stats() and the questions is_...() from
// any. Each side has an event that the other notifies.
// Cost: each side looks at the other's counters only when its last look no longer helps. A batch is published by one
// store. The consumer does not touch an item to know its bytes.
// Source: Lamport, "Proving the correctness of multiprocess programs" (1977); remembered counters after Lee et al., "A
// lock-free, cache-efficient shared ring buffer for multi-core architectures" (2009).
#pragma once
#include <atomic>
#include <memory>

#include "scenarios/graph/error.h"
#include "scenarios/graph/run/channel/event.h"
#include "scenarios/graph/run/channel/limits.h"
#include "scenarios/graph/run/channel/slots.h"

namespace copycost::graph {

template <class I>
class channel {
 public:
  using item = I;
  explicit channel(const channel_limits& limits = {})
      : limits_((check(limits), limits)), slots_(limits.items), totals_(new std::uint64_t[limits.items]) {}
  ~channel() { drop_rest(); }
  channel(const channel&) = delete;
  channel& operator=(const channel&) = delete;

  // What a push and close() notify, and what a pop and abandon() do; null: the channel's own. pop() and push() wait for
  // these. REQUIRES: no thread uses the channel yet. The events outlive it.
  void set_events(event* of_consumer, event* of_producer) {
    to_consumer_ = of_consumer != nullptr ? of_consumer : &own_consumer_;
    to_producer_ = of_producer != nullptr ? of_producer : &own_producer_;
  }

  // The producer's. An item is moved from only on success.

  // Errors: full, closed (also: abandoned), too_large.
  result<void> try_push(I& one) {
    if (ends_.load(kAcquire) != 0) [[unlikely]]
      return refuse();
    const std::uint64_t bytes = bytes_of(one), at = pusher_.done.load(kRelaxed);
    if (!has_room(bytes)) [[unlikely]]
      return bytes > limits_.bytes ? error{errc::too_large, 0, limits_.bytes, bytes} : error{errc::full};
    slots_.put(at, one);
    publish(pusher_, at + 1, total(at + 1) = pusher_.bytes.load(kRelaxed) + bytes);
    to_consumer_->notify();
    return {};
  }
  // Waits for room until the deadline, on the clock of now_ns(). Errors: late, closed, too_large.
  result<void> push(I& one, std::int64_t deadline_ns) {
    const auto pushed = try_push(one);
    return pushed.ok() || pushed.error().code != errc::full ? pushed : push_later(one, deadline_ns);
  }
  // As many of the first as there is room for; the consumer sees all of them at once. Errors: closed, and too_large
  // where the first one is.
  result<std::size_t> push_some(std::span<I> items);
  // Whether try_push() would find room for an item of so many bytes.
  bool has_room(std::uint64_t bytes) {
    if (fits(bytes)) [[likely]]
      return true;
    look_at_popper();
    return fits(bytes);
  }
  // Nothing comes after what is in it. REQUIRES: no push runs.
  void close() {
    end(kClosed);
    to_consumer_->notify();
    if ((ends_.load(kAcquire) & kDropped) != 0) drop_rest();
  }

  // The consumer's.

  // Errors: empty; closed: and nothing more comes.
  result<void> try_pop(I& into) {
    const std::uint64_t at = popper_.done.load(kRelaxed);
    if (at == popper_.seen) [[unlikely]]
      if (!look_at_pusher(at)) return error{is_drained() ? errc::closed : errc::empty};
    slots_.take(at, into);
    publish(popper_, at + 1, total(at + 1));
    to_producer_->notify();
    return {};
  }
  // Waits for an item until the deadline, on the clock of now_ns(). Errors: late, closed.
  result<void> pop(I& into, std::int64_t deadline_ns) {
    const auto popped = try_pop(into);
    return popped.ok() || popped.error().code != errc::empty ? popped : pop_later(into, deadline_ns);
  }
  // The oldest, as many as there are and `into` has places for. 0: there is none, now or ever (is_drained()).
  std::size_t pop_some(std::span<I> into);
  // The consumer is gone: pushes answer `closed`, and what is in it is dropped and counted. REQUIRES: no pop runs.
  void abandon() {
    end(kAbandoned);
    to_producer_->notify();
    popper_.seen = popper_.done.load(kRelaxed);
    drop_rest();
    end(kDropped);
  }

  // For any thread.

  bool is_closed() const { return (ends_.load(kAcquire) & kClosed) != 0; }
  bool is_abandoned() const { return (ends_.load(kAcquire) & kAbandoned) != 0; }
  // Nothing more can be popped, now and ever.
  bool is_drained() const {
    const std::uint32_t ends = ends_.load(kAcquire);
    return (ends & kAbandoned) != 0 || ((ends & kClosed) != 0 && size() == 0);
  }
  std::size_t size() const { return static_cast<std::size_t>(inside(&side::done, limits_.items)); }
  std::uint64_t bytes() const { return inside(&side::bytes, limits_.bytes); }
  const channel_limits& limits() const { return limits_; }
  // Exact while no push and no pop runs.
  channel_stats stats() const;

 private:
  static constexpr auto kRelaxed = std::memory_order_relaxed, kAcquire = std::memory_order_acquire,
                        kRelease = std::memory_order_release;
  static constexpr std::uint32_t kClosed = 1, kAbandoned = 2, kDropped = 4;
  using counter = std::atomic<std::uint64_t>;
  struct alignas(kApart) side {
    counter done{0}, bytes{0};               // pushed or popped so far; only grow
    std::uint64_t seen = 0, bytes_seen = 0;  // the other side's, when this one looked last
    counter waits{0}, items_high{0}, bytes_high{0};
    void find(std::uint64_t items, std::uint64_t of_bytes) {
      if (items > items_high.load(kRelaxed)) items_high.store(items, kRelaxed);
      if (of_bytes > bytes_high.load(kRelaxed)) bytes_high.store(of_bytes, kRelaxed);
    }
    void count_wait() { waits.store(waits.load(kRelaxed) + 1, kRelaxed); }
  };
  // Bytes first: who sees the count sees bytes that belong to it, or later ones.
  static void publish(side& by, std::uint64_t count, std::uint64_t bytes) {
    by.bytes.store(bytes, kRelaxed);
    by.done.store(count, kRelease);
  }

  // The bytes of the first `count` items. REQUIRES: the last of them is in the channel, or the caller's own.
  std::uint64_t& total(std::uint64_t count) { return totals_[(count - 1) & (limits_.items - 1)]; }
  // What is pushed and not popped; popped is read first, so it is not ahead.
  std::uint64_t inside(counter side::*what, std::uint64_t most) const {
    if (is_abandoned()) return 0;
    const std::uint64_t popped = (popper_.*what).load(kAcquire);
    return std::min((pusher_.*what).load(kAcquire) - popped, most);
  }

  // By what the pusher knows.
  bool fits(std::uint64_t bytes) const {
    const std::uint64_t inside = pusher_.bytes.load(kRelaxed) - pusher_.bytes_seen;
    return pusher_.done.load(kRelaxed) - pusher_.seen < limits_.items && bytes <= limits_.bytes - inside;
  }
  void look_at_popper() {
    pusher_.seen = popper_.done.load(kAcquire);
    pusher_.bytes_seen = popper_.bytes.load(kRelaxed);
    pusher_.find(pusher_.done.load(kRelaxed) - pusher_.seen, pusher_.bytes.load(kRelaxed) - pusher_.bytes_seen);
  }
  // Whether there is more than `at`.
  bool look_at_pusher(std::uint64_t at) {
    if (is_abandoned()) return false;
    popper_.seen = pusher_.done.load(kAcquire);
    if (popper_.seen == at) return false;
    popper_.find(popper_.seen - at, total(popper_.seen) - popper_.bytes.load(kRelaxed));
    return true;
  }
  void end(std::uint32_t how) { ends_.fetch_or(how, std::memory_order_acq_rel); }
  // A push that ran while the consumer left is dropped by the producer, when it finds out.
  error refuse() {
    if ((ends_.load(kAcquire) & kDropped) != 0) drop_rest();
    return error{errc::closed};
  }
  void drop_rest();
  std::size_t measure(std::span<const I> items, std::uint64_t at, std::uint64_t& bytes);
  result<void> push_later(I& one, std::int64_t deadline_ns);
  result<void> pop_later(I& into, std::int64_t deadline_ns);

  const channel_limits limits_;
  slots<I> slots_;
  const std::unique_ptr<std::uint64_t[]> totals_;
  event* to_consumer_ = &own_consumer_;
  event* to_producer_ = &own_producer_;
  std::atomic<std::uint32_t> ends_{0};
  std::uint64_t dropped_ = 0;  // up to this count; the consumer's until it says kDropped, then the producer's
  side pusher_, popper_;
  event own_consumer_, own_producer_;
};

}  // namespace copycost::graph

#include "scenarios/graph/run/channel/channel_calls.h"
