// SPDX-License-Identifier: Apache-2.0
// Goal: an object dies when the place has released it and its last owner is gone, once, whichever that is, also when
// more owners were taken than the place's own 16 bits can count. Method: count deaths.
#include "impls/event_store/common/counted.h"

#include <atomic>
#include <thread>
#include <vector>

#include "property_tests/catch.h"

namespace copycost::event_store {
namespace {

struct thing : counted {
  explicit thing(std::atomic<int>& d, int n) : deaths(d), number(n) {}
  std::atomic<int>& deaths;
  const int number;
  static void destroy(thing* t) {
    ++t->deaths;
    delete t;
  }
};

owner<thing> made(std::atomic<int>& deaths, int number = 0) { return owner<thing>(new thing(deaths, number)); }

TEST_CASE("an owner alone, shared and moved, lets its object die once") {
  std::atomic<int> deaths{0};
  {
    owner<thing> one = made(deaths);
    owner<thing> two = one.share(), three = std::move(one), none;
    CHECK_FALSE(one);  // NOLINT(bugprone-use-after-move): what a move leaves
    none = std::move(two);
    three = owner<thing>();
    CHECK(deaths == 0);
    CHECK(none->number == 0);
  }
  CHECK(deaths == 1);
}

TEST_CASE("an object outlives the place that held it, and the place outlives owners") {
  std::atomic<int> deaths{0};
  owner<thing> taken;
  {
    counted_place<thing> place(made(deaths, 1));
    taken = place.take();
    { const owner<thing> other = place.take(); }
    place.replace(made(deaths, 2));
    CHECK(deaths == 0);
    CHECK(taken->number == 1);
    CHECK(place.take()->number == 2);
    place.replace(made(deaths, 3));
    CHECK(deaths == 1);  // no reader has taken the second one
  }
  CHECK(deaths == 2);
  taken = owner<thing>();
  CHECK(deaths == 3);
}

TEST_CASE("more owners than 16 bits count are settled with the object") {
  for (const bool replaced : {false, true}) {
    std::atomic<int> deaths{0};
    std::vector<owner<thing>> all;
    {
      counted_place<thing> place(made(deaths));
      for (int i = 0; i < 200'000; ++i) all.push_back(place.take());
      if (replaced) place.replace(made(deaths));
      CHECK(deaths == 0);
    }
    CHECK(deaths == (replaced ? 1 : 0));
    while (all.size() > 1) all.pop_back();
    CHECK(deaths == (replaced ? 1 : 0));
    all.clear();
    CHECK(deaths == (replaced ? 2 : 1));
  }
}

TEST_CASE("taken and dropped a hundred thousand times, an object is still there") {
  std::atomic<int> deaths{0};
  counted_place<thing> place(made(deaths, 5));
  for (int i = 0; i < 300'000; ++i) REQUIRE(place.take()->number == 5);
  CHECK(deaths == 0);
  place.replace(made(deaths));
  CHECK(deaths == 1);
}

TEST_CASE("readers take while a writer replaces: every object dies once, and not under a reader", "[threads]") {
  std::atomic<int> deaths{0};
  constexpr int kObjects = 2000;
  {
    counted_place<thing> place(made(deaths, 0));
    std::atomic<bool> done{false}, wrong{false};
    std::vector<std::jthread> readers;
    for (int r = 0; r < 3; ++r)
      readers.emplace_back([&] {
        int seen = 0;
        while (!done) {
          std::vector<owner<thing>> some;
          for (int i = 0; i < 50; ++i) some.push_back(place.take());
          for (const auto& s : some) {
            if (s->number < seen) wrong = true;
            seen = s->number;
          }
        }
      });
    for (int i = 1; i < kObjects; ++i) {
      place.replace(made(deaths, i));
      if (i % 64 == 0) std::this_thread::yield();
    }
    done = true;
    readers.clear();
    CHECK_FALSE(wrong);
    CHECK(deaths == kObjects - 1);
  }
  CHECK(deaths == kObjects);
}

}  // namespace
}  // namespace copycost::event_store
