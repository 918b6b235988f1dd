// SPDX-License-Identifier: Apache-2.0
// Goal: an arena never hands out memory twice, keeps its limit, frees as a whole, and knows who is stale.
// Method: random sequences against a list of what was handed out; every promise of the header once at its edge.
#include "impls/common/arena.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "harness/base/rng.h"
#include "harness/ledger/hooks/hooks.h"
#include "property_tests/catch.h"

#if COPYCOST_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#endif

namespace copycost {
namespace {

constexpr std::size_t kPage = 4096;

struct given {
  arena::lease at;
  std::size_t size;
  int fill;
};

given fill(arena& a, std::size_t size, int value) {
  const given g{a.allocate(size), size, value & 0xFF};
  REQUIRE(g.at.data != nullptr);
  std::memset(g.at.data, g.fill, size);
  return g;
}

bool is_whole(const given& g) {
  return std::all_of(g.at.data, g.at.data + g.size, [&](std::byte b) { return std::to_integer<int>(b) == g.fill; });
}

// A page-sized size, a small one, or one above the block size.
std::size_t any_size(rng& random) {
  switch (random.below(8)) {
    case 0:
      return random.between(1, 3 * kPage);
    case 1:
      return random.between(60'000, 70'000);
    case 2:
      return random.between(200'000, 300'000);
    default:
      return random.between(1, 100);
  }
}

TEST_CASE("pieces are aligned, do not overlap and keep their bytes over any sequence of sizes and resets") {
  arena a({.bytes_max = 64 << 20, .block_bytes = 64 << 10});
  rng random(7);
  for (int generation = 0; generation < 20; ++generation) {
    std::vector<given> all;
    const auto n = random.below(200);
    for (std::uint64_t i = 0; i < n; ++i) {
      all.push_back(fill(a, any_size(random), static_cast<int>(random.below(256))));
      CHECK(reinterpret_cast<std::uintptr_t>(all.back().at.data) % arena::kAlignment == 0);
      CHECK(a.is_alive(all.back().at.ticket));
    }
    std::size_t used = 0;
    for (const given& g : all) {
      CHECK(is_whole(g));
      used += g.size;
    }
    CHECK(a.used_bytes() >= used);
    CHECK(a.mapped_bytes() >= a.used_bytes());
    a.reset();
    CHECK(a.used_bytes() == 0);
    CHECK(a.generation() == static_cast<std::uint64_t>(generation) + 1);
    for (const given& g : all) CHECK_FALSE(a.is_alive(g.at.ticket));
  }
}

TEST_CASE("blocks are reused after a reset: the same work maps nothing new") {
  arena a({.bytes_max = 64 << 20, .block_bytes = 64 << 10});
  const auto work = [&] {
    for (std::size_t i = 1; i < 400; ++i) fill(a, i * 7, static_cast<int>(i));
  };
  work();
  const std::size_t mapped = a.mapped_bytes();
  for (int i = 0; i < 10; ++i) {
    a.reset();
    work();
  }
  CHECK(a.mapped_bytes() == mapped);
}

TEST_CASE("a piece that fits into no old block leaves the old blocks for what comes after it") {
  arena a({.bytes_max = 64 << 20, .block_bytes = 64 << 10});
  for (int i = 0; i < 3; ++i) fill(a, 60'000, i);  // a block each
  a.reset();
  fill(a, 60'000, 1);
  fill(a, 200'000, 2);
  const std::size_t mapped = a.mapped_bytes();
  fill(a, 60'000, 3);
  fill(a, 60'000, 4);
  CHECK(a.mapped_bytes() == mapped);
}

TEST_CASE("the limit holds, and room_max() is exactly what is left") {
  rng random(11);
  for (int round = 0; round < 50; ++round) {
    arena a({.bytes_max = 32 * kPage, .block_bytes = 4 * kPage});
    for (;;) {
      const std::size_t size = random.between(1, 6 * kPage), left = a.room_max();
      const arena::lease got = a.allocate(size);
      CHECK((got.data != nullptr) == (size <= left));
      CHECK(a.mapped_bytes() <= 32 * kPage);
      if (got.data == nullptr) break;
    }
    CHECK(a.allocate(a.room_max() + 1).data == nullptr);
    if (a.room_max() > 0) CHECK(a.allocate(a.room_max()).data != nullptr);
    CHECK(a.mapped_bytes() <= 32 * kPage);
    CHECK(a.allocate(~std::size_t{0}).data == nullptr);
    a.reset();
    CHECK(a.allocate(25 * kPage).data != nullptr);  // small blocks are given up for one that is large enough
    CHECK(a.mapped_bytes() <= 32 * kPage);
  }
}

TEST_CASE("a limit below a page leaves no room at all") {
  arena a({.bytes_max = 100, .block_bytes = 4 * kPage});
  CHECK(a.room_max() == 0);
  CHECK(a.allocate(1).data == nullptr);
}

struct releases {
  std::vector<int> order;
  std::vector<std::vector<std::byte>> buffers{5, std::vector<std::byte>(10)};
  struct one {
    releases* to;
    int number;
  };
  std::vector<one> ones;

  foreign_bytes lend(int number) {
    ones.reserve(8);
    ones.push_back({this, number});
    return {buffers[static_cast<std::size_t>(number)],
            [](void* context, std::byte*, std::size_t) {
              const one& o = *static_cast<one*>(context);
              o.to->order.push_back(o.number);
            },
            &ones.back()};
  }
};

TEST_CASE("adopted memory is given back once: by reset() or by the end of the arena, last in first out") {
  releases seen;
  {
    arena a;
    for (int i = 0; i < 3; ++i) {
      const arena::lease l = a.adopt(seen.lend(i));
      CHECK(l.data == seen.buffers[static_cast<std::size_t>(i)].data());
    }
    CHECK(seen.order.empty());
    a.reset();
    CHECK(seen.order == std::vector<int>{2, 1, 0});
    a.reset();
    CHECK(seen.order.size() == 3);
    CHECK(a.adopt(seen.lend(3)).data != nullptr);
  }
  CHECK(seen.order == std::vector<int>{2, 1, 0, 3});
}

TEST_CASE("memory that cannot be adopted stays with its owner") {
  releases seen;
  arena full({.bytes_max = 0});
  foreign_bytes mine = seen.lend(4);
  CHECK(full.adopt(std::move(mine)).data == nullptr);
  CHECK(mine.bytes().size() == 10);
  CHECK(seen.order.empty());
}

TEST_CASE("only the latest piece shrinks, and its rest is handed out again") {
  arena a;
  const auto first = a.allocate(1000);
  const auto second = a.allocate(1000);
  CHECK_FALSE(a.shrink(first, 1000, 10));
  CHECK(a.shrink(second, 1000, 100));
  const auto third = a.allocate(500);
  CHECK(third.data >= second.data + 100);
  CHECK(third.data < second.data + 1000);
  CHECK_FALSE(a.shrink(second, 100, 0));
  CHECK(a.shrink(third, 500, 0));
  const auto fourth = a.allocate(500);
  CHECK(fourth.data == third.data);
  CHECK(fourth.ticket == third.ticket);  // or builders that are dropped would use tickets up
}

TEST_CASE("a piece from before a reset shrinks nothing, even where the new piece lies in its place") {
  arena a;
  const auto stale = a.allocate(1000);
  a.reset();
  const auto fresh = a.allocate(1000);
  REQUIRE(fresh.data == stale.data);
  CHECK_FALSE(a.shrink(stale, 1000, 0));
  CHECK(a.allocate(1).data >= fresh.data + 1000);
}

TEST_CASE("a piece given back does not expose the piece before it in another block") {
  arena a({.bytes_max = 64 << 20, .block_bytes = 4 * kPage});
  const auto first = a.allocate(3 * kPage);
  const auto second = a.allocate(3 * kPage);
  CHECK(a.shrink(second, 3 * kPage, 0));
  CHECK_FALSE(a.shrink(first, 3 * kPage, 0));
  const auto third = a.allocate(3 * kPage);
  CHECK(third.data == second.data);
  CHECK(a.is_alive(first.ticket));
}

TEST_CASE("blocks that follow each other begin at different places in a page") {
  std::vector<std::size_t> places;
  for (int i = 0; i < 16; ++i) {
    arena a;
    places.push_back(reinterpret_cast<std::uintptr_t>(a.allocate(1).data) % kPage);
  }
  std::sort(places.begin(), places.end());
  CHECK(std::adjacent_find(places.begin(), places.end()) == places.end());
}

#if COPYCOST_ADDRESS_SANITIZER
TEST_CASE("what is not handed out is poisoned: before, behind, after shrinking and after a reset") {
  arena a;
  const auto piece = a.allocate(100);
  CHECK(__asan_region_is_poisoned(piece.data, 100) == nullptr);
  CHECK(__asan_address_is_poisoned(piece.data + 100));
  a.shrink(piece, 100, 40);
  CHECK(__asan_region_is_poisoned(piece.data, 40) == nullptr);
  CHECK(__asan_address_is_poisoned(piece.data + 40));
  a.reset();
  CHECK(__asan_address_is_poisoned(piece.data));
}
#endif

// Says nothing in a program without the hooks, or whose objects do not report (those for the clock).
TEST_CASE("every piece is reported to the hooks, and every report is taken back") {
  if (cch_total == nullptr || cch_is_active == nullptr || !cch_is_active() || !kCounts) return;
  cch_counts before{}, between{}, after{};
  cch_total(&before);
  {
    arena a({.bytes_max = 64 << 20, .block_bytes = 16 * kPage});
    for (std::size_t i = 1; i <= 100; ++i) a.allocate(1000);
    a.shrink(a.allocate(1000), 1000, 0);
    a.shrink(a.allocate(1000), 1000, 300);
    cch_total(&between);
    CHECK(between.sub_alloc_bytes - before.sub_alloc_bytes - (between.sub_freed_bytes - before.sub_freed_bytes) ==
          100'300);
    a.reset();
    a.allocate(50);
  }
  cch_total(&after);
  CHECK(after.allocs - before.allocs == 0);
  CHECK(after.sub_allocs - before.sub_allocs == 104);
  CHECK(after.sub_frees - before.sub_frees == 104);
  CHECK(after.sub_alloc_bytes - before.sub_alloc_bytes == after.sub_freed_bytes - before.sub_freed_bytes);
}

}  // namespace
}  // namespace copycost
