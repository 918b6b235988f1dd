// SPDX-License-Identifier: Apache-2.0
// Goal: values leave the ring in the order in which they came, none lost, none destroyed twice. Method: a counting
// value.
#include "scenarios/common/spsc_ring.h"

#include <thread>

#include "property_tests/catch.h"
#include "scenarios/common/patience.h"

namespace copycost {
namespace {

// Owns one of `alive`.
class token {
 public:
  token(std::uint64_t number, std::atomic<int>& alive) : number_(number), alive_(&alive) { ++*alive_; }
  token(token&& o) noexcept : number_(o.number_), alive_(std::exchange(o.alive_, nullptr)) {}
  ~token() {
    if (alive_ != nullptr) --*alive_;
  }
  std::uint64_t number() const { return number_; }

 private:
  std::uint64_t number_;
  std::atomic<int>* alive_;
};

TEST_CASE("spsc_ring: full and empty are told, and what is left is destroyed") {
  std::atomic<int> alive{0};
  {
    spsc_ring<token> ring(4);
    CHECK_FALSE(ring.try_pop([](token&&) {}));
    for (std::uint64_t i = 0; i < 4; ++i) {
      token t(i, alive);
      CHECK(ring.try_push(t));
    }
    token fifth(4, alive);
    CHECK_FALSE(ring.try_push(fifth));
    CHECK(alive == 5);
    std::uint64_t first = 99;
    CHECK(ring.try_pop([&](token&& t) { first = t.number(); }));
    CHECK(first == 0);
    CHECK(alive == 4);
    CHECK(ring.try_push(fifth));
  }
  CHECK(alive == 0);
}

TEST_CASE("spsc_ring: a taker that throws frees the slot") {
  std::atomic<int> alive{0};
  spsc_ring<token> ring(1);
  token a(1, alive), b(2, alive);
  REQUIRE(ring.try_push(a));
  CHECK_THROWS_AS(ring.try_pop([](token&&) { throw 1; }), int);
  CHECK(ring.try_push(b));
  CHECK(alive == 1);
}

TEST_CASE("spsc_ring: two threads see the same order", "[threads]") {
  constexpr std::uint64_t kValues = 200'000;
  std::atomic<int> alive{0};
  spsc_ring<token> ring(64);
  std::thread pusher([&] {
    for (std::uint64_t i = 0; i < kValues; ++i) {
      token t(i, alive);
      for (patience wait("the popper"); !ring.try_push(t);) wait.turn();
    }
  });
  std::uint64_t wrong = 0;
  for (std::uint64_t i = 0; i < kValues; ++i)
    for (patience wait("the pusher"); !ring.try_pop([&](token&& t) { wrong += t.number() != i; });) wait.turn();
  pusher.join();
  CHECK(wrong == 0);
  CHECK(alive == 0);
}

}  // namespace
}  // namespace copycost
