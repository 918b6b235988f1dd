// SPDX-License-Identifier: Apache-2.0
//
// Lower bounds of work, for the limits that workloads declare: what is left when nothing but the contract is asked for,
// whichever design owns the bytes. Each is a sum of probes of harness/limits, which are run over as few and as near
// bytes as the work allows, so that no design can be quicker.
//
//   least_turn()          a handle of two words in registers, and one turn of a loop
//   least_read(n)         n bytes that lie in one place are read, all of them
//   least_read_near(n)    n bytes are read that need not lie anywhere together: a receiver may use one buffer again
//   least_write(n)        n bytes are written
//   least_copy(n)         n bytes are copied from one place to another, of which both have n bytes
//   least_copy_near(n)    n bytes are copied, in pieces that may stay in the nearest cache
//   at_once(k)            what k threads take that can run on the processors that are there: 1 where there are k
//
// Small copies and fields cost no more than a turn: a compiler that knows their size moves them in registers.
//
// Threads: safe; pure functions.
#pragma once
#include <sched.h>

#include <algorithm>
#include <cstdint>

#include "harness/core/limit_term.h"

namespace copycost {

inline constexpr std::uint64_t kLeastNear = 16 * 1024;          // every first-level cache holds twice that
inline constexpr std::uint64_t kLeastWhole = 16 * 1024 * 1024;  // beyond, reading is not quicker than up to there
inline constexpr std::uint64_t kLeastRegisters = 64;            // what a register or a few move at once

inline limit_sum least_turn() { return {{1, "handle_move"}}; }

namespace detail {
// So many bytes in operations of at most `each`.
inline limit_sum in_parts(const char* name, std::uint64_t bytes, std::uint64_t each) {
  if (bytes <= each) return {{1, name, bytes}};
  return {{static_cast<double>(bytes) / static_cast<double>(each), name, each}};
}
}  // namespace detail

inline limit_sum least_read(std::uint64_t bytes) {
  return bytes == 0 ? least_turn() : detail::in_parts("read_hot", bytes, kLeastWhole);
}
inline limit_sum least_read_near(std::uint64_t bytes) {
  return bytes == 0 ? least_turn() : detail::in_parts("read_hot", bytes, kLeastNear);
}
inline limit_sum least_write(std::uint64_t bytes) {
  return bytes <= kLeastRegisters ? least_turn() : detail::in_parts("write_hot", bytes, kLeastNear);
}
inline limit_sum least_copy(std::uint64_t bytes) {
  return bytes <= kLeastRegisters ? least_turn() : detail::in_parts("memcpy_hot", bytes, kLeastWhole);
}
inline limit_sum least_copy_near(std::uint64_t bytes) {
  return bytes <= kLeastRegisters ? least_turn() : detail::in_parts("memcpy_hot", bytes, kLeastNear);
}

// Processors that this process may use.
inline unsigned usable_processors() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  return sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? static_cast<unsigned>(std::max(1, CPU_COUNT(&allowed)))
                                                             : 1;
}
inline double at_once(std::uint64_t threads) {
  return std::max(1.0, static_cast<double>(threads) / usable_processors());
}

}  // namespace copycost
