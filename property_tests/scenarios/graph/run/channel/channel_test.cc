// SPDX-License-Identifier: Apache-2.0
// Goal: an edge loses nothing, doubles nothing, keeps its order and its bounds, and wakes the one who waits. Method: a
// random walk against a std::deque, every way to end, and two threads.
#include "scenarios/graph/run/channel/channel.h"

#include <array>
#include <memory>
#include <thread>

#include "property_tests/catch.h"
#include "property_tests/scenarios/graph/run/channel/counted_item.h"
#include "property_tests/scenarios/graph/run/channel/walk.h"

namespace copycost::graph {
using namespace channel_tests;
namespace {

using edge = channel<counted_item>;

errc code_of(const result<void>& r) { return r.error().code; }

std::vector<counted_item> items(std::uint64_t first, std::size_t n, std::size_t size) {
  std::vector<counted_item> some;
  for (std::size_t i = 0; i < n; ++i) some.emplace_back(first + i, size);
  return some;
}

TEST_CASE("channel: a walk of pushes, pops and ends is that of a bounded queue") {
  CHECK(rc::check("walk", walk<edge>));
  CHECK(counted_item::alive() == 0);
}

TEST_CASE("channel: it wraps at every offset, with every number of items at once") {
  for (std::uint64_t offset = 0; offset < 9; ++offset) {
    for (std::size_t many = 1; many <= 4; ++many) {
      edge e({4, 1000});
      counted_item one;
      for (std::uint64_t i = 0; i < offset; ++i) {
        one = counted_item(i, 3);
        REQUIRE(e.try_push(one).ok());
        REQUIRE(e.try_pop(one).ok());
      }
      std::vector<counted_item> some = items(0, 5, 3), into(many);
      REQUIRE(e.push_some(some).value() == 4);
      CHECK(code_of(e.try_push(some[4])) == errc::full);
      for (std::uint64_t next = 0; next < 4;) {
        const std::size_t popped = e.pop_some(into);
        REQUIRE(popped > 0);
        for (std::size_t i = 0; i < popped; ++i) CHECK(into[i].number() == next++);
        CHECK(e.bytes() == 3 * (4 - next));
      }
      CHECK(code_of(e.try_pop(one)) == errc::empty);
    }
  }
  CHECK(counted_item::alive() == 0);
}

TEST_CASE("channel: values without a size count as themselves, and items of bytes are as large as they say") {
  channel<std::uint64_t> numbers({8, 3 * sizeof(std::uint64_t)});
  std::array<std::uint64_t, 4> some{1, 2, 3, 4};
  CHECK(numbers.push_some(some).value() == 3);
  CHECK(numbers.bytes() == 24);
  channel<std::unique_ptr<int>> owners({8, 2 * sizeof(void*)});
  std::array<std::unique_ptr<int>, 3> owned{std::make_unique<int>(1), std::make_unique<int>(2), nullptr};
  CHECK(owners.push_some(owned).value() == 2);
  CHECK(owned[1] == nullptr);
}

TEST_CASE("channel: an item as large as the limit fits when all others are gone, a larger one never") {
  edge e({4, 100});
  counted_item small(1, 1), all(2, 100), larger(3, 101);
  REQUIRE(e.try_push(small).ok());
  CHECK(code_of(e.try_push(all)) == errc::full);
  CHECK_FALSE(e.has_room(100));
  CHECK(e.has_room(99));
  CHECK(e.try_push(larger).error() == error{errc::too_large, 0, 100, 101});
  REQUIRE(e.try_pop(small).ok());
  CHECK(e.has_room(100));
  CHECK_FALSE(e.has_room(101));
  REQUIRE(e.try_push(all).ok());
  CHECK(code_of(e.push(larger, kNever)) == errc::too_large);
  CHECK(larger.is_real());
}

TEST_CASE("channel: a batch ends before an item that is too large, and the next one says so") {
  edge e({8, 100});
  std::vector<counted_item> some = items(0, 2, 10);
  some.emplace_back(2, 101);
  CHECK(e.push_some(some).value() == 2);
  CHECK(e.push_some(std::span(some).subspan(2)).error().code == errc::too_large);
  CHECK(e.size() == 2);
}

TEST_CASE("channel: a push that finds it full counts it full") {
  edge e({4, 1000});
  std::vector<counted_item> some = items(0, 5, 10), into(2);
  REQUIRE(e.push_some(some).value() == 4);
  REQUIRE(e.pop_some(into) == 2);
  CHECK(e.stats().items_high == 4);
  CHECK(e.stats().bytes_high == 40);
  CHECK(e.stats().waits_push == 0);
}

TEST_CASE("channel: what is in it drains after close, and then it is closed") {
  edge e({4, 1000});
  std::vector<counted_item> some = items(1, 3, 1);
  REQUIRE(e.push_some(std::span(some).first(2)).value() == 2);
  e.close();
  CHECK(e.is_closed());
  CHECK_FALSE(e.is_drained());
  CHECK(code_of(e.try_push(some[2])) == errc::closed);
  CHECK(e.push_some(some).error().code == errc::closed);
  CHECK(some[2].is_real());
  CHECK(e.pop(some[0], kNever).ok());
  CHECK(e.pop(some[1], kNever).ok());
  CHECK(e.is_drained());
  CHECK(code_of(e.pop(some[0], kNever)) == errc::closed);
}

TEST_CASE("channel: what is in it when the consumer leaves is dropped and counted") {
  edge e({4, 1000});
  std::vector<counted_item> some = items(1, 4, 10);
  REQUIRE(e.push_some(std::span(some).first(3)).value() == 3);
  counted_item one;
  REQUIRE(e.try_pop(one).ok());
  e.abandon();
  CHECK(counted_item::alive() == 2);  // the one that was popped, and the one that was not pushed
  CHECK(e.stats().popped == 1);
  CHECK(e.stats().popped_bytes == 10);
  CHECK(e.stats().abandoned == 2);
  CHECK(e.size() == 0);
  CHECK(e.bytes() == 0);
  CHECK(code_of(e.push(some[3], kNever)) == errc::closed);
  CHECK(code_of(e.pop(one, kNever)) == errc::closed);
  CHECK(e.is_drained());
}

TEST_CASE("channel: a deadline that has passed is late, and the item is still the caller's") {
  edge e({1, 1000});
  counted_item one(1, 1), two(2, 1), none;
  CHECK(code_of(e.pop(none, now_ns() - 1)) == errc::late);
  REQUIRE(e.push(one, now_ns() - 1).ok());
  CHECK(code_of(e.push(two, now_ns() - 1)) == errc::late);
  CHECK(code_of(e.push(two, now_ns() + 1'000'000)) == errc::late);
  CHECK(two.is_real());
  CHECK(e.stats().waits_pop == 1);
  CHECK(e.stats().waits_push == 2);
}

TEST_CASE("channel: the one who waits wakes when the other ends", "[threads]") {
  edge e({1, 1000});
  counted_item one(1, 1), two(2, 1);
  SECTION("a pop, when the producer closes") {
    std::jthread producer([&] {
      while (e.stats().waits_pop == 0) std::this_thread::yield();
      e.close();
    });
    CHECK(code_of(e.pop(one, kNever)) == errc::closed);
  }
  SECTION("a push, when the consumer leaves") {
    REQUIRE(e.try_push(one).ok());
    std::jthread consumer([&] {
      while (e.stats().waits_push == 0) std::this_thread::yield();
      e.abandon();
    });
    CHECK(code_of(e.push(two, kNever)) == errc::closed);
    CHECK(two.is_real());
  }
}

TEST_CASE("channel: events of others are notified by pushes, pops and ends") {
  edge e({4, 1000});
  event consumer, producer;
  e.set_events(&consumer, &producer);
  const auto rings = [](event& of, auto call) {
    const std::uint32_t seen = of.seen();
    call();
    return of.wait(seen, 0);
  };
  std::vector<counted_item> some = items(0, 3, 1);
  CHECK_FALSE(rings(consumer, [] {}));
  CHECK(rings(consumer, [&] { REQUIRE(e.try_push(some[0]).ok()); }));
  CHECK(rings(consumer, [&] { REQUIRE(e.push_some(std::span(some).subspan(1)).ok()); }));
  CHECK(rings(producer, [&] { REQUIRE(e.try_pop(some[0]).ok()); }));
  CHECK(rings(producer, [&] { REQUIRE(e.pop_some(std::span(some).first(1)) == 1); }));
  CHECK(rings(consumer, [&] { e.close(); }));
  CHECK(rings(producer, [&] { e.abandon(); }));
}

// Pushes all of them, one at a time or many; answers whether it could.
bool push_all(edge& e, std::uint64_t last, std::size_t batch) {
  std::vector<counted_item> some;
  for (std::uint64_t next = 0; next < last;) {
    while (some.size() < batch && next + some.size() < last) some.emplace_back(next + some.size(), next % 40);
    std::size_t pushed = 1;
    if (some.size() == 1) {
      if (!e.push(some.front(), kNever).ok()) return false;
    } else {
      const auto many = e.push_some(some);
      if (!many.ok()) return false;
      pushed = many.value();
      if (pushed == 0) std::this_thread::yield();
    }
    next += pushed;
    some.erase(some.begin(), some.begin() + static_cast<std::ptrdiff_t>(pushed));
  }
  e.close();
  return true;
}

TEST_CASE("channel: two threads pass all items in order, one at a time or many", "[threads]") {
  for (const std::size_t batch : {1u, 7u, 32u}) {
    constexpr std::uint64_t kItems = 20'000;
    edge e({16, 100});
    std::jthread producer([&] { push_all(e, kItems, batch); });
    std::array<counted_item, 8> into;
    std::uint64_t came = 0, wrong = 0, over = 0;
    while (!e.is_drained()) {
      std::size_t popped = 1;
      if (came % 3 == 0) {
        if (!e.pop(into[0], kNever).ok()) break;
      } else {
        popped = e.pop_some(into);
        if (popped == 0) std::this_thread::yield();
      }
      over += e.bytes() > 100 || e.size() > 16;
      for (std::size_t i = 0; i < popped; ++i) wrong += into[i].number() != came++;
    }
    CHECK(came == kItems);
    CHECK(wrong == 0);
    CHECK(over == 0);
    CHECK(e.stats().pushed == kItems);
    CHECK(e.stats().popped == kItems);
    CHECK(e.stats().bytes_high <= 100);
  }
  CHECK(counted_item::alive() == 0);
}

TEST_CASE("channel: two threads that wait for each other at every item both go on", "[threads]") {
  constexpr std::uint64_t kTurns = 2'000;
  channel<std::uint64_t> there({1, 8}), back({1, 8});
  event one(0), two(0);  // no spinning: they sleep at once
  there.set_events(&one, &two);
  back.set_events(&two, &one);
  std::jthread echo([&] {
    std::uint64_t turn = 0;
    while (there.pop(turn, kNever).ok())
      if (!back.push(turn, kNever).ok()) break;
    back.close();
  });
  std::uint64_t wrong = 0;
  for (std::uint64_t turn = 0; turn < kTurns; ++turn) {
    std::uint64_t sent = turn, got = ~turn;
    wrong += !there.push(sent, kNever).ok() || !back.pop(got, kNever).ok() || got != turn;
  }
  there.close();
  CHECK(wrong == 0);
}

TEST_CASE("channel: a consumer that leaves under way takes nothing with it", "[threads]") {
  for (std::uint64_t leaves_after = 0; leaves_after < 200; ++leaves_after) {
    {
      edge e({8, 1000});
      std::uint64_t popped = 0;
      std::jthread consumer([&] {
        counted_item one;
        while (popped < leaves_after && e.pop(one, kNever).ok()) ++popped;
        e.abandon();
      });
      CHECK_FALSE(push_all(e, 1'000'000, leaves_after % 2 == 0 ? 1 : 5));
      consumer.join();
      e.close();
      CHECK(counted_item::alive() == 0);  // also what was pushed while the consumer left
      const channel_stats s = e.stats();
      CHECK(s.popped == leaves_after);
      CHECK(s.pushed == s.popped + s.abandoned);
    }
  }
}

}  // namespace
}  // namespace copycost::graph
