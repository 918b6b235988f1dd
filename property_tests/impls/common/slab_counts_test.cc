// SPDX-License-Identifier: Apache-2.0
// Goal: references of one process are added and dropped one by one or together, each once, and never wrap. Method: the
// counts themselves, and what the segment has in use.
#include <memory>
#include <vector>

#include "harness/base/rng.h"
#include "impls/common/slab.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"

using namespace copycost;

namespace {

struct closer {
  void operator()(slab* s) const { s->close(); }
};
std::unique_ptr<slab, closer> fresh() {
  auto segment = shm_segment::create({std::size_t{4} << 20, false});
  REQUIRE(segment.ok());
  auto opened = slab::open(std::move(segment).value());
  REQUIRE(opened.ok());
  return std::unique_ptr<slab, closer>(*opened);
}

}  // namespace

TEST_CASE("a count that would wrap refuses one more owner", "[slab]") {
  const auto s = fresh();
  const held_block b = s->allocate(10);
  b.count->store(0x80000000u);
  CHECK(!slab::add(*b.count));
  CHECK(b.count->load() == 0x80000000u);
  b.count->store(1);
  s->drop(*b.count);
  CHECK(s->used().blocks == 0);
}

TEST_CASE("several owners are added at once, unless the count could wrap", "[slab]") {
  const auto s = fresh();
  const held_block b = s->allocate(10);
  CHECK(slab::add(*b.count, 63));
  CHECK(b.count->load() == 64);
  CHECK(!slab::add(*b.count, slab::kAddMax + 1));
  CHECK(!slab::add(*b.count, (std::uint64_t{1} << 32) + 1));
  CHECK(b.count->load() == 64);
  b.count->store(0x80000000u - 10);
  CHECK(!slab::add(*b.count, 11));
  CHECK(b.count->load() == 0x80000000u - 10);
  CHECK(slab::add(*b.count, 10));
  CHECK(b.count->load() == 0x80000000u);
  b.count->store(1);
  s->drop(*b.count);
  CHECK(s->used().blocks == 0);
}

TEST_CASE("references are dropped together, each once, in any order", "[slab]") {
  rng random(copycost::test::count_from("COPYCOST_SEED", 15));
  for (int round = 0; round < 200; ++round) {
    const auto s = fresh();
    std::vector<std::atomic<std::uint32_t>*> all, kept;
    for (std::uint64_t n = random.below(20); n > 0; --n) {
      const held_block b = s->allocate(100);
      const std::uint64_t more = random.below(5);
      if (more > 0) REQUIRE(slab::add(*b.count, more));
      const bool keeps = more > 0 && random.below(2) == 0;
      if (keeps) kept.push_back(b.count);
      all.insert(all.end(), more + (keeps ? 0 : 1), b.count);
    }
    if (random.below(2) == 0) random.shuffle(all);
    s->drop_all(all);
    REQUIRE(s->used().blocks == kept.size());
    s->drop_all(kept);
  }
}

TEST_CASE("references that are dropped together may be the last of a slab that is closed", "[slab]") {
  slab* const s = fresh().release();
  std::vector<std::atomic<std::uint32_t>*> all;
  for (int i = 0; i < 3; ++i) {
    all.push_back(s->allocate(100).count);
    REQUIRE(slab::add(*all.back()));
    all.push_back(all.back());
  }
  s->close();
  s->drop_all(all);  // unmaps; a leak checker would tell
}
