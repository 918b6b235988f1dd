// SPDX-License-Identifier: Apache-2.0
//
// How many launches a question needs, and whether an interval keeps its promise.
//
// Threads: safe; pure functions.
// Cost: pairs_needed some milliseconds at worst, the others microseconds.
#pragma once
#include <cstddef>
#include <optional>
#include <span>

#include "harness/stats/interval.h"

namespace copycost::stats {

inline constexpr double kPower = 0.8;                  // the usual chance of finding what is there
inline constexpr std::size_t kPairsPlannedMax = 1000;  // more launches than this are not a plan

// The scatter of paired log ratios as a standard deviation: kMadToSigma * mad, which ignores a few wild launches; where
// more than half of them are equal and that is 0, the root mean square distance from the median instead.
// From eight launches it is itself rough: a plan made with it is a plan, not a promise.
// REQUIRES: not empty, every value finite.
double paired_scatter(std::span<const double> log_ratios);

// The chance that `pairs` launches separate a true ratio, in the right direction, with paired_ratio at `level`; 0 where
// so few pairs cannot reach the level. Exact for the sign test, given that log ratios scatter normally around the true
// one with this standard deviation.
// Source: Noether, "Sample size determination for some common nonparametric tests" (1987), without its approximation.
// REQUIRES: scatter >= 0; ratio > 0; 0 < level < 1.
double detection_power(std::size_t pairs, double scatter, double ratio, double level = kLevel);

// The fewest launches whose detection_power is at least `power`; nothing if kPairsPlannedMax are not enough, as for a
// ratio of 1. Levels come in steps, so one more launch than this may have a little less power.
// REQUIRES: as detection_power; 0 < power < 1.
std::optional<std::size_t> pairs_needed(double scatter, double ratio, double level = kLevel, double power = kPower);

// How often an interval contained the truth.
struct coverage {
  std::size_t trials, covered;
  double share() const { return static_cast<double>(covered) / static_cast<double>(trials); }
};

// Draws `trials` intervals and counts those that contain `truth`: the check that a nominal 95 % is 95 %.
// `draw` is called as draw() and returns anything with members low and high. REQUIRES: trials > 0.
template <class draw_interval>
coverage measure_coverage(std::size_t trials, double truth, draw_interval&& draw) {
  coverage seen{trials, 0};
  for (std::size_t i = 0; i < trials; ++i) {
    const auto drawn = draw();
    if (drawn.low <= truth && truth <= drawn.high) ++seen.covered;
  }
  return seen;
}

}  // namespace copycost::stats
