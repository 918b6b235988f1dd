// SPDX-License-Identifier: Apache-2.0
//
// A bus over a store of any design: a publisher appends, and a subscriber follows the log from a checkpoint on.
//
//   log           ... e e e e e e e e e e|     publish(): append, then wake the waiting
//   subscription            ^ position         receive(): the events from here on that match, and the position moves
//
// A subscription is a position in the log and nothing else. Catching up and following live are the same loop (after
// Aeron's and Kafka's consumers), so there is no hand-over between them at which an event could be lost or come twice.
//
// A subscription's capacity says how far its position may be behind the end of the log, in events of the log. Its
// policy says what happens when it is further behind:
//   block        publish() waits until every such subscriber is near enough: at most `capacity` behind after the
//                append, or, where the batch alone is larger than that, not behind at all before it
//   drop_oldest  the position jumps to end - capacity; the next receive() answers `lagged` with the number of matching
//                events missed, once, and then goes on
//   disconnect   receive() answers `lagged` with the number of matching events missed up to the end, once, and `closed`
//                from then on
//
// A subscriber that misses no event that matches has not lagged. Where the events at a position were truncated, the bus
// cannot know which of them would have matched: it counts all as missed, under each policy. Events that were appended
// without the bus are received too, but they wake no subscriber, and no append waits. Errors: as each function says.
//
// Lifetime: the store outlives the bus; the bus, the subscriptions and what they delivered are independent otherwise,
// except that a delivery must go before its subscription.
// Threads: publish(), subscribe() and close() from any; a subscription belongs to the thread that first receives from
// it, which makes its reader of the store, and which also destroys it; unsubscribe() and stats() from any.
// Cost: publishing takes a lock twice beside the append; receiving takes it twice and looks at each event once. Nothing
// is copied, and nothing is allocated for a delivery beyond what the store's list takes.
#pragma once
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "harness/base/check.h"
#include "scenarios/event_store/contract.h"
#include "scenarios/event_store/record/filter.h"

namespace copycost::event_store {

enum class lag_policy : std::uint8_t { block, drop_oldest, disconnect };

struct subscription_options {
  std::uint64_t capacity = 1024;  // events of the log, matching or not; at least 1
  lag_policy policy = lag_policy::block;
};

struct subscription_stats {
  std::uint64_t delivered = 0, missed = 0;  // events that matched
  std::uint64_t lag = 0;                    // events of the log between the position and what was published
  sequence position = 0;                    // of the next event to be looked at
  bool closed = false;
};

inline constexpr std::chrono::nanoseconds kForever = std::chrono::nanoseconds::max();

// Where every subscriber is, and who waits for whom: all of a bus that does not read the log. Threads: safe.
class bus_positions {
 public:
  using clock = std::chrono::steady_clock;
  struct subscriber {
    sequence position = 0;
    subscription_options options;
    std::uint64_t delivered = 0, missed = 0;
    bool closed = false;
  };
  using subscriber_ptr = std::shared_ptr<subscriber>;  // what it points to is guarded by mutex_

  // None: without a limit.
  static std::optional<clock::time_point> deadline(std::chrono::nanoseconds patience);

  // Before an append: waits until `events` more do not leave any subscriber too far behind, and keeps that room.
  // Errors: timed_out, closed.
  result<void> reserve(std::uint64_t events, std::chrono::nanoseconds patience);
  // After it: gives the room back; the log goes up to `end` at least. 0: nothing was appended.
  void settle(std::uint64_t events, sequence end);

  // Errors: closed.
  result<subscriber_ptr> add(sequence position, sequence end, const subscription_options& o);
  bool is_closed(const subscriber& s) const;
  void move(subscriber& s, sequence to, std::uint64_t delivered, std::uint64_t missed);
  // Waits until something was published behind `seen`. Errors: timed_out; closed: nothing will be.
  result<void> wait(const subscriber& s, sequence seen, std::optional<clock::time_point> until);
  void remove(const subscriber_ptr& s);
  void close();
  subscription_stats stats(const subscriber& s) const;

 private:
  bool has_room(std::uint64_t events) const;

  mutable std::mutex mutex_;
  std::condition_variable grew_, room_;      // receivers wait for the first, publishers for the second
  std::vector<subscriber_ptr> subscribers_;  // that are not closed
  sequence end_ = 0;                         // of what was published, as far as it is known
  std::uint64_t reserved_ = 0;               // events of appends that go on
  bool closed_ = false;
};

// Events of the store, shared and not copied: those of a list that match. VALID UNTIL: it is destroyed, so are the
// events that it shows. It goes before its subscription, in the same thread.
template <class List>
class delivery {
 public:
  delivery(List list, const filter* wanted, std::size_t size, sequence last)
      : list_(std::move(list)), wanted_(wanted), size_(size), last_(last) {}
  std::size_t size() const { return size_; }  // never 0
  // Where a subscription goes on that follows this one.
  sequence checkpoint() const { return last_; }
  template <class F>
  void for_each(F f) const {
    std::size_t left = size_;
    list_.for_each([&](const event_view& e) {
      if (!wanted_->matches(e)) return true;
      --left;
      return visit(f, e) && left > 0;
    });
  }

 private:
  List list_;
  const filter* wanted_;
  std::size_t size_;
  sequence last_;
};

// One that follows the log. Movable until it has received something.
template <class Store>
class subscription {
  using reader = typename decltype(std::declval<Store&>().reader())::value_type;
  using list = typename decltype(std::declval<reader&>().read(sequence(), std::size_t()))::value_type;

 public:
  using delivered = delivery<list>;

  subscription(Store& store, std::shared_ptr<bus_positions> bus, bus_positions::subscriber_ptr me, sequence position,
               filter wanted)
      : store_(&store),
        bus_(std::move(bus)),
        me_(std::move(me)),
        position_(position),
        wanted_(std::make_unique<const filter>(std::move(wanted))) {}
  subscription(subscription&&) noexcept = default;
  subscription& operator=(subscription&& o) noexcept {
    if (this != &o) {
      this->~subscription();
      new (this) subscription(std::move(o));
    }
    return *this;
  }
  ~subscription() { unsubscribe(); }

  // Up to `max` events that match. Waits until there is one, but no longer than that. REQUIRES: max > 0.
  // Errors: lagged, timed_out, closed (the bus is, and all was received; or this is); those of the store's reader.
  result<delivered> receive(std::size_t max, std::chrono::nanoseconds patience = kForever) {
    const auto until = bus_positions::deadline(patience);
    for (;;) {
      auto got = next(max);
      if (!got.ok()) return got.error();
      if (got.value()) return std::move(*got.value());
      if (const auto more = bus_->wait(*me_, seen_, until); !more.ok()) return more.error();
    }
  }
  // Without waiting. Errors: as receive(); timed_out: there is nothing.
  result<delivered> try_receive(std::size_t max) { return receive(max, std::chrono::nanoseconds(0)); }

  // Wakes the thread that receives here, and lets publishers go on. Nothing is received after it.
  void unsubscribe() {
    if (bus_ != nullptr) bus_->remove(me_);
  }
  subscription_stats stats() const { return bus_->stats(*me_); }

 private:
  static constexpr std::size_t kStep = 1024;  // events looked at between two looks at the range

  // What matches and is there already; nothing where nothing does.
  result<std::optional<delivered>> next(std::size_t max) {
    COPYCOST_REQUIRE(max > 0);
    if (bus_->is_closed(*me_)) return error{.code = errc::closed};
    if (!reader_) {
      auto r = store_->reader();
      if (!r.ok()) return r.error();
      reader_.emplace(std::move(r).value());
    }
    for (;;) {
      const bounds there = range_of(*reader_);
      seen_ = there.end;
      if (const auto kept_up = keep_up(there); !kept_up.ok()) return kept_up.error();
      if (position_ >= there.end) return std::optional<delivered>();
      const std::size_t step = wanted_->wants_everything() ? std::min(max, kStep) : kStep;
      auto part = read(position_, std::min<sequence>(there.end, position_ + step));
      if (!part.ok()) return part.error();
      if (!part.value()) continue;
      std::size_t matching = 0;
      sequence last = position_;
      part.value()->for_each([&](const event_view& e) {
        last = e.seq();
        return !wanted_->matches(e) || ++matching < max;
      });
      move(last + 1, matching, 0);
      if (matching > 0)
        return std::optional<delivered>(std::in_place, std::move(*part.value()), wanted_.get(), matching, last);
    }
  }

  // Events [from, to), or nothing where the first one is not there any more.
  result<std::optional<list>> read(sequence from, sequence to) {
    auto part = reader_->read(from - 1, static_cast<std::size_t>(to - from));
    if (!part.ok() && part.error().code != errc::checkpoint_not_found) return part.error();
    if (!part.ok()) return std::optional<list>();
    bool whole = false;  // in front of sequence 0 is kStart, which is there whatever was truncated
    part->for_each([&](const event_view& e) {
      whole = e.seq() == from;
      return false;
    });
    if (!whole) return std::optional<list>();
    return std::optional<list>(std::move(part).value());
  }

  // Moves the position to where the policy lets it be. Errors: lagged.
  result<void> keep_up(bounds there) {
    const subscription_options o = options_of(*me_);
    const sequence from = std::max(position_, there.first);
    const bool behind = o.policy != lag_policy::block && there.end > from && there.end - from > o.capacity;
    if (from == position_ && !behind) return {};
    sequence to = from;
    if (behind) to = there.end - o.capacity;
    if (o.policy == lag_policy::disconnect) to = there.end;
    const auto missed = missed_before(to);
    if (!missed.ok()) return missed.error();
    move(to, 0, missed.value());
    if (missed.value() == 0) return {};
    if (o.policy == lag_policy::disconnect) unsubscribe();
    return error{.code = errc::lagged, .got = missed.value()};
  }

  // Events from the position on that match, and those that are not there any more.
  result<std::uint64_t> missed_before(sequence to) {
    std::uint64_t missed = 0;
    for (sequence from = position_; from < to;) {
      auto part = read(from, std::min<sequence>(to, from + kStep));
      if (!part.ok()) return part.error();
      if (part.value()) {
        part.value()->for_each([&](const event_view& e) {
          missed += wanted_->matches(e);
          from = e.seq() + 1;
        });
      } else {
        const sequence first = std::min(to, range_of(*reader_).first);
        missed += first - from;
        from = first;
      }
    }
    return missed;
  }

  void move(sequence to, std::uint64_t matching, std::uint64_t missed) {
    position_ = to;
    bus_->move(*me_, to, matching, missed);
  }
  static subscription_options options_of(const bus_positions::subscriber& s) { return s.options; }  // never changes

  Store* store_;
  std::shared_ptr<bus_positions> bus_;
  bus_positions::subscriber_ptr me_;
  sequence position_;
  std::unique_ptr<const filter> wanted_;
  std::optional<reader> reader_;
  sequence seen_ = 0;
};

template <class D>
class bus {
 public:
  using store = typename D::store;

  explicit bus(store& s) : store_(&s), positions_(std::make_shared<bus_positions>()) {}
  ~bus() { close(); }
  bus(const bus&) = delete;
  bus& operator=(const bus&) = delete;

  // Appends, and wakes the subscribers that wait. Errors: as the store's append(); timed_out: a subscriber is too far
  // behind, and nothing was appended; closed.
  result<appended> publish(std::span<const draft> batch, std::optional<sequence> expected = {},
                           std::chrono::nanoseconds patience = kForever) {
    if (const auto room = positions_->reserve(batch.size(), patience); !room.ok()) return room.error();
    auto done = store_->append(batch, expected);
    positions_->settle(batch.size(), done.ok() ? done->last + 1 : 0);
    return done;
  }

  // Follows the log behind a checkpoint. Errors: checkpoint_not_found, closed, bad_options (got: 1, the capacity);
  // store_full (no place for a reader).
  result<subscription<store>> subscribe(sequence after, filter wanted = {}, subscription_options o = {}) {
    if (o.capacity == 0) return error{.code = errc::bad_options, .got = 1};
    auto reader = store_->reader();
    if (!reader.ok()) return reader.error();
    const bounds there = range_of(*reader);
    const auto from = behind(after, there);
    if (!from.ok()) return from.error();
    auto me = positions_->add(from.value(), there.end, o);
    if (!me.ok()) return me.error();
    return subscription<store>(*store_, positions_, std::move(me).value(), from.value(), std::move(wanted));
  }

  // Nothing is published any more; what was is still received, and then `closed`. Wakes all.
  void close() { positions_->close(); }

 private:
  store* store_;
  std::shared_ptr<bus_positions> positions_;
};

}  // namespace copycost::event_store
