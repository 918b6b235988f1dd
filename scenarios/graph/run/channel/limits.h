// SPDX-License-Identifier: Apache-2.0
//
// What every kind of channel is bounded by, and what it counts.
//
// Threads: values.
#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>

#include "harness/base/check.h"

namespace copycost::graph {

struct channel_limits {
  std::size_t items = 1024;                // a power of two
  std::uint64_t bytes = 64 * 1024 * 1024;  // of payload; the largest item, too
};

struct channel_stats {
  // Bytes as bytes_of() says. What is pushed and neither popped nor abandoned is in the channel.
  std::uint64_t pushed = 0, popped = 0, pushed_bytes = 0, popped_bytes = 0;
  std::uint64_t abandoned = 0;                  // pushed and never popped, because the consumer is gone
  std::uint64_t waits_push = 0, waits_pop = 0;  // calls of push() and pop() that could not go on at once
  // The most that either side found in it when it looked what the other side had done. A push that finds no room finds
  // it full.
  std::uint64_t items_high = 0, bytes_high = 0;
};

// What an item counts for against a limit in bytes: its payload, or itself where it has none.
template <class I>
constexpr std::uint64_t bytes_of(const I& one) {
  if constexpr (requires {
                  { one.size() } -> std::convertible_to<std::uint64_t>;
                })
    return one.size();
  else
    return sizeof(I);
}

// REQUIRES: what it checks.
inline void check(const channel_limits& limits) {
  COPYCOST_REQUIRE(limits.items > 0 && (limits.items & (limits.items - 1)) == 0);
  COPYCOST_REQUIRE(limits.items <= std::size_t{1} << 32 && limits.bytes <= std::uint64_t{1} << 62);
}

}  // namespace copycost::graph
