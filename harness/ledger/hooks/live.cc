// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/hooks/live.h"

#include "harness/ledger/hooks/hooks.h"
#include "harness/ledger/hooks/slot.h"

namespace copycost::hooks {

constinit std::atomic<unsigned> g_watch = kWatchPeak;  // from the first allocation on
constinit live_bytes g_live;

namespace {

constinit std::atomic<std::int64_t> g_highest = 0;  // of the peaks that were reset
constinit std::atomic<bool> g_gap = false;

void keep_peak() {
  const std::int64_t peak = g_live.peak.load();
  std::int64_t highest = g_highest.load();
  while (peak > highest && !g_highest.compare_exchange_weak(highest, peak)) {
  }
}

}  // namespace

void reset_peak() {
  keep_peak();
  g_live.peak.store(g_live.now.load());
}

void track_peak(int mode) {
  const unsigned before = watched();
  const unsigned peak = mode == CCH_PEAK_OFF ? 0 : mode == CCH_PEAK_HEAP ? kWatchPeak : kWatchPeak | kWatchSub;
  cch_counts all;
  read_total(all);
  std::uint64_t live = all.alloc_bytes - all.freed_bytes;
  if ((peak & kWatchSub) != 0) live += all.sub_alloc_bytes - all.sub_freed_bytes;
  // Sub-allocations that come in or go out make two different peaks, unless there were none yet.
  const bool other_bytes = (before & kWatchSub) != (peak & kWatchSub) && all.sub_allocs != 0;
  if (peak == 0 || other_bytes) g_gap = true;
  keep_peak();
  g_live.now.store(static_cast<std::int64_t>(live));
  g_live.peak.store(static_cast<std::int64_t>(live));
  g_watch.store((before & kWatchTrace) | peak);
}

process_peak peak_of_process() {
  const std::int64_t latest = g_live.peak.load();
  const std::int64_t highest = g_highest.load();
  return {latest > highest ? latest : highest, !g_gap};
}

}  // namespace copycost::hooks
