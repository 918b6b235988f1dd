// SPDX-License-Identifier: Apache-2.0
//
// Internal to harness/limits: one owner more and one owner less, as the cheapest correct reference count does it.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "harness/limits/probe.h"

namespace copycost::limits::detail {

// Far enough apart for processors that fetch cache lines in pairs.
inline constexpr std::size_t kApartBytes = 128;

inline void count_up_and_down(std::atomic<std::uint32_t>& count) {
  escape(count.fetch_add(1, std::memory_order_relaxed));
  // Release orders this owner's accesses before the drop. Acquire makes the last owner see them all; written on the
  // decrement rather than as a fence behind it, because ThreadSanitizer does not understand fences.
  if (count.fetch_sub(1, std::memory_order_acq_rel) == 1) [[unlikely]]
    escape(&count);
}

// Did two threads really run at the same time, judging by what each got done meanwhile? One that was descheduled
// leaves the other nearly alone: then one did many times the work of the other.
inline bool overlapped(std::uint64_t own_ops, std::uint64_t other_ops) {
  constexpr std::uint64_t kImbalanceMax = 8;
  return own_ops <= other_ops * kImbalanceMax && other_ops <= own_ops * kImbalanceMax;
}

}  // namespace copycost::limits::detail
