// SPDX-License-Identifier: Apache-2.0
// Goal: the channel behind a mutex does what the other one does, and with many threads at both ends it loses and
// doubles nothing. Method: the same walk; threads that count what they pushed and popped.
#include "scenarios/graph/run/channel/mutex_channel.h"

#include <thread>

#include "property_tests/catch.h"
#include "property_tests/scenarios/graph/run/channel/counted_item.h"
#include "property_tests/scenarios/graph/run/channel/walk.h"

namespace copycost::graph {
using namespace channel_tests;
namespace {

using edge = mutex_channel<counted_item>;

TEST_CASE("mutex_channel: a walk of pushes, pops and ends is that of a bounded queue") {
  CHECK(rc::check("walk", walk<edge>));
  CHECK(counted_item::alive() == 0);
}

TEST_CASE("mutex_channel: events are notified by pushes, pops and ends") {
  edge e({4, 1000});
  event consumer, producer;
  e.set_events(&consumer, &producer);
  const auto rings = [](event& of, auto call) {
    const std::uint32_t seen = of.seen();
    call();
    return of.wait(seen, 0);
  };
  counted_item one(1, 1);
  CHECK(rings(consumer, [&] { REQUIRE(e.try_push(one).ok()); }));
  CHECK(rings(producer, [&] { REQUIRE(e.try_pop(one).ok()); }));
  CHECK(rings(consumer, [&] { e.close(); }));
  CHECK(rings(producer, [&] { e.abandon(); }));
}

// What one consumer popped: of each producer the last number, and how many.
struct popped {
  std::vector<std::uint64_t> last, count;
  std::uint64_t disorder = 0;
  explicit popped(std::size_t producers) : last(producers, 0), count(producers, 0) {}
  void see(std::uint64_t producer, std::uint64_t number) {  // numbers begin with 1
    disorder += number <= last[producer];
    last[producer] = number;
    ++count[producer];
  }
};

TEST_CASE("mutex_channel: many threads at both ends pass each item once, those of a producer in order", "[threads]") {
  constexpr std::uint64_t kProducers = 3, kConsumers = 3, kItems = 3'000;
  edge e({8, 60});
  std::vector<popped> seen(kConsumers, popped(kProducers));
  {
    std::vector<std::jthread> consumers;
    for (std::uint64_t c = 0; c < kConsumers; ++c)
      consumers.emplace_back([&, c] {
        std::vector<counted_item> into(c == 0 ? 1 : 4);
        while (e.pop(into[0], kNever).ok()) {
          const std::size_t more = c == 0 ? 0 : e.pop_some(std::span(into).subspan(1));
          for (std::size_t i = 0; i <= more; ++i)
            seen[c].see(into[i].number() % kProducers, into[i].number() / kProducers);
        }
      });
    {
      std::vector<std::jthread> producers;
      for (std::uint64_t p = 0; p < kProducers; ++p)
        producers.emplace_back([&, p] {
          for (std::uint64_t i = 1; i <= kItems; ++i) {
            counted_item one(i * kProducers + p, i % 30);
            if (!e.push(one, kNever).ok()) return;
          }
        });
    }
    e.close();
  }
  for (std::uint64_t p = 0; p < kProducers; ++p) {
    std::uint64_t all = 0;
    for (const popped& by : seen) all += by.count[p];
    CHECK(all == kItems);
  }
  for (const popped& by : seen) CHECK(by.disorder == 0);
  CHECK(counted_item::alive() == 0);
  CHECK(e.stats().items_high <= 8);
  CHECK(e.stats().bytes_high <= 60);
}

TEST_CASE("mutex_channel: all who wait wake at an end", "[threads]") {
  edge e({1, 1000});
  std::atomic<int> closed{0};
  const auto count = [&](const result<void>& r) { closed += !r.ok() && r.error().code == errc::closed; };
  SECTION("pops, when it is closed") {
    std::vector<std::jthread> all;
    for (int k = 0; k < 3; ++k)
      all.emplace_back([&] {
        counted_item one;
        count(e.pop(one, kNever));
      });
    while (e.stats().waits_pop < 3) std::this_thread::yield();
    e.close();
    all.clear();
    CHECK(closed == 3);
  }
  SECTION("pushes, when it is closed or abandoned") {
    counted_item first(0, 1);
    REQUIRE(e.try_push(first).ok());
    std::vector<std::jthread> all;
    for (int k = 0; k < 3; ++k)
      all.emplace_back([&] {
        counted_item one(1, 1);
        count(e.push(one, kNever));
      });
    while (e.stats().waits_push < 3) std::this_thread::yield();
    const bool by_producer = GENERATE(true, false);
    by_producer ? e.close() : e.abandon();
    all.clear();
    CHECK(closed == 3);
    CHECK(counted_item::alive() == (by_producer ? 1 : 0));
  }
}

TEST_CASE("mutex_channel: room for a small item wakes the one who has it, though a larger one waits too", "[threads]") {
  edge e({4, 10});
  counted_item first(0, 6), second(1, 4), into;
  REQUIRE(e.try_push(first).ok());
  REQUIRE(e.try_push(second).ok());
  std::atomic<bool> small_is_in{false};
  std::atomic<int> refused{0};
  std::jthread large([&] {
    counted_item one(2, 10);
    refused += !e.push(one, kNever).ok();
  });
  while (e.stats().waits_push < 1) std::this_thread::yield();
  std::jthread small([&] {
    counted_item one(3, 5);
    refused += !e.push(one, kNever).ok();
    small_is_in = true;
  });
  while (e.stats().waits_push < 2) std::this_thread::yield();
  REQUIRE(e.pop(into, kNever).ok());
  while (!small_is_in) std::this_thread::yield();
  for (const std::uint64_t next : {1u, 3u, 2u}) {
    REQUIRE(e.pop(into, kNever).ok());
    CHECK(into.number() == next);
  }
  CHECK(refused == 0);
}

}  // namespace
}  // namespace copycost::graph
