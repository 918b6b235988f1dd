// SPDX-License-Identifier: Apache-2.0
//
// Many comparisons at once: one comparison at 95 % is wrong one time in twenty, a table of a hundred nearly always.
//
// Threads: safe; pure functions.
// Cost: O(n log n) at most.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace copycost::stats {

// Two-sided p value of the sign test that the median of the log ratios is 0. 1 when there are none.
// A tie (a log ratio of exactly 0) counts as one more value on the smaller side, so that p <= 1 - level is the same
// statement as "the interval of paired_ratio excludes 1" wherever that interval reaches its level.
// With n values p is never below 2^(1-n): 0.0078 for eight launches.
// Source: Arbuthnott (1710); Dixon and Mood, "The statistical sign test" (1946), with ties kept instead of dropped.
double sign_test_p(std::size_t below, std::size_t ties, std::size_t above);

// REQUIRES: no NaN.
double sign_test_p(std::span<const double> log_ratios);

// Adjusted p values, in the order given: rejecting those at most alpha keeps the chance of one or more false
// rejections in the whole family at alpha, however the comparisons depend on each other.
// Source: Holm, "A simple sequentially rejective multiple test procedure" (1979).
// REQUIRES: every p in [0, 1].
std::vector<double> holm_adjust(std::span<const double> p_values);

// The level that each of `comparisons` intervals needs so that all of them hold together at `level`.
// Check that the launches can reach it: values_to_reach(bonferroni_level(0.95, 100)) is 12 launches, and eight launches
// reach it for at most 6 comparisons.
// Source: Bonferroni (1936); Dunn, "Multiple comparisons among means" (1961).
// REQUIRES: 0 < level < 1; comparisons > 0.
double bonferroni_level(double level, std::size_t comparisons);

}  // namespace copycost::stats
