// SPDX-License-Identifier: Apache-2.0
//
// One producer shows each item to all of n readers, in order. A reader looks at an item where it is and passes it; no
// reader owns one, and no owner is counted. The producer drops what all have passed.
//
//   slots  [ ][ ][i][i][i][i][ ][ ]     slot = count % capacity
//       dropped ^  ^   ^     ^ published
//            reader 0  reader 1
//
// Bounded in items and in bytes by what is not dropped. The producer looks where the readers are when it needs room, at
// each quarter of the capacity, and when it is asked to (drop_passed).
//
// Lifetime: owns the items that are in it. Empty is called with items that are dropped, side by side, so that a design
// counts a batch down at once; they may be left as they are.
// Threads: one producer; each reader is one at a time. Counts are for any.
// Cost: a publish is a store, and a load for each reader's event; a look is a load for each reader, mostly a miss. A
// reader looks at the producer's counter only when it has passed all that it knows.
// Source: Thompson et al., "Disruptor: high performance alternative to bounded queues" (2011).
#pragma once
#include <atomic>
#include <memory>

#include "scenarios/graph/error.h"
#include "scenarios/graph/run/channel/event.h"
#include "scenarios/graph/run/channel/limits.h"
#include "scenarios/graph/run/channel/multicast_reader.h"
#include "scenarios/graph/run/channel/slots.h"

namespace copycost::graph {

struct leave_as_is {
  template <class Items>
  void operator()(Items&&) const {}
};

struct multicast_stats {
  std::uint64_t published = 0, dropped = 0, published_bytes = 0, dropped_bytes = 0;
  std::uint64_t waits = 0;                       // calls of publish() that could not go on at once
  std::uint64_t items_high = 0, bytes_high = 0;  // the most that a look found
};

template <class I, class Empty = leave_as_is>
class multicast {
 public:
  using item = I;
  using reader = multicast_reader<I>;
  // REQUIRES: at least one reader.
  multicast(const channel_limits& limits, unsigned readers, Empty empty = {})
      : limits_((check(limits), limits)),
        slots_(limits.items),
        totals_(new std::uint64_t[limits.items]),
        readers_(new reader[readers]),
        reader_count_(readers),
        empty_(std::move(empty)) {
    COPYCOST_REQUIRE(readers > 0);
    for (unsigned k = 0; k < readers; ++k) readers_[k].join(slots_, line_);
  }
  ~multicast() { slots_.drop(dropped_.load(kRelaxed), next_, empty_); }
  multicast(const multicast&) = delete;
  multicast& operator=(const multicast&) = delete;

  // VALID UNTIL: this is destroyed. REQUIRES: k < readers().
  reader& at(unsigned k) { return readers_[k]; }
  unsigned readers() const { return reader_count_; }
  // What readers notify; null: its own. REQUIRES: no thread uses it yet. Readers have their own set_event().
  void set_event(event* of_producer) { line_.to_producer = of_producer != nullptr ? of_producer : &line_.own; }

  // The producer's. An item is moved from only on success.

  // Errors: full, closed (also: all readers have left), too_large.
  result<void> try_publish(I& one) {
    if (const auto taken = put(one); !taken.ok()) return taken;
    show();
    return {};
  }
  // Waits for room until the deadline, on the clock of now_ns(). Errors: late, closed, too_large.
  result<void> publish(I& one, std::int64_t deadline_ns);
  // As many of the first as there is room for; readers see all of them at once. Errors: closed, and too_large where the
  // first one is.
  result<std::size_t> publish_some(std::span<I> items);
  // Drops what all readers have passed; answers how many items are left.
  std::size_t drop_passed();
  // Nothing comes after what is published.
  void close() {
    line_.closed.store(true, std::memory_order_release);
    for (unsigned k = 0; k < reader_count_; ++k) readers_[k].notify();
  }

  // For any thread; exact while no other call runs.
  multicast_stats stats() const;

 private:
  static constexpr auto kRelaxed = std::memory_order_relaxed;
  std::uint64_t& total(std::uint64_t count) { return totals_[(count - 1) & (limits_.items - 1)]; }
  bool fits(std::uint64_t bytes) const {
    return next_ - dropped_.load(kRelaxed) < limits_.items &&
           bytes <= limits_.bytes - (bytes_.load(kRelaxed) - dropped_bytes_.load(kRelaxed));
  }
  result<void> put(I& one);
  void show() {
    line_.published.store(next_, std::memory_order_release);
    for (unsigned k = 0; k < reader_count_; ++k) readers_[k].notify();
  }

  const channel_limits limits_;
  slots<I> slots_;
  const std::unique_ptr<std::uint64_t[]> totals_;  // the producer's alone
  const std::unique_ptr<reader[]> readers_;
  const unsigned reader_count_;
  [[no_unique_address]] Empty empty_;
  multicast_line line_;
  std::uint64_t next_ = 0, look_at_ = 0;
  bool all_left_ = false;
  std::atomic<std::uint64_t> bytes_{0}, dropped_{0}, dropped_bytes_{0}, waits_{0}, items_high_{0}, bytes_high_{0};
};

template <class I, class Empty>
result<void> multicast<I, Empty>::put(I& one) {
  if (all_left_ || line_.closed.load(kRelaxed)) return error{errc::closed};
  const std::uint64_t bytes = bytes_of(one);
  if (!fits(bytes) || next_ >= look_at_) [[unlikely]] {
    drop_passed();
    if (all_left_) return error{errc::closed};
    if (bytes > limits_.bytes) return error{errc::too_large, 0, limits_.bytes, bytes};
    if (!fits(bytes)) return error{errc::full};
  }
  slots_.put(next_, one);
  const std::uint64_t all = bytes_.load(kRelaxed) + bytes;
  total(++next_) = all;
  bytes_.store(all, kRelaxed);
  return {};
}

template <class I, class Empty>
result<void> multicast<I, Empty>::publish(I& one, std::int64_t deadline_ns) {
  auto done = try_publish(one);
  if (done.ok() || done.error().code != errc::full) return done;
  waits_.store(waits_.load(kRelaxed) + 1, kRelaxed);
  const auto ready = [&, bytes = bytes_of(one)] {
    drop_passed();
    return all_left_ || fits(bytes);
  };
  if (!line_.to_producer->wait_until(ready, deadline_ns)) return error{errc::late};
  return try_publish(one);
}

template <class I, class Empty>
result<std::size_t> multicast<I, Empty>::publish_some(std::span<I> items) {
  for (std::size_t n = 0; n < items.size(); ++n) {
    const auto taken = put(items[n]);
    if (taken.ok()) continue;
    if (n == 0 && taken.error().code != errc::full) return taken.error();
    if (n > 0) show();
    return n;
  }
  if (!items.empty()) show();
  return items.size();
}

template <class I, class Empty>
std::size_t multicast<I, Empty>::drop_passed() {
  std::uint64_t passed = reader::kGone;
  for (unsigned k = 0; k < reader_count_; ++k) passed = std::min(passed, readers_[k].position());
  all_left_ = passed == reader::kGone;
  passed = std::min(passed, next_);
  const std::uint64_t from = dropped_.load(kRelaxed);
  items_high_.store(std::max(items_high_.load(kRelaxed), next_ - from), kRelaxed);
  bytes_high_.store(std::max(bytes_high_.load(kRelaxed), bytes_.load(kRelaxed) - dropped_bytes_.load(kRelaxed)),
                    kRelaxed);
  if (passed != from) {
    dropped_bytes_.store(total(passed), kRelaxed);
    slots_.drop(from, passed, empty_);
    dropped_.store(passed, kRelaxed);
  }
  look_at_ = next_ + std::max<std::uint64_t>(limits_.items / 4, 1);
  return static_cast<std::size_t>(next_ - passed);
}

template <class I, class Empty>
multicast_stats multicast<I, Empty>::stats() const {
  return {.published = line_.published.load(std::memory_order_acquire),
          .dropped = dropped_.load(kRelaxed),
          .published_bytes = bytes_.load(kRelaxed),
          .dropped_bytes = dropped_bytes_.load(kRelaxed),
          .waits = waits_.load(kRelaxed),
          .items_high = items_high_.load(kRelaxed),
          .bytes_high = bytes_high_.load(kRelaxed)};
}

}  // namespace copycost::graph
