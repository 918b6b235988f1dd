// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/interval.h"

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "harness/stats/binomial.h"
#include "harness/stats/summary.h"
#include "property_tests/catch.h"
#include "property_tests/harness/stats/approx.h"

using namespace copycost::stats;

namespace {
std::vector<double> one_to(std::size_t n) {
  std::vector<double> values(n);
  std::iota(values.begin(), values.end(), 1.0);
  return values;
}
}  // namespace

TEST_CASE("binomial sums agree with scipy.stats.binom.cdf", "[stats]") {
  CHECK(binomial_cdf(8, 0, 0.5) == 0.00390625);  // 1 / 256, exactly
  CHECK(binomial_cdf(8, 1, 0.5) == 0.03515625);  // 9 / 256
  CHECK(binomial_cdf(20, 5, 0.5) == approx(0.020694732666015625).epsilon(1e-14));
  CHECK(binomial_cdf(100, 40, 0.5) == approx(0.02844396682049044).epsilon(1e-12));
  CHECK(binomial_cdf(2000, 950, 0.5) == approx(0.013412073120140174).epsilon(1e-10));  // 2^-2000 is 0 in a double
  CHECK(binomial_cdf(10, 3, 0.2) == approx(0.8791261183999999).epsilon(1e-12));
  CHECK(binomial_cdf(5000, 5, 0.0005) == approx(0.9580207195251077).epsilon(1e-10));
}

TEST_CASE("binomial sums at the ends", "[stats]") {
  CHECK(binomial_cdf(0, 0, 0.5) == 1);
  CHECK(binomial_cdf(5, 9, 0.5) == 1);
  CHECK(binomial_cdf(5, 0, 0) == 1);
  CHECK(binomial_cdf(5, 4, 1) == 0);
  CHECK(binomial_cdf(5, 5, 1) == 1);
}

TEST_CASE("share_upper_bound agrees with scipy.stats.beta.ppf(level, k + 1, n - k)", "[stats]") {
  CHECK(share_upper_bound(1, 60, 0.975) == approx(0.08939905005748702).epsilon(1e-9));
  CHECK(share_upper_bound(0, 8, 0.95) == approx(0.3123439780663678).epsilon(1e-9));  // 1 - 0.05^(1/8)
  CHECK(share_upper_bound(36, 7370, 0.975) == approx(0.006756086298820726).epsilon(1e-9));
  CHECK(share_upper_bound(5, 10, 0.95) == approx(0.7775588989918706).epsilon(1e-9));
  CHECK(share_upper_bound(4, 4, 0.95) == 1);
  CHECK(share_upper_bound(0, 0, 0.95) == 1);
}

TEST_CASE("eight values: the 95 % interval is smallest to largest and its level 99.2 %", "[stats]") {
  const interval found = median_interval(std::vector<double>{5, 3, 8, 1, 7, 2, 6, 4});
  CHECK(found.low == 1);
  CHECK(found.high == 8);
  CHECK(found.level == 0.9921875);  // 1 - 2 / 256
  CHECK(median_interval(one_to(8), 0.9).low == 2);
  CHECK(median_interval(one_to(8), 0.9).level == 0.9296875);  // 1 - 18 / 256: not enough for 95 %
}

TEST_CASE("ranks and levels of the 95 % interval", "[stats]") {
  // The largest r with 1 - 2 scipy.stats.binom.cdf(r - 1, n, 0.5) >= 0.95.
  struct expected {
    std::size_t n, rank;
    double level;
  };
  for (const auto& [n, rank, level] : {expected{6, 1, 0.96875},
                                       {9, 2, 0.9609375},
                                       {10, 2, 0.978515625},
                                       {20, 6, 0.9586105346679688},
                                       {51, 19, 0.9511261076817297},
                                       {100, 40, 0.9647997997822951},
                                       {1000, 469, 0.9537088026395019}}) {
    const interval found = median_interval(one_to(n));
    INFO("n = " << n);
    CHECK(found.low == static_cast<double>(rank));
    CHECK(found.high == static_cast<double>(n + 1 - rank));
    CHECK(found.level == approx(level).epsilon(1e-12));
  }
}

TEST_CASE("too few values: the full range with the level that it has", "[stats]") {
  CHECK(median_interval(one_to(5)).level == 0.9375);
  CHECK(median_interval(one_to(5)).low == 1);
  CHECK(median_interval(one_to(5)).high == 5);
  CHECK(median_interval(one_to(2)).level == 0.5);
  CHECK(median_interval(one_to(1)).level == 0);
  CHECK(median_interval(one_to(8), 0.9995).level == 0.9921875);
}

TEST_CASE("values_to_reach is where the range starts to reach the level", "[stats]") {
  CHECK(values_to_reach(0.95) == 6);
  CHECK(values_to_reach(0.99) == 8);
  CHECK(values_to_reach(0.999) == 11);
  for (const double level : {0.4, 0.5, 0.9, 0.95, 0.99, 0.9999, 1 - 1e-12}) {
    const std::size_t n = values_to_reach(level);
    CHECK(median_interval(one_to(n), level).level >= level);
    if (n > 1) CHECK(median_interval(one_to(n - 1), level).level < level);
  }
}

TEST_CASE("intervals contain the median, nest by level and reach it when they can", "[stats]") {
  CHECK(rc::check("intervals", [] {
    const auto whole = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(-20, 20)));
    const std::vector<double> values(whole.begin(), whole.end());
    const double one = *rc::gen::inRange(1, 1000) / 1000.0, two = *rc::gen::inRange(1, 1000) / 1000.0;
    const interval narrow = median_interval(values, std::min(one, two));
    const interval wide = median_interval(values, std::max(one, two));
    RC_ASSERT(narrow.contains(median(values)));
    RC_ASSERT(wide.low <= narrow.low && narrow.high <= wide.high && narrow.level <= wide.level);
    RC_ASSERT(wide.level >= std::max(one, two) || values.size() < values_to_reach(std::max(one, two)));
  }));
}
