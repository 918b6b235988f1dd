// SPDX-License-Identifier: Apache-2.0
#include "impls/common/ring.h"

#include <sys/mman.h>

#include <deque>
#include <memory>
#include <thread>

#include "harness/base/rng.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"

using namespace copycost;

namespace {

struct note {
  std::uint64_t number = 0, twice = 0;
};
constexpr std::uint32_t kCapacity = 16;
using memory = ring_memory<note, kCapacity>;
using sender = ring_sender<note, kCapacity>;
using receiver = ring_receiver<note, kCapacity>;
constexpr long kNap = 1'000'000;

// A ring whose indices have counted up to `start` already.
std::unique_ptr<memory> ring_at(std::uint32_t start) {
  auto m = std::make_unique<memory>();
  m->head = start;
  m->tail = start;
  return m;
}

void send_all(memory& m, std::uint64_t count) {
  sender out(m);
  for (std::uint64_t i = 0; i < count;) {
    const std::uint32_t room = out.room();
    if (room == 0) out.wait(kNap);
    for (std::uint32_t k = 0; k < room && i < count; ++k, ++i) out.push({i, 2 * i});
    out.publish();
  }
}

// The number of messages that came out of order or torn.
std::uint64_t receive_all(memory& m, std::uint64_t count) {
  receiver in(m);
  std::uint64_t wrong = 0;
  for (std::uint64_t i = 0; i < count;) {
    const std::uint32_t ready = in.ready();
    if (ready == 0) in.wait(kNap);
    for (std::uint32_t k = 0; k < ready; ++k, ++i) wrong += in.peek(k).number != i || in.peek(k).twice != 2 * i;
    if (ready > 0) in.pop(ready);
  }
  return wrong;
}

}  // namespace

TEST_CASE("a ring is a bounded queue, also where its indices wrap", "[ring]") {
  const std::uint64_t seed = GENERATE(1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u);
  INFO("seed " << seed);
  rng random(seed);
  const auto m = ring_at(0xFFFFFFF0u);
  sender out(*m);
  receiver in(*m);
  std::deque<std::uint64_t> model;
  std::uint64_t next = 0;
  for (int step = 0; step < 3000; ++step) {
    if (random.below(2) == 0) {
      REQUIRE(out.room() <= kCapacity - model.size());
      for (std::uint64_t k = random.below(out.room() + 1); k > 0; --k, ++next) {
        out.push({next, 2 * next});
        model.push_back(next);
      }
      out.publish();
    } else if (in.ready() > 0) {
      const auto n = static_cast<std::uint32_t>(1 + random.below(in.ready()));
      for (std::uint32_t k = 0; k < n; ++k) {
        REQUIRE(in.peek(k).number == model.front());
        model.pop_front();
      }
      in.pop(n);
    } else {
      REQUIRE(model.empty());
    }
    REQUIRE(m->in_flight() == model.size());
    REQUIRE(out.next() - out.taken() == model.size());
  }
  CHECK(out.next() < 0xFFFFFFF0u);  // it did wrap
}

TEST_CASE("a full ring has no room until something is taken", "[ring]") {
  const auto m = ring_at(0);
  sender out(*m);
  receiver in(*m);
  for (std::uint64_t i = 0; i < kCapacity; ++i) out.push({i, 0});
  CHECK(in.ready() == 0);  // nothing is seen before it is published
  out.publish();
  CHECK(out.room() == 0);
  REQUIRE(in.ready() == kCapacity);
  in.pop(1);
  CHECK(out.room() == 1);
}

TEST_CASE("messages pass between two threads in order and whole", "[ring][threads]") {
  const auto m = ring_at(0xFFFFF000u);
  constexpr std::uint64_t kCount = 50'000;
  std::thread other([&] { send_all(*m, kCount); });
  CHECK(receive_all(*m, kCount) == 0);
  other.join();
  CHECK(m->in_flight() == 0);
}

TEST_CASE("messages pass between two processes in order and whole", "[ring]") {
  void* shared = mmap(nullptr, sizeof(memory), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(shared != MAP_FAILED);
  auto& m = *static_cast<memory*>(shared);  // zeros are an empty ring
  constexpr std::uint64_t kCount = 50'000;
  const pid_t other = test::start_child([&] { return receive_all(m, kCount) == 0 ? 0 : 1; });
  send_all(m, kCount);
  CHECK(test::end_of(other) == 0);
  munmap(shared, sizeof(memory));
}

TEST_CASE("new ends go on where the last ones stopped", "[ring]") {
  const auto m = ring_at(7);
  {
    sender out(*m);
    for (std::uint64_t i = 0; i < 5; ++i) out.push({i, 0});
    out.publish();
    out.push({99, 0});  // never published: it was never sent
    receiver in(*m);
    REQUIRE(in.ready() == 5);
    in.pop(2);
  }
  sender out(*m);
  receiver in(*m);
  CHECK(out.room() == kCapacity - 3);
  REQUIRE(in.ready() == 3);
  CHECK(in.peek(0).number == 2);
}

TEST_CASE("an end does not believe indices that cannot be", "[ring]") {
  const auto m = ring_at(100);
  sender out(*m);
  receiver in(*m);
  out.push({1, 0});
  out.publish();
  SECTION("a sender that is further ahead than the ring holds") {
    m->tail = 100 + kCapacity + 1;
    CHECK(in.ready() == 0);
    CHECK(in.is_broken());
    CHECK(m->in_flight() == 0);
  }
  SECTION("a receiver that took what was never sent") {
    m->head = 102;
    CHECK(out.taken() == 100);
    CHECK(out.is_broken());
    CHECK(sender(*m).room() == kCapacity);  // a new end counts nothing as in flight
  }
  SECTION("a receiver that gives back what it took") {
    REQUIRE(in.ready() == 1);
    in.pop(1);
    CHECK(out.taken() == 101);
    m->head = 100;
    CHECK(out.taken() == 101);
    CHECK(out.is_broken());
  }
}

TEST_CASE("who sleeps is woken by the next message", "[ring][threads]") {
  // With a nap of almost a second, a thousand lost wake-ups would take a quarter of an hour and the test would time
  // out.
  const auto m = ring_at(0);
  std::thread other([&] {
    sender out(*m);
    for (std::uint64_t i = 0; i < 1000; ++i) {
      while (m->receiver_sleeps.load() == 0 && m->in_flight() > 0) std::this_thread::yield();
      while (out.room() == 0) std::this_thread::yield();
      out.push({i, 0});
      out.publish();
    }
  });
  receiver in(*m);
  for (std::uint64_t i = 0; i < 1000;) {
    while (in.ready() == 0) in.wait(999'000'000);
    i += in.ready();
    in.pop(in.ready());
  }
  other.join();
  CHECK(m->in_flight() == 0);
}
