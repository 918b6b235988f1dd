// SPDX-License-Identifier: Apache-2.0
//
// Laws about the bus in one thread: what is delivered, what lagging means under each policy, and who must wait.
#include <algorithm>

#include "scenarios/common/laws/law_list.h"
#include "scenarios/event_store/follow/bus.h"
#include "scenarios/event_store/laws/twin.h"
#include "scenarios/event_store/laws/wanted.h"

namespace copycost::event_store::properties {
namespace {

using any_bus = bus<any_design>;
using any_subscription = subscription<any_store>;

// What a subscription should do, by the oracle's store.
struct model_subscription {
  sequence position;
  subscription_options options;
  wanted what;
  std::uint64_t delivered = 0, missed = 0;
  bool closed = false;

  std::uint64_t matching(const model_snapshot& s, sequence from, sequence to) const {
    return static_cast<std::uint64_t>(std::ranges::count_if(
        s.events, [&](const event_ptr& e) { return e->seq >= from && e->seq < to && what.matches(*e); }));
  }
  // How many events it has lost, once the bus says so; moves on.
  std::uint64_t catch_up(const model_snapshot& s) {
    const bounds b = s.range();
    const sequence from = std::max(position, b.first);
    const bool behind = options.policy != lag_policy::block && b.end - from > options.capacity;
    if (from == position && !behind) return 0;
    const sequence to = options.policy == lag_policy::disconnect ? b.end : behind ? b.end - options.capacity : from;
    const std::uint64_t lost = from - position + matching(s, from, to);
    position = to;
    return lost;
  }
  result<model_list> receive(const model_snapshot& s, std::size_t max, bool bus_closed) {
    if (closed) return error{.code = errc::closed};
    if (const std::uint64_t lost = catch_up(s); lost > 0) {
      missed += lost;
      closed = options.policy == lag_policy::disconnect;
      return error{.code = errc::lagged, .got = lost};
    }
    model_list out;
    while (position < s.range().end && out.size() < max) {
      const event_ptr& e = s.events[position++ - s.first];
      if (what.matches(*e)) out.push_back(e);
    }
    delivered += out.size();
    if (out.empty()) return error{.code = bus_closed ? errc::closed : errc::timed_out};
    return out;
  }
  bool has_room(sequence end, std::uint64_t events) const {
    const std::uint64_t lag = end > position ? end - position : 0;
    return closed || options.policy != lag_policy::block || lag == 0 || lag + events <= options.capacity;
  }
};

struct follower {
  any_subscription design;
  model_subscription model;
};

void check_delivered(const result<any_subscription::delivered>& got, const result<model_list>& expected) {
  if (!agree(got, expected)) return;
  RC_ASSERT(got->size() == expected->size());
  std::size_t seen = 0;
  got->for_each([&](const event_view& e) {
    RC_ASSERT(seen < expected->size());
    const std::string text = event_store::difference(e, *expected.value()[seen++]);
    no_difference(text);
  });
  RC_ASSERT(seen == expected->size());
  std::size_t calls = 0;
  got->for_each([&](const event_view&) { return ++calls < 2; });
  RC_ASSERT(calls == std::min<std::size_t>(2, seen));
}

struct meeting {
  twin t;
  any_bus line;
  std::vector<std::unique_ptr<follower>> followers{};
  bool closed = false;

  meeting(facade_maker make, const store_options& o) : t(make, o), line(t.store()) {}

  void publish(const std::vector<owned_draft>& batch) {
    const sequence end = t.range().end;
    const bool room =
        std::ranges::all_of(followers, [&](const auto& f) { return f->model.has_room(end, batch.size()); });
    result<appended> expected = error{.code = closed ? errc::closed : errc::timed_out};
    if (room && !closed) expected = t.model().append(views(batch));  // the twin's append goes past the bus
    const auto got = line.publish(views(batch), {}, std::chrono::nanoseconds(0));
    if (agree(got, expected)) RC_ASSERT(got->last == expected->last);
  }
  void subscribe() {
    const sequence after = draw_checkpoint("after", t.range());
    subscription_options o;
    o.policy = static_cast<lag_policy>(draw_number("policy", 0, 2));
    o.capacity = draw_number("capacity", 0, 30);
    const wanted what = draw_wanted();
    classify(what);
    auto got = line.subscribe(after, what.as_filter(), o);
    const auto from = t.model().snapshot().read(after);
    result<sequence> expected = error{.code = errc::bad_options, .got = 1};
    if (o.capacity > 0) {
      if (!from.ok())
        expected = from.error();
      else if (closed)
        expected = error{.code = errc::closed};
      else
        expected = t.range().end - from->size();
    }
    if (!agree(got, expected)) return;
    followers.push_back(
        std::make_unique<follower>(follower{std::move(got).value(), {expected.value(), o, what, 0, 0, false}}));
  }
  void receive(follower& f, std::size_t max) {
    const auto got = f.design.try_receive(max);
    check_delivered(got, f.model.receive(t.model().snapshot(), max, closed));
  }
  void check_stats(const follower& f) {
    const subscription_stats s = f.design.stats();
    RC_ASSERT(s.delivered == f.model.delivered);
    RC_ASSERT(s.missed == f.model.missed);
    RC_ASSERT(s.position == f.model.position);
    RC_ASSERT(s.closed == f.model.closed);
    RC_ASSERT(s.lag == t.range().end - f.model.position);
  }
};

void bus_is_the_oracles(facade_maker make) {
  store_options o = draw_options();
  o.events_max = draw_bool("retention") ? draw_number("events_max", 1, 40) : 0;
  meeting m(make, o);
  rng random = draw_rng("content");
  const style looks{.names = 4, .small = true};
  if (const std::uint64_t before = draw_number("before", 0, 20); before > 0)
    m.t.append(random_batch(random, before, looks));
  m.subscribe();
  for (std::uint64_t n = draw_number("steps", 1, 40); n > 0; --n) {
    follower* f = m.followers.empty() ? nullptr : m.followers[random.below(m.followers.size())].get();
    switch (random.below(12)) {
      case 0:
        if (m.followers.size() < 4) m.subscribe();
        break;
      case 1:
        m.t.truncate(m.t.range().first + random.below(m.t.range().count() + 1));
        break;
      case 2:
        if (random.below(8) == 0) {
          m.line.close();
          m.closed = true;
        }
        break;
      case 3:
        if (f != nullptr && random.below(6) == 0) {
          f->design.unsubscribe();
          f->model.closed = true;
        }
        break;
      case 4:
      case 5:
      case 6:
        if (f != nullptr) m.receive(*f, 1 + random.below(12));
        break;
      default:
        m.publish(random_batch(random, random.below(15) == 0 ? 0 : random_batch_size(random), looks));
    }
    for (const auto& each : m.followers) m.check_stats(*each);
  }
  for (const auto& each : m.followers)  // to the end
    for (int i = 0; i < 3; ++i) m.receive(*each, 1000);
}

// What each number means, one by one: the smallest cases of the law above.
void lag_is_told_once_and_exactly(facade_maker make) {
  const std::uint64_t capacity = draw_number("capacity", 1, 20), events = draw_number("events", 0, 60),
                      max = draw_number("max", 1, 20);
  twin t(make, draw_options());
  any_bus line(t.store());
  rng random = draw_rng("content");
  auto dropping = must(line.subscribe(kStart, {}, {capacity, lag_policy::drop_oldest}));
  auto cut = must(line.subscribe(kStart, {}, {capacity, lag_policy::disconnect}));
  for (std::uint64_t i = 0; i < events; ++i) must(line.publish(views(random_batch(random, 1, {.small = true}))));
  const bounds b = t.reader().snapshot().range();
  if (events > capacity) {
    const error lost{.code = errc::lagged, .got = events - capacity}, all{.code = errc::lagged, .got = events};
    const auto told = dropping.try_receive(max), told_too = cut.try_receive(max);
    RC_ASSERT_FALSE(told.ok());
    RC_ASSERT((told.error() == lost));
    RC_ASSERT_FALSE(told_too.ok());
    RC_ASSERT((told_too.error() == all));
    for (int i = 0; i < 3; ++i) {
      const auto closed = cut.try_receive(max);
      RC_ASSERT_FALSE(closed.ok());
      RC_ASSERT((closed.error() == error{.code = errc::closed}));
    }
  }
  sequence next = b.end - std::min(events, capacity);
  while (next < b.end) {
    const auto got = dropping.try_receive(max);
    if (!got.ok()) RC_FAIL("nothing more at " + std::to_string(next) + ": " + to_string(got.error()));
    RC_ASSERT(got->size() <= max);
    got->for_each([&](const event_view& e) { RC_ASSERT(e.seq() == next++); });
    RC_ASSERT(got->checkpoint() == next - 1);
  }
  const auto none = dropping.try_receive(max);
  RC_ASSERT_FALSE(none.ok());
  RC_ASSERT((none.error() == error{.code = errc::timed_out}));
}

// A publisher that finds no room appends nothing; room is where the subscriber has received.
void block_refuses_without_patience(facade_maker make) {
  const std::uint64_t capacity = draw_number("capacity", 1, 12), batch = draw_number("batch", 1, 15);
  twin t(make, draw_options());
  any_bus line(t.store());
  rng random = draw_rng("content");
  auto slow = must(line.subscribe(kStart, {}, {capacity, lag_policy::block}));
  std::uint64_t lag = 0, accepted = 0;
  for (std::uint64_t n = draw_number("steps", 1, 30); n > 0; --n) {
    if (random.below(3) == 0) {
      const auto got = slow.try_receive(1 + random.below(5));
      RC_ASSERT(got.ok() == (lag > 0));
      if (got.ok()) lag -= got->size();
      continue;
    }
    const auto done =
        line.publish(views(random_batch(random, batch, {.small = true})), {}, std::chrono::nanoseconds(0));
    RC_ASSERT(done.ok() == (lag == 0 || lag + batch <= capacity));
    if (done.ok()) {
      lag += batch;
      accepted += batch;
    } else
      RC_ASSERT((done.error() == error{.code = errc::timed_out}));
    RC_ASSERT(t.reader().snapshot().range().count() == accepted);
    RC_ASSERT(slow.stats().lag == lag);
  }
  slow.unsubscribe();
  must(line.publish(views(random_batch(random, 100, {.small = true})), {}, std::chrono::nanoseconds(0)));
}

// Deliveries share the store's events, and keep them however the store goes on.
void deliveries_keep_their_events(facade_maker make) {
  store_options o = draw_options();
  o.events_max = draw_number("events_max", 20, 50);
  twin t(make, o);
  any_bus line(t.store());
  rng random = draw_rng("content");
  auto s = must(line.subscribe(kStart));
  std::vector<std::pair<any_subscription::delivered, model_list>> kept;
  for (std::uint64_t n = draw_number("rounds", 1, 12); n > 0; --n) {
    t.append(random_batch(random, 1 + random.below(20)));  // beside the bus: no subscriber is woken, but they are there
    kept.emplace_back(must(s.try_receive(1000)), model_list());
    const sequence last = kept.back().first.checkpoint();
    RC_ASSERT(last == t.range().last());
    kept.back().second = must(t.model().snapshot().read(last - kept.back().first.size()));
    for (const auto& [got, expected] : kept) {
      std::size_t i = 0;
      got.for_each([&, &events = expected](const event_view& e) {
        const std::string text = event_store::difference(e, *events[i++]);
        no_difference(text);
      });
      RC_ASSERT(i == expected.size());
    }
  }
}

}  // namespace

law_list following() {
  return {
      law_of<bus_is_the_oracles>(
          "what subscriptions receive, miss and wait for is what the oracle says, in any order of steps",
          {.cost = 2, .draws = kFilterClasses}),
      law_of<lag_is_told_once_and_exactly>(
          "who is too far behind is told once how many events are missed, then what follows"),
      law_of<block_refuses_without_patience>(
          "a publisher that may not wait appends nothing while a subscriber is too far behind"),
      law_of<deliveries_keep_their_events>("a delivery shows the same events whatever is appended and truncated later",
                                           {.cost = 2}),
  };
}

}  // namespace copycost::event_store::properties
