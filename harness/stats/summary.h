// SPDX-License-Identifier: Apache-2.0
//
// Summaries of a sample of numbers: median, quantiles, spread, geometric mean. A broken REQUIRES ends the program with
// one line (harness/base/check.h).
//
// Threads: safe; pure functions.
// Cost: each copies and sorts its input: O(n log n) time, O(n) memory.
#pragma once
#include <span>
#include <vector>

namespace copycost::stats {

// The values in ascending order.
// REQUIRES: every value is finite (a NaN has no place in an order).
std::vector<double> sorted(std::span<const double> values);

// The quantile at `share` of an ascending sample: linear between the order statistics around (n - 1) * share.
// Source: Hyndman and Fan, "Sample Quantiles in Statistical Packages" (1996), type 7, the default of R and NumPy.
// REQUIRES: ascending and finite, not empty; 0 <= share <= 1.
double quantile_of_sorted(std::span<const double> ascending, double share);

// The same of a sample in any order.
// REQUIRES: not empty, every value finite; 0 <= share <= 1.
double quantile(std::span<const double> values, double share);

// The quantile at one half: the middle value, or the mean of the two middle values.
// REQUIRES: not empty, every value finite.
double median(std::span<const double> values);

// The median absolute deviation from the median, in the unit of the values, not scaled.
// Multiply by kMadToSigma to estimate the standard deviation of a normal sample.
// REQUIRES: not empty, every value finite.
double mad(std::span<const double> values);

// 1 / (the upper quartile of the standard normal distribution).
inline constexpr double kMadToSigma = 1.4826022185056018;

// exp of the mean of the logarithms: the average for ratios. It neither overflows nor underflows on the way.
// REQUIRES: not empty, every value finite and above 0.
double geometric_mean(std::span<const double> values);

}  // namespace copycost::stats
