// SPDX-License-Identifier: Apache-2.0
//
// Laws about the bus in threads: the hand-over from catching up to live, publishers that wait, and waking up.
#include <algorithm>
#include <latch>
#include <thread>

#include "harness/base/now.h"
#include "scenarios/common/laws/law_list.h"
#include "scenarios/event_store/follow/bus.h"
#include "scenarios/event_store/laws/marks.h"
#include "scenarios/event_store/laws/twin.h"
#include "scenarios/event_store/laws/wanted.h"

namespace copycost::event_store::properties {
namespace {

using any_bus = bus<any_design>;

// What one subscriber has seen.
struct witness {
  sequence from = 0;  // the first sequence that it asked for
  std::vector<sequence> seen;
  std::uint64_t missed = 0, lags = 0;
  bool cut = false;
};

// Receives until the bus is closed.
void follow(any_store& store, any_bus& line, const wanted& what, subscription_options o, std::uint64_t seed,
            witness& out, complaints& wrong) {
  rng random(seed);
  auto reader = store.reader();
  if (!reader.ok()) return wrong.add("reader: " + to_string(reader.error()));
  const bounds there = reader->snapshot().range();
  const sequence after = there.first + random.below(there.count() + 1) - 1;
  out.from = after + 1;
  auto s = line.subscribe(after, what.as_filter(), o);
  if (!s.ok()) {
    if (s.error().code != errc::closed) wrong.add("subscribe: " + to_string(s.error()));
    out.cut = true;
    return;
  }
  for (;;) {
    const auto patience = random.below(4) == 0 ? std::chrono::nanoseconds(random.below(200'000)) : kForever;
    const auto got = s->receive(1 + random.below(20), patience);
    if (got.ok()) {
      got->for_each([&](const event_view& e) {
        if (!what.matches(owned(e))) wrong.add("an event is delivered that does not match");
        out.seen.push_back(e.seq());
      });
      if (random.below(16) == 0) std::this_thread::sleep_for(std::chrono::microseconds(random.below(300)));
      continue;
    }
    if (got.error().code == errc::closed) break;
    if (got.error().code == errc::lagged) {
      out.missed += got.error().got;
      ++out.lags;
    } else if (got.error() != error{.code = errc::timed_out})
      wrong.add("receive: " + to_string(got.error()));
  }
  out.cut = o.policy == lag_policy::disconnect && out.lags > 0;
  if (out.cut && out.lags != 1) wrong.add("a subscription that was cut lags more than once");
  if (s->stats().delivered != out.seen.size() || s->stats().missed != out.missed)
    wrong.add("the statistics of a subscription are wrong");
}

void publish(any_bus& line, std::uint64_t seed, std::uint64_t number, std::uint64_t batches, complaints& wrong) {
  rng random(seed * 31 + number);
  const style looks{.names = 4, .small = true};
  for (; batches > 0; --batches) {
    const auto done = line.publish(views(random_batch(random, 1 + random.below(4), looks)));
    if (!done.ok()) wrong.add("publish: " + to_string(done.error()));
    if (random.below(8) == 0) std::this_thread::sleep_for(std::chrono::microseconds(random.below(200)));
  }
}

struct party {
  std::vector<witness> witnesses;
  std::vector<wanted> filters;
};

// Publishers and subscribers at once; then the bus is closed, and every subscriber has come to the end.
party hold_party(twin& t, lag_policy policy, std::uint64_t capacity, bool filtered) {
  any_bus line(t.store());
  const std::uint64_t publishers = draw_number("publishers", 1, 2), subscribers = draw_number("subscribers", 1, 3),
                      batches = draw_number("batches", 1, 120), seed = draw_number("seed", 0, 9999);
  party all;
  complaints wrong;
  all.witnesses.resize(subscribers);
  for (std::uint64_t i = 0; i < subscribers; ++i) all.filters.push_back(filtered ? draw_wanted() : wanted());
  {
    std::vector<std::jthread> followers;
    {
      std::vector<std::jthread> threads;
      for (std::uint64_t i = 0; i < publishers; ++i)
        threads.emplace_back([&, i] { publish(line, seed, i, batches, wrong); });
      for (std::uint64_t i = 0; i < subscribers; ++i)
        followers.emplace_back([&, i] {
          follow(t.store(), line, all.filters[i], {capacity, policy}, seed + i, all.witnesses[i], wrong);
        });
    }
    line.close();
  }
  wrong.check();
  return all;
}

// What each of them should have seen, whatever it has.
std::vector<sequence> matching_from(any_reader& reader, const wanted& what, sequence from) {
  std::vector<sequence> out;
  must(reader.read(kStart)).for_each([&](const event_view& e) {
    if (e.seq() >= from && what.matches(owned(e))) out.push_back(e.seq());
  });
  return out;
}

void catching_up_meets_live(facade_maker make) {
  twin t(make, small_options());
  rng random = draw_rng("before");
  if (const std::uint64_t before = draw_number("events before", 0, 200); before > 0)
    must(t.store().append(views(random_batch(random, before, {.names = 4, .small = true}))));
  const party all = hold_party(t, lag_policy::block, draw_number("capacity", 1, 300), draw_bool("filtered"));
  for (std::size_t i = 0; i < all.witnesses.size(); ++i) {
    const witness& w = all.witnesses[i];
    if (w.cut) continue;  // subscribed too late
    RC_ASSERT(w.lags == 0u);
    const auto expected = matching_from(t.reader(), all.filters[i], w.from);
    if (w.seen != expected) {
      const auto [a, b] = std::ranges::mismatch(w.seen, expected);
      RC_FAIL("subscriber " + std::to_string(i) + " from " + std::to_string(w.from) + " saw " +
              std::to_string(w.seen.size()) + " events, expected " + std::to_string(expected.size()) +
              "; they part at place " + std::to_string(a - w.seen.begin()) + ": saw " +
              (a == w.seen.end() ? "nothing" : std::to_string(*a)) + ", expected " +
              (b == expected.end() ? "nothing" : std::to_string(*b)));
    }
  }
}

void lagging_loses_what_it_says(facade_maker make) {
  twin t(make, small_options());
  const auto policy = draw_bool("disconnect") ? lag_policy::disconnect : lag_policy::drop_oldest;
  const party all = hold_party(t, policy, draw_number("capacity", 1, 40), draw_bool("filtered"));
  for (std::size_t i = 0; i < all.witnesses.size(); ++i) {
    const witness& w = all.witnesses[i];
    const auto expected = matching_from(t.reader(), all.filters[i], w.from);
    RC_ASSERT(std::ranges::is_sorted(w.seen, std::less_equal<>()));  // no number twice
    RC_ASSERT(std::ranges::includes(expected, w.seen));
    if (w.cut)
      RC_ASSERT(w.seen.size() + w.missed <= expected.size());
    else
      RC_ASSERT(w.seen.size() + w.missed == expected.size());
  }
}

// A publisher never gets further ahead of a blocking subscriber than it may, and both come to the end.
void publishers_wait_for_the_slow(facade_maker make) {
  twin t(make, small_options());
  any_bus line(t.store());
  const std::uint64_t capacity = draw_number("capacity", 1, 8), batches = draw_number("batches", 1, 60),
                      publishers = draw_number("publishers", 1, 3);
  complaints wrong;
  std::uint64_t received = 0;
  auto slow = must(line.subscribe(kStart, {}, {capacity, lag_policy::block}));
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t i = 0; i < publishers; ++i)
      threads.emplace_back([&, i] {
        for (std::uint64_t k = 0; k < batches; ++k) {
          const auto batch = marked_batch(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(k),
                                          static_cast<std::uint32_t>(1 + k % capacity));
          if (const auto done = line.publish(views(batch)); !done.ok()) wrong.add(to_string(done.error()));
          if (slow.stats().lag > capacity) wrong.add("a publisher did not wait");
        }
      });
    std::uint64_t expected = 0;
    for (std::uint64_t k = 0; k < batches; ++k) expected += publishers * (1 + k % capacity);
    while (received < expected) {
      const auto got = slow.receive(3, std::chrono::seconds(60));
      if (!got.ok()) wrong.add("receive: " + to_string(got.error()));
      if (!got.ok()) break;
      received += got->size();
      if (t.reader().snapshot().range().end - slow.stats().position > capacity) wrong.add("the log is too far ahead");
    }
    if (received < expected) slow.unsubscribe();
  }
  wrong.check();
}

// Every subscriber that waits is woken, by the event that they wait for or by the end.
void waiting_ends(facade_maker make) {
  twin t(make, small_options());
  any_bus line(t.store());
  const std::uint64_t waiting = draw_number("waiting", 1, 3), how = draw_number("how", 0, 2);
  wanted none;
  none.kinds = {kind::failed};
  complaints wrong;
  auto idle = must(line.subscribe(kStart, {}, {1, lag_policy::block}));
  std::vector<subscription<any_store>> all;
  for (std::uint64_t i = 0; i < waiting; ++i)
    all.push_back(must(line.subscribe(kStart, none.as_filter(), {1, lag_policy::disconnect})));
  const owned_draft d = marked({0, 0, 0, 1});
  const draft one = d.view();
  must(line.publish({&one, 1}));  // no subscriber waits for this kind, and the idle one is full now
  std::int64_t cpu_ns = 0;
  std::latch over(1);
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t i = 0; i < waiting; ++i)
      threads.emplace_back([&, i] {
        const std::int64_t before = thread_ns();
        const auto got = all[i].receive(1);
        if (i == 0) cpu_ns = thread_ns() - before;
        if (got.ok() || got.error() != error{.code = errc::closed}) wrong.add("a receiver was not closed");
        over.wait();
        [[maybe_unused]] const auto gone = std::move(all[i]);  // where it has received
      });
    threads.emplace_back([&] {
      const auto done = line.publish({&one, 1});
      const bool right = how == 2 ? done.ok() : !done.ok() && done.error() == error{.code = errc::closed};
      if (!right) wrong.add("the publisher that waits: " + (done.ok() ? "ok" : to_string(done.error())));
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(draw_number("ms", 0, 20)));
    if (how == 1)
      for (auto& s : all) s.unsubscribe();
    if (how == 2) {
      idle.unsubscribe();  // which makes room; closing must not come first
      while (t.reader().snapshot().range().end < 2) std::this_thread::yield();
    }
    line.close();
    over.count_down();
  }
  wrong.check();
  RC_ASSERT(cpu_ns < 10'000'000);  // who waits does not work
  RC_ASSERT(t.reader().snapshot().range().end == (how == 2 ? 2u : 1u));
}

}  // namespace

law_list meeting() {
  return {
      law_of<catching_up_meets_live>(
          "who subscribes while others publish sees each event once, in order, from its checkpoint on",
          {.cost = 10, .threads = kThreads}),
      law_of<lagging_loses_what_it_says>(
          "what is delivered and what is told to be missed make up the whole, in threads",
          {.cost = 10, .threads = kThreads}),
      law_of<publishers_wait_for_the_slow>(
          "a publisher waits for a blocking subscriber, and goes on when there is room",
          {.cost = 10, .threads = kThreads}),
      law_of<waiting_ends>("closing and unsubscribing wake all who wait, and waiting costs no processor time",
                           {.cost = 40, .threads = kThreads}),
  };
}

}  // namespace copycost::event_store::properties
