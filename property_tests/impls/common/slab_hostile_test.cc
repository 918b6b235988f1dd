// SPDX-License-Identifier: Apache-2.0
// Goal: a peer that writes nonsense into a segment cannot break this process. Method: tables full of nonsense, before
// and while the process works.
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "harness/base/rng.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "property_tests/impls/common/slab_bench.h"

using namespace copycost;
using namespace copycost::test;

namespace {

// Writes nonsense into words of the tables: everything but the lock, which a peer may keep for itself.
void scribble(std::byte* base, rng& random, int words) {
  const slab_layout l = slab_layout::of(kMiB);
  const std::size_t first = offsetof(slab_shared, lock) + 64;
  for (int k = 0; k < words; ++k) {
    // Half of it where the first rows and the lists are, so that it is looked at.
    const std::size_t near = random.below(2) == 0 ? first : l.rows;
    const std::size_t where =
        random.below(2) == 0 ? first + 8 * random.below((l.data - first) / 8) : near + 8 * random.below(80);
    auto& word = *reinterpret_cast<std::atomic<std::uint64_t>*>(base + where);
    word = random.below(3) == 0 ? random.next() : word + random.below(5) - 2;
  }
}

// A process that goes on working whatever its tables say; answers when it got to the end.
int work_on(slab& s, std::uint64_t seed, bool scribbles) {
  rng random(seed);
  const held_block before = s.allocate(500);
  if (before.count == nullptr) return 0;
  const block_message m = s.message(*before.count, before.data, 500);
  std::size_t sum = 0;
  for (int step = 0; step < 400; ++step) {
    if (scribbles) scribble(s.segment().base(), random, 20);
    const held_block got = s.allocate(random.below(3000));
    if (got.count != nullptr) {
      got.data[0] = std::byte{1};
      s.drop(*got.count);
    }
    block_message bent = m;
    bent.begin += random.below(3) * 64;
    bent.block += static_cast<block_id>(random.below(3));
    const held_block held = hold_one(s, bent);
    if (held.count != nullptr) sum += static_cast<std::size_t>(held.data[bent.size - 1]);
    for (const std::byte b : s.bytes_of(*before.count)) sum += static_cast<std::size_t>(b);
    sum += s.use_count(*before.count) + s.used().blocks;
    if (step % 50 == 0) s.reclaim();
  }
  return sum == 1 ? 1 : 0;  // whatever it is, it has been read
}

}  // namespace

TEST_CASE("tables full of nonsense make calls fail, not the process", "[slab]") {
  const unsigned rounds = test::count_from("COPYCOST_HOSTILE_ROUNDS", 20);
  for (unsigned seed = 1; seed <= rounds; ++seed) {
    INFO("seed " << seed);
    REQUIRE(test::run_child([&] { return work_on(*fresh(kMiB).release(), seed, true); }) == 0);
  }
}

TEST_CASE("a peer that writes nonsense all the time makes calls fail, not the process", "[slab]") {
  const unsigned rounds = test::count_from("COPYCOST_HOSTILE_ROUNDS", 20);
  for (unsigned seed = 1; seed <= rounds; ++seed) {
    INFO("seed " << seed);
    const auto a = fresh(kMiB);
    const pid_t peer = test::start_child([&]() -> int {
      const auto hostile = another(*a);
      for (rng random(seed);;) scribble(hostile->segment().base(), random, 1000);
    });
    const int end = test::run_child([&] {
      slab* const s = another(*a).release();
      return s == nullptr ? 0 : work_on(*s, seed, false);
    });
    test::kill_child(peer);
    REQUIRE(end == 0);
  }
}
