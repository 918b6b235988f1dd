// SPDX-License-Identifier: Apache-2.0
//
// The ratio of two costs measured side by side in the same launches. It has no errors: what cannot be used is left out
// and counted.
//
// A launch is the unit of replication, so each value is one launch's own summary (its median time, say). What a launch
// does to both sides (clock speed, address layout, neighbours) cancels in its ratio. What it does to one side only
// shows as scatter between launches. That scatter contains the scatter inside launches, so there is one interval and
// nothing to combine. Rounds of one launch are not launches: pooling them makes the interval far too narrow.
//
// Threads: safe; pure functions.
// Cost: O(n log n) time, O(n) memory.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "harness/stats/interval.h"

namespace copycost::stats {

// With fewer pairs than this nothing is ever called separated: the range of four covers the median only 7 times in 8.
inline constexpr std::size_t kPairsMin = 5;

struct ratio_estimate {
  double ratio;         // exp of the median log ratio; NaN without pairs
  double low, high;     // the interval of the ratio; NaN without pairs
  std::size_t pairs;    // launches used
  double level;         // the level that the interval really has; 0 without pairs
  bool separated;       // the interval excludes 1 and pairs >= kPairsMin
  double detectable;    // the smallest relative change that this run could have told apart; see paired_ratio
  bool level_met;       // level >= what was asked for; false when there are too few pairs for it
  std::size_t dropped;  // launches without a usable ratio
  std::size_t ties;     // used launches in which both sides were equal
};

// ln(numerator / denominator), or NaN unless both are finite and above 0: a cost of 0 is a missing cost.
double log_ratio(double numerator, double denominator);

// The log ratios of the launches that have one, in launch order.
// REQUIRES: the spans are equally long; position i of both is launch i.
std::vector<double> log_ratios(std::span<const double> numerator, std::span<const double> denominator);

// The median ratio of paired launches with its distribution-free interval (median_interval of the log ratios).
//
// * Swapping the sides gives the reciprocal, exactly in logarithms.
// * Ties are kept. They pull the interval towards 1 and can only make it harder to be separated; dropping them, as the
//   textbook sign test does, would let two untied launches out of eight decide.
// * detectable = exp(h) - 1, where h is half the width of the interval in logarithms: 0.02 says that a run with this
//   scatter, centred on a true change of 2 %, has an interval that just touches 1. Changes of that size are found about
//   every second time; power.h says how many launches find them reliably. Infinite below kPairsMin pairs. It is 0 when
//   the interval has no width: then the step of the clock hides the scatter, and the step is the real limit.
// * A family of comparisons must test `separated && level_met`: eight launches cannot reach the level that a long table
//   needs (multiple.h), and then `level` is less than what was asked for.
//
// REQUIRES: the spans are equally long; position i of both is launch i; 0 < level < 1.
ratio_estimate paired_ratio(std::span<const double> numerator, std::span<const double> denominator,
                            double level = kLevel);

}  // namespace copycost::stats
