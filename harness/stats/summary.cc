// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/summary.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "harness/base/check.h"

namespace copycost::stats {

std::vector<double> sorted(std::span<const double> values) {
  for (const double value : values) COPYCOST_REQUIRE(std::isfinite(value));
  std::vector<double> ascending(values.begin(), values.end());
  std::sort(ascending.begin(), ascending.end());
  return ascending;
}

double quantile_of_sorted(std::span<const double> ascending, double share) {
  COPYCOST_REQUIRE(!ascending.empty());
  COPYCOST_REQUIRE(share >= 0 && share <= 1);
  const double position = static_cast<double>(ascending.size() - 1) * share;
  const auto below = static_cast<std::size_t>(position);
  if (below + 1 >= ascending.size()) return ascending.back();
  return std::lerp(ascending[below], ascending[below + 1], position - static_cast<double>(below));
}

double quantile(std::span<const double> values, double share) { return quantile_of_sorted(sorted(values), share); }

double median(std::span<const double> values) { return quantile(values, 0.5); }

double mad(std::span<const double> values) {
  const double middle = median(values);
  std::vector<double> distances;
  distances.reserve(values.size());
  for (const double value : values) distances.push_back(std::abs(value - middle));
  return median(distances);
}

double geometric_mean(std::span<const double> values) {
  COPYCOST_REQUIRE(!values.empty());
  double sum = 0;
  for (const double value : values) {
    COPYCOST_REQUIRE(std::isfinite(value) && value > 0);
    sum += std::log(value);
  }
  return std::exp(sum / static_cast<double>(values.size()));
}

}  // namespace copycost::stats
