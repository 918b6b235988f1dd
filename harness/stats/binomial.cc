// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/binomial.h"

#include <algorithm>
#include <cmath>

#include "harness/base/check.h"

namespace copycost::stats {
namespace {

// Walks P(X <= 0), P(X <= 1), ... The first term is (1 - p)^n, which underflows for long runs, so the terms are kept
// relative to a power of two that is put back only when the sum is read. REQUIRES: 0 < p < 1.
class running_cdf {
 public:
  running_cdf(std::size_t n, double p)
      : n_(n), odds_(p / (1 - p)), log2_scale_(static_cast<double>(n) * std::log2(1 - p)) {}

  double value() const { return std::min(1.0, sum_ * std::exp2(log2_scale_)); }

  void next() {
    if (k_ == n_) return;
    term_ *= static_cast<double>(n_ - k_) * odds_ / static_cast<double>(k_ + 1);
    ++k_;
    sum_ += term_;
    if (sum_ < 0x1p500) return;
    term_ *= 0x1p-500;
    sum_ *= 0x1p-500;
    log2_scale_ += 500;
  }

 private:
  std::size_t n_, k_ = 0;
  double odds_, log2_scale_, term_ = 1, sum_ = 1;
};

}  // namespace

double binomial_cdf(std::size_t n, std::size_t k, double p) {
  COPYCOST_REQUIRE(p >= 0 && p <= 1);
  if (k >= n || p <= 0) return 1;
  if (p >= 1) return 0;
  running_cdf cdf(n, p);
  for (std::size_t i = 0; i < k; ++i) cdf.next();
  return cdf.value();
}

median_rank rank_for_median(std::size_t n, double level) {
  COPYCOST_REQUIRE(n > 0);
  COPYCOST_REQUIRE(level > 0 && level < 1);
  running_cdf cdf(n, 0.5);
  median_rank found{1, 1 - 2 * cdf.value()};
  for (;;) {
    cdf.next();
    const double inner = 1 - 2 * cdf.value();  // of the next pair further in; at most 0 once the pairs have met
    if (inner < level) return found;
    ++found.rank;
    found.level = inner;
  }
}

double share_upper_bound(std::size_t successes, std::size_t trials, double level) {
  COPYCOST_REQUIRE(successes <= trials);
  COPYCOST_REQUIRE(level > 0 && level < 1);
  if (successes == trials) return 1;
  double low = 0, high = 1;
  for (int step = 0; step < 60; ++step) {  // 60 halvings exhaust the precision of a double
    const double middle = (low + high) / 2;
    (binomial_cdf(trials, successes, middle) > 1 - level ? low : high) = middle;
  }
  return high;
}

}  // namespace copycost::stats
