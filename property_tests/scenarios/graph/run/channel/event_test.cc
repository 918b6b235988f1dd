// SPDX-License-Identifier: Apache-2.0
// Goal: no change is slept through, and a deadline ends a wait. Method: by hand in one thread, and threads that wait
// for each other again and again without spinning.
#include "scenarios/graph/run/channel/event.h"

#include <thread>
#include <vector>

#include "harness/base/now.h"
#include "property_tests/catch.h"

namespace copycost::graph {
namespace {

TEST_CASE("event: it rings once each time that the waiter listens") {
  int calls = 0;
  event e([](void* of) noexcept { ++*static_cast<int*>(of); }, &calls);
  e.notify();
  CHECK(calls == 0);
  const std::uint32_t first = e.seen();
  CHECK(e.seen() == first);  // it listens already
  e.notify();
  e.notify();
  CHECK(calls == 1);
  CHECK(e.wait(first, 0));
  const std::uint32_t second = e.seen();
  CHECK(second != first);
  CHECK_FALSE(e.wait(second, 0));
  e.notify();
  CHECK(e.wait(second, 0));
  CHECK(calls == 2);
}

TEST_CASE("event: a deadline ends a wait, which may begin again") {
  event e;
  const std::int64_t until = now_ns() + 2'000'000;
  const std::uint32_t seen = e.seen();
  CHECK_FALSE(e.wait(seen, until));
  CHECK(now_ns() >= until);
  CHECK_FALSE(e.wait_until([] { return false; }, now_ns() - 1));
  CHECK(e.wait_until([] { return true; }, now_ns() - 1));
  e.notify();
  CHECK(e.wait(seen, kNever));
}

TEST_CASE("event: what becomes true is seen by the one who sleeps", "[threads]") {
  constexpr std::uint64_t kTurns = 3'000;
  event here(0), there(0);  // they sleep at once
  std::atomic<std::uint64_t> ours{0}, theirs{0};
  std::jthread other([&] {
    for (std::uint64_t turn = 1; turn <= kTurns; ++turn) {
      there.wait_until([&] { return ours.load() >= turn; }, kNever);
      theirs.store(turn, std::memory_order_release);
      here.notify();
    }
  });
  std::uint64_t wrong = 0;
  for (std::uint64_t turn = 1; turn <= kTurns; ++turn) {
    ours.store(turn, std::memory_order_release);
    there.notify();
    wrong += !here.wait_until([&] { return theirs.load() >= turn; }, kNever);
  }
  CHECK(wrong == 0);
}

TEST_CASE("event: several threads may notify it", "[threads]") {
  constexpr std::uint64_t kEach = 2'000;
  event e(0);
  std::atomic<std::uint64_t> all{0};
  std::vector<std::jthread> notifiers;
  for (int k = 0; k < 3; ++k)
    notifiers.emplace_back([&] {
      for (std::uint64_t i = 0; i < kEach; ++i) {
        all.fetch_add(1, std::memory_order_release);
        e.notify();
      }
    });
  for (std::uint64_t seen = 0; seen < 3 * kEach;) {
    CHECK(e.wait_until([&] { return all.load(std::memory_order_acquire) > seen; }, kNever));
    seen = all.load(std::memory_order_acquire);
  }
}

}  // namespace
}  // namespace copycost::graph
