// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/paired.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/base/check.h"
#include "harness/stats/summary.h"

namespace copycost::stats {
namespace {
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool usable(double cost) { return std::isfinite(cost) && cost > 0; }
}  // namespace

double log_ratio(double numerator, double denominator) {
  // A difference of logarithms, not the logarithm of a quotient: it cannot overflow, and swapping sides only flips it.
  return usable(numerator) && usable(denominator) ? std::log(numerator) - std::log(denominator) : kNan;
}

std::vector<double> log_ratios(std::span<const double> numerator, std::span<const double> denominator) {
  COPYCOST_REQUIRE(numerator.size() == denominator.size());
  std::vector<double> logs;
  logs.reserve(numerator.size());
  for (std::size_t i = 0; i < numerator.size(); ++i) {
    const double value = log_ratio(numerator[i], denominator[i]);
    if (!std::isnan(value)) logs.push_back(value);
  }
  return logs;
}

ratio_estimate paired_ratio(std::span<const double> numerator, std::span<const double> denominator, double level) {
  COPYCOST_REQUIRE(level > 0 && level < 1);
  const std::vector<double> logs = log_ratios(numerator, denominator);
  ratio_estimate found{kNan, kNan, kNan, logs.size(), 0, false, kInfinity, false, numerator.size() - logs.size(), 0};
  if (logs.empty()) return found;
  const interval range = median_interval(logs, level);
  const bool enough = logs.size() >= kPairsMin;
  found.ratio = std::exp(median(logs));
  found.low = std::exp(range.low);
  found.high = std::exp(range.high);
  found.level = range.level;
  found.level_met = range.level >= level;
  found.separated = enough && (found.low > 1 || found.high < 1);
  if (enough) found.detectable = std::expm1((range.high - range.low) / 2);
  found.ties = static_cast<std::size_t>(std::count(logs.begin(), logs.end(), 0.0));
  return found;
}

}  // namespace copycost::stats
