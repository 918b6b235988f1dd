// SPDX-License-Identifier: Apache-2.0
//
// A confidence interval for the median that assumes nothing about the distribution: two order statistics.
//
// Threads: safe; pure functions.
// Cost: O(n log n) time, O(n) memory.
#pragma once
#include <cstddef>
#include <span>

namespace copycost::stats {

inline constexpr double kLevel = 0.95;  // the level of every interval that does not ask for another

struct interval {
  double low, high;
  double level;  // the level that the interval really has: at least what was asked for, unless n is too small
  bool contains(double value) const { return low <= value && value <= high; }
};

// The narrowest [k-th smallest, k-th largest] whose level, 1 - 2 P(Binomial(n, 1/2) < k), is at least `level`.
// Conservative twice over: levels come in steps and the next one up is taken, and ties only add coverage.
// Where n is too small for the level, the full range with the level that it has, 1 - 2^(1-n): 0 for one value, 93.75 %
// for five, 99.2 % for eight. So with eight launches a 95 % interval is smallest to largest, and its level is 99.2 %.
// Valid for independent values of one distribution; values that follow each other need independent blocks first.
// Source: Thompson, "On confidence ranges for the median" (1936); David and Nagaraja, "Order Statistics" (3rd), 7.1.
// REQUIRES: not empty, every value finite; 0 < level < 1.
interval median_interval(std::span<const double> values, double level = kLevel);

// The smallest n whose full range reaches `level`: 6 for 95 %, 8 for 99 %, 11 for 99.9 %.
// REQUIRES: 0 < level < 1.
std::size_t values_to_reach(double level);

}  // namespace copycost::stats
