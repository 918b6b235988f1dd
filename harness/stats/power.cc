// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/power.h"

#include <cmath>
#include <numbers>

#include "harness/base/check.h"
#include "harness/stats/binomial.h"
#include "harness/stats/paired.h"
#include "harness/stats/summary.h"

namespace copycost::stats {
namespace {

// The chance that one launch points the wrong way.
double wrong_way(double scatter, double ratio) {
  const double distance = std::abs(std::log(ratio));
  if (distance <= 0) return 0.5;
  return scatter <= 0 ? 0.0 : std::erfc(distance / scatter / std::numbers::sqrt2) / 2;
}

}  // namespace

double paired_scatter(std::span<const double> log_ratios) {
  const double robust = kMadToSigma * mad(log_ratios);
  if (robust > 0) return robust;
  const double middle = median(log_ratios);
  double squares = 0;
  for (const double value : log_ratios) squares += (value - middle) * (value - middle);
  return std::sqrt(squares / static_cast<double>(log_ratios.size()));
}

double detection_power(std::size_t pairs, double scatter, double ratio, double level) {
  COPYCOST_REQUIRE(scatter >= 0 && std::isfinite(scatter));
  COPYCOST_REQUIRE(ratio > 0 && std::isfinite(ratio));
  COPYCOST_REQUIRE(level > 0 && level < 1);
  if (pairs < kPairsMin) return 0;
  const median_rank found = rank_for_median(pairs, level);
  if (found.level < level) return 0;
  return binomial_cdf(pairs, found.rank - 1, wrong_way(scatter, ratio));
}

std::optional<std::size_t> pairs_needed(double scatter, double ratio, double level, double power) {
  COPYCOST_REQUIRE(power > 0 && power < 1);
  for (std::size_t pairs = kPairsMin; pairs <= kPairsPlannedMax; ++pairs)
    if (detection_power(pairs, scatter, ratio, level) >= power) return pairs;
  return std::nullopt;
}

}  // namespace copycost::stats
