// SPDX-License-Identifier: Apache-2.0
// Goal: what only the arena design has: memory without counts is freed when no reader can see it, no earlier, and no
// later than with the next segment. Method: slots and pools alone, and what a store holds around snapshots of every
// order.
#include <thread>
#include <vector>

#include "impls/event_store/arena/design.h"
#include "property_tests/impls/event_store/filled.h"

namespace copycost::event_store {
namespace {
using namespace testing;
using store = arena_design::store;

TEST_CASE("a pool hands out huge pages, uses free segments again, and ends at its limit") {
  segment_pool pool(std::size_t{2} << 20, std::uint64_t{8} << 20);
  std::vector<arena_segment*> all;
  for (sequence n = 0; n < 4; ++n) {
    all.push_back(pool.get(n));
    REQUIRE(all.back() != nullptr);
    CHECK(reinterpret_cast<std::uintptr_t>(all.back()) % (std::size_t{2} << 20) == 0);
    CHECK(all.back()->first == n);
    CHECK(all.back()->layout.base + all.back()->layout.capacity ==
          reinterpret_cast<std::byte*>(all.back()) + (2 << 20));
  }
  CHECK(pool.mapped_bytes() == 8 << 20);
  CHECK(pool.get(5) == nullptr);
  for (arena_segment* s : all) pool.give_back(s);
  CHECK(pool.mapped_bytes() == segment_pool::kSpares * (2 << 20));
  arena_segment* const again = pool.get(7);
  CHECK((again == all[0] || again == all[1]));
  CHECK(pool.mapped_bytes() == segment_pool::kSpares * (2 << 20));
  pool.give_back(again);
}

TEST_CASE("a held snapshot keeps what is truncated under it, and lets go") {
  const auto s = must(store::open(small()));
  auto reader = must(s->reader());
  CHECK(fill(*s, 0, 1000) == 1000);
  const std::uint64_t full = s->stats().held_bytes;
  {
    auto held = reader.snapshot();
    REQUIRE(s->truncate_before(1000).ok());
    CHECK(fill(*s, 1000, 1000) == 1000);
    REQUIRE(s->truncate_before(2000).ok());
    CHECK(s->stats().held_bytes > full * 3 / 2);  // also what it never saw: everything since it was taken
    CHECK(shows(held, 0, 1000));
    CHECK(shows(reader, 2000, 2000));
  }
  CHECK(fill(*s, 2000, 100) == 100);
  CHECK(s->stats().held_bytes < full / 2);
  CHECK(shows(reader, 2000, 2100));
}

TEST_CASE("what was truncated before a snapshot was taken is freed under it") {
  const auto s = must(store::open(small()));
  auto sleeper = must(s->reader()), other = must(s->reader());
  CHECK(fill(*s, 0, 1000) == 1000);
  const std::uint64_t full = s->stats().held_bytes;
  std::optional early(sleeper.snapshot());
  REQUIRE(s->truncate_before(1000).ok());
  CHECK(s->stats().held_bytes >= full);
  auto late = other.snapshot();
  early.reset();
  CHECK(fill(*s, 1000, 100) == 100);
  CHECK(s->stats().held_bytes < full / 2);
  CHECK(late.range().count() == 0);
}

TEST_CASE("an inner snapshot is whole when the outer one has gone first") {
  const auto s = must(store::open(small()));
  auto reader = must(s->reader());
  CHECK(fill(*s, 0, 300) == 300);
  std::optional outer(reader.snapshot());
  CHECK(fill(*s, 300, 300) == 300);
  auto inner = reader.snapshot();
  auto list = must(reader.read(299));
  outer.reset();
  REQUIRE(s->truncate_before(600).ok());
  CHECK(fill(*s, 600, 600) == 600);
  CHECK(shows(inner, 0, 600));
  sequence next = 300;
  list.for_each([&](const event_view& e) { CHECK(number_in(e) == next++); });
  CHECK(next == 600);
}

TEST_CASE("a snapshot outlives its reader") {
  const auto s = must(store::open(small()));
  CHECK(fill(*s, 0, 300) == 300);
  auto held = must(s->reader()).snapshot();
  auto other = must(s->reader());
  { const auto some = other.snapshot(); }
  REQUIRE(s->truncate_before(300).ok());
  CHECK(fill(*s, 300, 600) == 600);
  CHECK(shows(held, 0, 300));
}

TEST_CASE("directories are replaced under snapshots that look through the old ones") {
  store_options o = small();
  o.events_max = 400;
  const auto s = must(store::open(o));
  std::vector<decltype(must(s->reader()))> readers;
  std::vector<decltype(readers[0].snapshot())> held;
  for (std::uint64_t round = 0; round < 40; ++round) {
    CHECK(fill(*s, 100 * round, 100) == 100);
    if (round % 10 == 3) {
      readers.push_back(must(s->reader()));
      held.push_back(readers.back().snapshot());
    }
    for (std::size_t i = 0; i < held.size(); ++i) {
      const std::uint64_t end = 100 * (10 * i + 4);
      CHECK(shows(held[i], end - 400, end));
    }
  }
}

TEST_CASE("a sleeper that keeps everything makes the store full, not the machine") {
  store_options o = small();
  o.memory_bytes_max = 64 * o.segment_bytes;
  o.events_max = 10;
  const auto s = must(store::open(o));
  auto reader = must(s->reader());
  CHECK(fill(*s, 0, 10) == 10);
  std::uint64_t taken = 10;
  {
    auto held = reader.snapshot();
    taken += fill(*s, taken, 100'000);
    CHECK(taken < 10'000);
    CHECK(s->stats().held_bytes < 2 * o.memory_bytes_max);
    draft d;
    d.what = kind::created;
    d.entity = "e";
    CHECK(s->append_in_place(d, kPayload, [](std::span<std::byte>) {}).error().code == errc::store_full);
    CHECK(shows(held, 0, 10));
    CHECK(shows(reader, taken - 10, taken));
  }
  CHECK(fill(*s, taken, 5000) == 5000);
  CHECK(shows(reader, taken + 4990, taken + 5000));
}

TEST_CASE("a batch that finds no memory leaves nothing behind, over several segments") {
  store_options o = small();
  o.memory_bytes_max = 64 * o.segment_bytes;
  const auto s = must(store::open(o));
  auto reader = must(s->reader());
  CHECK(fill(*s, 0, 1500) == 1500);
  std::vector<std::byte> payload(900);
  draft d;
  d.what = kind::created;
  d.entity = "e";
  d.payload = payload;
  const std::vector<draft> batch(120, d);
  CHECK(s->append(batch).error().code == errc::store_full);
  CHECK(shows(reader, 0, 1500));
  CHECK(fill(*s, 1500, 100) == 100);
  CHECK(shows(reader, 0, 1600));
}

TEST_CASE("files are not offered") {
  store_options o = small();
  o.dir = "/tmp";
  const auto opened = store::open(o);
  REQUIRE_FALSE(opened.ok());
  CHECK((opened.error() == error{.code = errc::bad_options, .got = 9}));
}

// The writer goes through memory as fast as it can, with little of it; a reader that saw something freed would find
// other numbers there, or fault.
TEST_CASE("readers in threads never see memory that is used again", "[threads]") {
  store_options o = small();
  o.events_max = 60;
  const auto s = must(store::open(o));
  CHECK(fill(*s, 0, 60) == 60);
  std::atomic<bool> done{false}, wrong{false};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 3; ++t)
      threads.emplace_back([&] {
        auto reader = s->reader();
        while (!done && reader.ok()) {
          auto now = reader.value().snapshot();
          const bounds b = now.range();
          if (!shows(now, b.first, b.end)) wrong = true;
          auto inner = reader.value().snapshot();
          if (inner.range().end < b.end) wrong = true;
        }
      });
    CHECK(fill(*s, 60, 30'000) == 30'000);
    done = true;
  }
  CHECK_FALSE(wrong);
}

}  // namespace
}  // namespace copycost::event_store
