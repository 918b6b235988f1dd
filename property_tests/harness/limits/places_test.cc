// SPDX-License-Identifier: Apache-2.0
// Where the probes read and write, and on which processors: addresses that would make a limit too good or too bad.
#include <cstring>
#include <set>

#include "harness/limits/cold.h"
#include "harness/limits/counting.h"
#include "harness/limits/placement.h"
#include "property_tests/catch.h"

using namespace copycost::limits::detail;
using copycost::env::cache_level;

namespace {

std::uintptr_t address(const void* p) { return reinterpret_cast<std::uintptr_t>(p); }

bool benign(const void* source, const void* target) {
  const std::uintptr_t distance = (address(target) - address(source)) % kPageBytes;
  return distance >= 64 && distance <= kPageBytes - 64;
}

constexpr std::uint64_t kMiB = 1024 * 1024;

}  // namespace

TEST_CASE("warm copies lie at a benign distance and do not overlap") {
  for (const std::size_t size : {1u, 16u, 64u, 4095u, 4096u, 4097u, 65536u, 1u << 20}) {
    INFO(size);
    const copy_buffers buffers(size, kBenignDistance);
    CHECK(benign(buffers.source(), buffers.target()));
    CHECK(buffers.source() + size <= buffers.target());
    const std::uintptr_t distance = address(buffers.target()) - address(buffers.source());
    CHECK((distance & (distance - 1)) != 0);  // no power of two
    CHECK(buffers.source()[size - 1] != std::byte{0});
    CHECK(buffers.target()[size - 1] != std::byte{0});
  }
}

TEST_CASE("the pathological copy lies where a header of eight bytes puts it") {
  const copy_buffers buffers(4096, kHeaderDistance);
  CHECK((address(buffers.target()) - address(buffers.source())) % kPageBytes == 8);
}

TEST_CASE("cold places are within the region, do not overlap, and are spread over all of it") {
  mapping memory(32 * kMiB);
  const std::span<std::byte> region(memory.data(), memory.size());
  for (const std::uint64_t size :
       {std::uint64_t{1}, std::uint64_t{64}, std::uint64_t{4097}, cold_size_max_of(32 * kMiB)}) {
    INFO(size);
    cold_places places(region, size, 7);
    std::set<std::uintptr_t> sixteenths;
    bool within = true, apart = true, good = true;
    for (int i = 0; i < 2000; ++i) {
      const auto [source, target] = places.for_copy();
      const std::byte* read = places.for_read();
      within = within && source >= memory.data() && target + size <= memory.data() + memory.size() &&
               read >= memory.data() && read + size <= memory.data() + memory.size();
      apart = apart && source + size <= target;
      good = good && benign(source, target) && address(source) % 64 == 0 && address(target) % 64 == 0;
      sixteenths.insert((address(read) - address(memory.data())) / (2 * kMiB));
    }
    CHECK(within);
    CHECK(apart);
    CHECK(good);
    CHECK(sixteenths.size() >= 14);  // the last places cannot start in the last sixteenths when they are long
  }
}

TEST_CASE("the cold region is large against the caches, and still sensible") {
  const auto with = [](std::uint64_t second, std::uint64_t third) {
    return cold_region_bytes(std::vector<cache_level>{{2, "Unified", second}, {3, "Unified", third}});
  };
  CHECK(cold_region_bytes({}) == 32 * kMiB);
  CHECK(with(kMiB, 16 * kMiB) == 64 * kMiB);
  CHECK(with(2 * kMiB, 480 * kMiB) == 128 * kMiB);
  CHECK(with(24 * kMiB, 24 * kMiB) == 192 * kMiB);
  CHECK(with(1000 * 1000, 5000 * 1001) % (2 * kPageBytes) == 0);
}

TEST_CASE("two threads go to two cores, and to two threads of one core only when there is nothing else") {
  const auto chosen = [](std::vector<unsigned> allowed, unsigned current, std::vector<unsigned> siblings) {
    const auto pair = choose_pair(allowed, current, siblings);
    return pair ? std::vector<unsigned>{pair->first, pair->second} : std::vector<unsigned>{};
  };
  CHECK(chosen({0, 1, 2, 3}, 0, {0, 1}) == std::vector<unsigned>{0, 2});
  CHECK(chosen({0, 1, 2, 3}, 2, {2, 3}) == std::vector<unsigned>{2, 0});
  CHECK(chosen({0, 1}, 1, {0, 1}) == std::vector<unsigned>{1, 0});
  CHECK(chosen({4, 9}, 4, {}) == std::vector<unsigned>{4, 9});
  CHECK(chosen({4, 9}, 7, {}) == std::vector<unsigned>{4, 9});  // moved away between two questions
  CHECK(chosen({4}, 4, {4}).empty());
  CHECK(chosen({}, 0, {}).empty());
}

TEST_CASE("pinning is undone") {
  const auto before = allowed_processors();
  REQUIRE_FALSE(before.empty());
  {
    const pinned here(before.back());
    CHECK(allowed_processors() == std::vector<unsigned>{before.back()});
  }
  CHECK(allowed_processors() == before);
}

TEST_CASE("two threads overlapped only if both got something done") {
  CHECK(overlapped(4096, 4096));
  CHECK(overlapped(4096, 1024));
  CHECK(overlapped(1024, 4096));
  CHECK_FALSE(overlapped(4096, 0));
  CHECK_FALSE(overlapped(4096, 100));
  CHECK_FALSE(overlapped(4096, 400'000));
}
