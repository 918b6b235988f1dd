// SPDX-License-Identifier: Apache-2.0
#include "harness/limits/cold.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "harness/core/check.h"
#include "harness/limits/probe.h"
#include "harness/limits/probes.h"
#include "harness/limits/sum.h"

namespace copycost::limits::detail {
namespace {

constexpr std::uint64_t kMiB = 1024 * 1024, kLineBytes = 64;
constexpr std::uint64_t kSeed = 1;  // any seed will do: only the spread of the places matters

// Kept from call to call, because writing it takes longer than measuring in it.
std::unique_ptr<cold_region>& kept_region() {
  static std::unique_ptr<cold_region> region;
  return region;
}

cold_region& region() {
  auto& kept = kept_region();
  if (!kept) kept = std::make_unique<cold_region>(cold_region_bytes(env::caches(env::read_file)));
  return *kept;
}

}  // namespace

std::uint64_t cold_region_bytes(std::span<const env::cache_level> caches) {
  std::uint64_t second = 0, largest = 0;
  for (const env::cache_level& cache : caches) {
    largest = std::max(largest, cache.size_bytes);
    if (cache.level == 2) second = std::max(second, cache.size_bytes);
  }
  const std::uint64_t wanted = std::clamp(4 * largest, 32 * kMiB, 128 * kMiB);
  return std::max(wanted, 8 * second) / (2 * kPageBytes) * (2 * kPageBytes);
}

cold_region::cold_region(std::uint64_t bytes) : memory_(bytes), random_(kSeed) { memory_.fill(); }

cold_region::places cold_region::places_for_copy(std::uint64_t size) {
  COPYCOST_ASSERT(size <= size_max());
  const std::uint64_t half = memory_.size() / 2;
  const std::uint64_t source = random_.below((half - size) / kLineBytes) * kLineBytes;
  const std::uint64_t target_page = random_.below((half - size) / kPageBytes - 1) * kPageBytes;
  const std::uint64_t target = half + target_page + (source + kBenignDistance) % kPageBytes;
  return {memory_.data() + source, memory_.data() + target};
}

const std::byte* cold_region::place_for_read(std::uint64_t size) {
  COPYCOST_ASSERT(size <= size_max());
  return memory_.data() + random_.below((memory_.size() - size) / kLineBytes) * kLineBytes;
}

sample memcpy_cold(std::uint64_t size, std::chrono::nanoseconds budget) {
  cold_region& cold = region();
  const auto copy = [&] {
    const auto [source, target] = cold.places_for_copy(size);
    std::size_t bytes = size;
    hide(bytes);
    std::memcpy(target, source, bytes);
    escape(target);
  };
  return repeat({budget, size}, [&](std::uint64_t ops) { return time_operations(ops, copy); });
}

sample read_cold(std::uint64_t size, std::chrono::nanoseconds budget) {
  cold_region& cold = region();
  sum_function* sum = best_sum();
  const auto read = [&] {
    std::size_t bytes = size;
    hide(bytes);
    escape(sum(cold.place_for_read(size), bytes));
  };
  return repeat({budget, size}, [&](std::uint64_t ops) { return time_operations(ops, read); });
}

std::uint64_t cold_size_max() {
  static const std::uint64_t size_max = cold_size_max_of(cold_region_bytes(env::caches(env::read_file)));
  return size_max;
}

void release_cold_region() { kept_region().reset(); }

}  // namespace copycost::limits::detail
