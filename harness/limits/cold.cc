// SPDX-License-Identifier: Apache-2.0
#include "harness/limits/cold.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "harness/core/read_all.h"
#include "harness/limits/probe.h"
#include "harness/limits/probes.h"

namespace copycost::limits::detail {
namespace {

constexpr std::uint64_t kMiB = 1024 * 1024;

std::uint64_t region_bytes_here() {
  static const std::uint64_t bytes = cold_region_bytes(env::caches(env::read_file));
  return bytes;
}

// Kept from call to call, because writing it takes longer than measuring in it.
std::unique_ptr<mapping>& kept_region() {
  static std::unique_ptr<mapping> region;
  return region;
}

std::span<std::byte> region() {
  auto& kept = kept_region();
  if (!kept) {
    kept = std::make_unique<mapping>(region_bytes_here());
    kept->fill();
  }
  return {kept->data(), kept->size()};
}

// `operation(places, size)` is one operation at new places.
template <class Operation>
sample at_cold_places(std::uint64_t size, std::chrono::nanoseconds budget, Operation operation) {
  const std::span<std::byte> memory = region();
  std::uint64_t seed = 1;  // any will do: only the spread of the places matters
  return repeat({budget, size}, [&](std::uint64_t ops) {
    cold_places places(memory, size, seed);
    const double took_ns = time_operations(ops, [&places, &operation, size] {
      std::size_t bytes = size;
      hide(bytes);
      operation(places, bytes);
    });
    seed = places.state();
    return took_ns;
  });
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

sample memcpy_cold(std::uint64_t size, std::chrono::nanoseconds budget) {
  return at_cold_places(size, budget, [](cold_places& places, std::size_t bytes) {
    const auto [source, target] = places.for_copy();
    std::memcpy(target, source, bytes);
    escape(target);
  });
}

sample read_cold(std::uint64_t size, std::chrono::nanoseconds budget) {
  return at_cold_places(size, budget, [](cold_places& places, std::size_t bytes) {
    escape(read_all({places.for_read(), bytes}));
  });
}

std::uint64_t cold_size_max() { return cold_size_max_of(region_bytes_here()); }
void release_cold_region() { kept_region().reset(); }

}  // namespace copycost::limits::detail
