// SPDX-License-Identifier: Apache-2.0
//
// Live requested bytes over all threads and their peak, and the switch that says who watches each allocation.
//
// Lifetime: the process.
// Threads: safe; one shared atomic, touched only while an instrument watches.
// Cost: one locked addition for each allocation and each free.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace copycost::hooks {

inline constexpr unsigned kWatchPeak = 1;   // keep the peak of the heap
inline constexpr unsigned kWatchSub = 2;    // and of sub-allocations with it
inline constexpr unsigned kWatchTrace = 4;  // write a trace

extern constinit std::atomic<unsigned> g_watch;

struct live_bytes {
  alignas(64) std::atomic<std::int64_t> now = 0;
  alignas(64) std::atomic<std::int64_t> peak = 0;

  void add(std::int64_t change) {
    const std::int64_t value = now.fetch_add(change, std::memory_order_relaxed) + change;
    if (change <= 0) return;
    std::int64_t highest = peak.load(std::memory_order_relaxed);
    while (value > highest) [[unlikely]] {
        if (peak.compare_exchange_weak(highest, value, std::memory_order_relaxed)) break;
      }
  }
};
extern constinit live_bytes g_live;

// See cch_peak_reset and cch_track_peak.
void reset_peak();
void track_peak(int mode);

// The peak since the process started, over all resets; false: it was not kept all the time, or not of the same thing.
struct process_peak {
  std::int64_t bytes;
  bool complete;
};
process_peak peak_of_process();

inline unsigned watched() { return g_watch.load(std::memory_order_relaxed); }

}  // namespace copycost::hooks
