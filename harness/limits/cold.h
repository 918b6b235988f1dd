// SPDX-License-Identifier: Apache-2.0
//
// Internal to harness/limits: a region of memory in which a random place is not in the L2 cache, and as rarely in the
// last level as is sensible.
//
// Lifetime: places refer to memory that the caller keeps.
// Threads: a value.
// Cost: two multiplications for a place.
#pragma once
#include <cstdint>
#include <span>

#include "harness/base/rng.h"
#include "harness/env/cpu.h"
#include "harness/limits/mapping.h"

namespace copycost::limits::detail {

// Four times the largest cache, at least eight times the L2, and between 32 and 128 MiB where that leaves a choice:
// virtual machines report the whole last level of a host that they share, and every launch pays for the setting up.
std::uint64_t cold_region_bytes(std::span<const env::cache_level> caches);

// The largest operation in a region of so many bytes: some random places must be left to choose from.
inline std::uint64_t cold_size_max_of(std::uint64_t region_bytes) { return region_bytes / 8; }

// Random places in a region, for operations of one size. To be kept in a local variable of the timed loop, so that the
// state stays in registers: a state in memory is stored and loaded again by each operation, the load waits for the
// store, the store waits for the slow operation before it to retire, and the loop times latencies one by one.
// Value type. VALID UNTIL: the region is unmapped.
class cold_places {
 public:
  // REQUIRES: region.size() is a multiple of two pages, size <= cold_size_max_of(region.size()).
  cold_places(std::span<std::byte> region, std::uint64_t size, std::uint64_t seed)
      : data_(region.data()), bytes_(region.size()), size_(size), state_(seed) {}

  // The start of a cache line anywhere in the region.
  const std::byte* for_read() { return data_ + below((bytes_ - size_) / kLineBytes) * kLineBytes; }

  struct pair {
    const std::byte* source;
    std::byte* target;
  };
  // A source in the lower half and a target in the upper half, both at the start of a cache line, at the benign
  // distance modulo the page.
  pair for_copy() {
    const std::uint64_t half = bytes_ / 2;
    const std::uint64_t source = below((half - size_) / kLineBytes) * kLineBytes;
    const std::uint64_t target_page = below((half - size_) / kPageBytes - 1) * kPageBytes;
    return {data_ + source, data_ + half + target_page + (source + kBenignDistance) % kPageBytes};
  }

  // Where to go on: the seed of the next places.
  std::uint64_t state() const { return state_; }

 private:
  static constexpr std::uint64_t kLineBytes = 64;

  // A linear congruential step (Knuth's MMIX constants), of which the product uses the good upper bits. One
  // multiplication is all that a timed loop should pay for randomness.
  std::uint64_t below(std::uint64_t bound) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::uint64_t>((static_cast<wide>(state_) * bound) >> 64);
  }

  std::byte* data_;
  std::uint64_t bytes_, size_, state_;
};

}  // namespace copycost::limits::detail
