// SPDX-License-Identifier: Apache-2.0
//
// How much a pool of buffers keeps, and what it says of itself.
//
// Threads: a value.
#pragma once
#include <cstddef>
#include <cstdint>

namespace copycost::graph {

#ifdef NDEBUG
inline constexpr bool kWipesByDefault = false;
#else
inline constexpr bool kWipesByDefault = true;
#endif

struct pool_limits {
  std::uint64_t bytes = std::uint64_t{64} << 20;  // of all buffers that are kept or lent, with what is in front of them
  std::uint64_t thread_bytes = 256 * 1024;        // of those in the cache of one thread
  bool wipes = kWipesByDefault;  // fills what comes back with kWiped, and checks it when it is lent again
};
inline constexpr std::byte kWiped{0xDD};

// Of all threads. gets = hits + misses + over_budget + oversize; what is lent is gets - returns.
struct pool_stats {
  std::uint64_t gets = 0;
  std::uint64_t hits = 0;         // lent again
  std::uint64_t misses = 0;       // new, within the budget
  std::uint64_t over_budget = 0;  // plain memory, because the budget was used up
  std::uint64_t oversize = 0;     // plain memory, because no class is as large
  std::uint64_t returns = 0;
  std::uint64_t bytes = 0;        // of pooled buffers, kept and lent, now
  std::uint64_t plain_bytes = 0;  // of plain memory, lent, now
  friend bool operator==(const pool_stats&, const pool_stats&) = default;
};

}  // namespace copycost::graph
