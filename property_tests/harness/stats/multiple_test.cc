// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/multiple.h"

#include <rapidcheck.h>

#include <algorithm>
#include <iostream>

#include "harness/stats/interval.h"
#include "harness/stats/paired.h"
#include "property_tests/catch.h"
#include "property_tests/harness/stats/approx.h"
#include "property_tests/harness/stats/generators.h"

using namespace copycost::stats;

TEST_CASE("sign test agrees with scipy.stats.binomtest", "[stats]") {
  CHECK(sign_test_p(0, 0, 8) == 0.0078125);  // 2 / 256
  CHECK(sign_test_p(7, 0, 1) == 0.0703125);  // 18 / 256
  CHECK(sign_test_p(2, 0, 10) == approx(0.03857421875).epsilon(1e-13));
  CHECK(sign_test_p(5, 0, 5) == 1);
  CHECK(sign_test_p(13, 0, 7) == approx(0.26317596435546875).epsilon(1e-13));
}

TEST_CASE("sign test: ties weigh against a difference, nothing is no evidence", "[stats]") {
  CHECK(sign_test_p(0, 1, 7) == sign_test_p(1, 0, 7));
  CHECK(sign_test_p(0, 8, 0) == 1);
  CHECK(sign_test_p(0, 0, 0) == 1);
  CHECK(sign_test_p(std::vector<double>{0.1, 0.0, -0.2, 0.3, 0.1, 0.1, 0.1, 0.1}) == sign_test_p(1, 1, 6));
}

TEST_CASE("Holm by hand", "[stats]") {
  // Sorted 0.005 0.01 0.03 0.04 times 4 3 2 1 is 0.02 0.03 0.06 0.04, and the last may not fall below 0.06.
  const auto adjusted = holm_adjust(std::vector<double>{0.01, 0.04, 0.03, 0.005});
  REQUIRE(adjusted.size() == 4);
  CHECK(adjusted[0] == approx(0.03));
  CHECK(adjusted[1] == approx(0.06));
  CHECK(adjusted[2] == approx(0.06));
  CHECK(adjusted[3] == approx(0.02));
  CHECK(holm_adjust({}).empty());
  CHECK(holm_adjust(std::vector<double>{0.7, 0.8}) == std::vector<double>{1, 1});
}

TEST_CASE("Holm lies between raw and Bonferroni and keeps the order", "[stats]") {
  CHECK(rc::check("Holm", [] {
    std::vector<double> p;
    for (const int value : *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 101))))
      p.push_back(value / 100.0);
    const auto adjusted = holm_adjust(p);
    for (std::size_t i = 0; i < p.size(); ++i) {
      RC_ASSERT(adjusted[i] >= p[i] && adjusted[i] <= std::min(1.0, p[i] * static_cast<double>(p.size())));
      for (std::size_t j = 0; j < p.size(); ++j) RC_ASSERT(p[i] > p[j] || adjusted[i] <= adjusted[j]);
    }
  }));
}

TEST_CASE("Bonferroni, and what eight launches can reach", "[stats]") {
  CHECK(bonferroni_level(0.95, 1) == approx(0.95));
  CHECK(bonferroni_level(0.95, 100) == approx(0.9995));
  CHECK(values_to_reach(bonferroni_level(0.95, 100)) == 12);
  CHECK(values_to_reach(bonferroni_level(0.95, 6)) == 8);
  CHECK(values_to_reach(bonferroni_level(0.95, 7)) == 9);
}

TEST_CASE("a table of equal rows raises an alarm far too often, with Holm at most one time in twenty", "[stats]") {
  constexpr std::uint64_t kSeed = 20240607;
  constexpr std::size_t kTables = 1000, kRows = 20, kLaunches = 12;
  copycost::rng random(kSeed);
  std::size_t raw_alarms = 0, holm_alarms = 0;
  for (std::size_t table = 0; table < kTables; ++table) {
    std::vector<double> p;
    for (std::size_t row = 0; row < kRows; ++row) {
      const auto sample = testing::right_skewed(random, kLaunches, 1.0);
      p.push_back(sign_test_p(log_ratios(sample.numerator, sample.denominator)));
    }
    const auto adjusted = holm_adjust(p);
    if (*std::min_element(p.begin(), p.end()) <= 0.05) ++raw_alarms;
    if (*std::min_element(adjusted.begin(), adjusted.end()) <= 0.05) ++holm_alarms;
  }
  std::cout << "family-wise alarms in " << kTables << " tables of " << kRows << " equal rows, seed " << kSeed
            << ": uncorrected " << raw_alarms << ", Holm " << holm_alarms << '\n';
  CHECK(raw_alarms > kTables / 4);
  CHECK(holm_alarms <= kTables / 20);
}
