// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/power.h"

#include <cmath>
#include <iostream>
#include <vector>

#include "harness/stats/paired.h"
#include "property_tests/catch.h"
#include "property_tests/harness/stats/approx.h"
#include "property_tests/harness/stats/generators.h"

using namespace copycost::stats;

TEST_CASE("detection_power agrees with scipy", "[stats]") {
  // binom.cdf(r - 1, n, norm.sf(abs(log(ratio)) / scatter)), with r the rank of the 95 % interval of n values
  CHECK(detection_power(8, 0.05, 1.05) == approx(0.2372656535635326).epsilon(1e-10));
  CHECK(detection_power(8, 0.02, 1.05) == approx(0.9426629869185785).epsilon(1e-10));
  CHECK(detection_power(20, 0.05, 1.05) == approx(0.9029509188833784).epsilon(1e-10));
  CHECK(detection_power(51, 0.01, 0.995) == approx(0.802552519412922).epsilon(1e-10));
}

TEST_CASE("detection_power at its ends", "[stats]") {
  CHECK(detection_power(5, 0.0, 2.0) == 0);  // five cannot reach 95 %
  CHECK(detection_power(6, 0.0, 2.0) == 1);
  CHECK(detection_power(8, 0.0, 2.0, 0.9995) == 0);
  CHECK(detection_power(8, 0.1, 1.0) == approx(1.0 / 256));  // all eight on the one side by luck
  CHECK(detection_power(8, 0.02, 1.05) == approx(detection_power(8, 0.02, 1 / 1.05)));
}

TEST_CASE("pairs_needed agrees with a scan in scipy", "[stats]") {
  CHECK(pairs_needed(0.05, 1.05) == 17);
  CHECK(pairs_needed(0.02, 1.05) == 6);
  CHECK(pairs_needed(0.01, 1.005) == 56);
  CHECK(pairs_needed(0.05, 1.01) == 316);
  CHECK(pairs_needed(0.03, 0.97, 0.95, 0.95) == 25);
  CHECK(pairs_needed(0.0, 1.5) == 6);
}

TEST_CASE("pairs_needed says so when no plan helps", "[stats]") {
  CHECK_FALSE(pairs_needed(0.05, 1.0).has_value());
  CHECK_FALSE(pairs_needed(0.05, 1.0001).has_value());
}

TEST_CASE("the predicted power is what simulated launches show", "[stats]") {
  constexpr std::uint64_t kSeed = 11;
  constexpr std::size_t kTrials = 4000;
  copycost::rng random(kSeed);
  for (const std::size_t n : {8u, 20u, 51u}) {
    std::size_t found = 0;
    for (std::size_t trial = 0; trial < kTrials; ++trial) {
      std::vector<double> numerator, denominator(n, 1.0);
      for (std::size_t i = 0; i < n; ++i) numerator.push_back(1.03 * std::exp(0.04 * testing::normal(random)));
      const ratio_estimate estimate = paired_ratio(numerator, denominator);
      if (estimate.separated && estimate.ratio > 1) ++found;
    }
    const double seen = static_cast<double>(found) / kTrials, predicted = detection_power(n, 0.04, 1.03);
    std::cout << "power, n " << n << ", seed " << kSeed << ": predicted " << predicted << ", seen " << seen << '\n';
    CHECK(std::abs(seen - predicted) < 0.032);  // four standard errors of a share of 4000
  }
}

TEST_CASE("a change as large as detectable is found about every second time", "[stats]") {
  constexpr std::uint64_t kSeed = 12;
  copycost::rng random(kSeed);
  for (const std::size_t n : {8u, 20u, 51u}) {
    double half_widths = 0;
    for (int trial = 0; trial < 1000; ++trial) {
      std::vector<double> numerator, denominator(n, 1.0);
      for (std::size_t i = 0; i < n; ++i) numerator.push_back(std::exp(0.04 * testing::normal(random)));
      half_widths += std::log1p(paired_ratio(numerator, denominator).detectable);
    }
    const double power = detection_power(n, 0.04, std::exp(half_widths / 1000));
    std::cout << "power at detectable, n " << n << ", seed " << kSeed << ": " << power << '\n';
    CHECK(power > 0.4);
    CHECK(power < 0.6);
  }
}

TEST_CASE("paired_scatter ignores a wild launch and does not vanish with ties", "[stats]") {
  CHECK(paired_scatter(std::vector<double>{-1, -0.5, 0, 0.5, 1}) == approx(kMadToSigma * 0.5));
  CHECK(paired_scatter(std::vector<double>{-1, -0.5, 0, 0.5, 50}) == approx(kMadToSigma * 0.5));
  CHECK(paired_scatter(std::vector<double>{0, 0, 0, 0.4}) == approx(0.2));  // sqrt(0.16 / 4)
  CHECK(paired_scatter(std::vector<double>{3}) == 0);
}

TEST_CASE("measure_coverage counts, ends included", "[stats]") {
  double next = 0;
  const coverage seen = measure_coverage(4, 2.0, [&] {
    ++next;
    return interval{next, next + 1, 0.95};
  });
  CHECK(seen.trials == 4);
  CHECK(seen.covered == 2);  // [1, 2] and [2, 3], not [3, 4] and [4, 5]
  CHECK(seen.share() == 0.5);
}
