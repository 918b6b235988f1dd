// SPDX-License-Identifier: Apache-2.0
//
// The A/A noise floor: how far apart this run places two cells that are the same. It has no errors: pairs that say
// nothing are counted and left out.
//
// Threads: safe; pure functions.
// Cost: O(n log n) time, O(n) memory.
#pragma once
#include <cstddef>
#include <span>

#include "harness/stats/interval.h"

namespace copycost::stats {

// One cell measured as if it were two. VALID UNTIL: whatever the spans view is gone; nothing is kept after a call.
struct aa_pair {
  std::span<const double> first, second;  // equally long; position i of both is launch i
};

struct noise_floor {
  double relative;               // differences up to this are noise: 0.01 is 1 %; infinite without pairs
  double level;                  // the share of further A/A pairs that stay within it (below what was asked: few pairs)
  std::size_t pairs;             // A/A pairs used
  std::size_t dropped;           // A/A pairs with fewer than kPairsMin usable launches
  std::size_t false_alarms;      // A/A pairs whose interval excluded 1
  double false_alarm_share_max;  // upper bound at kLevel of the share of false alarms (Clopper and Pearson)
};

// For each A/A pair the size of its median log ratio; of these the upper quantile, turned into a ratio minus 1.
// The quantile is the order statistic ceil((n + 1) * level), at most n, rather than one interpolated below the maximum:
// for exchangeable pairs a further one stays within it with at least the chance `level` that is returned, n / (n + 1)
// when n is too small. A difference between two designs that is below the floor is not one, whatever its interval says.
// Source of the quantile: Wilks, "Determination of sample sizes for setting tolerance limits" (1941).
// REQUIRES: as paired_ratio for each pair; 0 < level < 1, the share of pairs that the floor is to hold for;
// 0 < interval_level < 1, the level at which an alarm is raised.
noise_floor aa_noise_floor(std::span<const aa_pair> pairs, double level = kLevel, double interval_level = kLevel);

}  // namespace copycost::stats
