// SPDX-License-Identifier: Apache-2.0
//
// A region of memory in which a random place is not in the L2 cache, and as rarely in the last level as is sensible.
// Internal to harness/limits. Lifetime: owns its memory. Not thread-safe. Cost: writing the region once.
#pragma once
#include <cstdint>
#include <span>

#include "harness/core/rng.h"
#include "harness/env/cpu.h"
#include "harness/limits/mapping.h"

namespace copycost::limits::detail {

// Four times the largest cache, at least eight times the L2, and between 32 and 128 MiB where that leaves a choice:
// virtual machines report the whole last level of a host that they share, and every launch pays for the setting up.
std::uint64_t cold_region_bytes(std::span<const env::cache_level> caches);

// The largest operation in a region of so many bytes: some random places must be left to choose from.
inline std::uint64_t cold_size_max_of(std::uint64_t region_bytes) { return region_bytes / 8; }

class cold_region {
 public:
  // Throws std::system_error.
  explicit cold_region(std::uint64_t bytes);

  struct places {
    const std::byte* source;
    std::byte* target;
  };
  // A random source in the lower half and a random target in the upper half, both at the start of a cache line, at the
  // benign distance modulo the page. REQUIRES: size <= size_max(). VALID UNTIL: the region is destroyed.
  places places_for_copy(std::uint64_t size);
  // A random place in the whole region. REQUIRES and VALID UNTIL as above.
  const std::byte* place_for_read(std::uint64_t size);

  std::uint64_t size_max() const { return cold_size_max_of(memory_.size()); }
  std::span<const std::byte> bytes() const { return {memory_.data(), memory_.size()}; }

 private:
  mapping memory_;
  rng random_;
};

}  // namespace copycost::limits::detail
