// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/multiple.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "harness/base/check.h"
#include "harness/stats/binomial.h"

namespace copycost::stats {

double sign_test_p(std::size_t below, std::size_t ties, std::size_t above) {
  return std::min(1.0, 2 * binomial_cdf(below + ties + above, std::min(below, above) + ties, 0.5));
}

double sign_test_p(std::span<const double> log_ratios) {
  std::size_t below = 0, ties = 0, above = 0;
  for (const double value : log_ratios) {
    COPYCOST_REQUIRE(!std::isnan(value));
    ++(value < 0 ? below : value > 0 ? above : ties);
  }
  return sign_test_p(below, ties, above);
}

std::vector<double> holm_adjust(std::span<const double> p_values) {
  for (const double p : p_values) COPYCOST_REQUIRE(p >= 0 && p <= 1);
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return p_values[i] < p_values[j]; });
  std::vector<double> adjusted(p_values.size());
  double floor = 0;  // adjusted values never fall, or a larger p could be rejected where a smaller one is not
  for (std::size_t i = 0; i < order.size(); ++i) {
    floor = std::max(floor, p_values[order[i]] * static_cast<double>(order.size() - i));
    adjusted[order[i]] = std::min(1.0, floor);
  }
  return adjusted;
}

double bonferroni_level(double level, std::size_t comparisons) {
  COPYCOST_REQUIRE(level > 0 && level < 1);
  COPYCOST_REQUIRE(comparisons > 0);
  return 1 - (1 - level) / static_cast<double>(comparisons);
}

}  // namespace copycost::stats
