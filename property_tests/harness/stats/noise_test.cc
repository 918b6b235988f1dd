// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/noise.h"

#include <cmath>
#include <iostream>
#include <limits>
#include <vector>

#include "harness/stats/binomial.h"
#include "harness/stats/paired.h"
#include "property_tests/catch.h"
#include "property_tests/harness/stats/approx.h"
#include "property_tests/harness/stats/generators.h"

using namespace copycost::stats;

namespace {
// `count` A/A pairs of eight launches; pair i reads (i + 1) % apart, on alternating sides.
struct ladder {
  explicit ladder(std::size_t count) : ones(8, 1.0) {
    for (std::size_t i = 0; i < count; ++i) others.emplace_back(8, 1 + 0.01 * static_cast<double>(i + 1));
    for (std::size_t i = 0; i < count; ++i)
      pairs.push_back(i % 2 == 0 ? aa_pair{ones, others[i]} : aa_pair{others[i], ones});
  }
  std::vector<double> ones;
  std::vector<std::vector<double>> others;
  std::vector<aa_pair> pairs;
};
}  // namespace

TEST_CASE("the floor is an order statistic, and the largest one when the pairs are few", "[stats]") {
  const noise_floor of_ten = aa_noise_floor(ladder(10).pairs);
  CHECK(of_ten.relative == approx(0.10));  // ten pairs know no 95 %: the largest
  CHECK(of_ten.level == approx(10.0 / 11));
  const noise_floor of_forty = aa_noise_floor(ladder(40).pairs);
  CHECK(of_forty.relative == approx(0.39));  // ceil(41 * 0.95) = 39
  CHECK(of_forty.level == approx(39.0 / 41));
  CHECK(aa_noise_floor(ladder(10).pairs, 0.5).relative == approx(0.06));  // ceil(11 * 0.5)
}

TEST_CASE("the sign of an A/A difference does not matter", "[stats]") {
  ladder steps(7);
  const double there = aa_noise_floor(steps.pairs).relative;
  for (aa_pair& pair : steps.pairs) std::swap(pair.first, pair.second);
  CHECK(aa_noise_floor(steps.pairs).relative == approx(there));
}

TEST_CASE("false alarms are counted with their upper bound", "[stats]") {
  const noise_floor found = aa_noise_floor(ladder(10).pairs);
  CHECK(found.false_alarms == 10);  // each pair differs in all eight launches
  CHECK(found.false_alarm_share_max == 1);
  const std::vector<double> same(8, 3.0);
  const std::vector<aa_pair> equal(60, aa_pair{same, same});
  const noise_floor quiet = aa_noise_floor(equal);
  CHECK(quiet.relative == 0);
  CHECK(quiet.false_alarms == 0);
  CHECK(quiet.false_alarm_share_max == approx(1 - std::pow(0.05, 1.0 / 60)));
}

TEST_CASE("pairs that say nothing are left out, and without pairs everything is noise", "[stats]") {
  const std::vector<double> missing(8, std::numeric_limits<double>::quiet_NaN()), same(8, 3.0), four(4, 1.0);
  const std::vector<aa_pair> mixed = {{same, same}, {missing, same}, {four, four}};
  CHECK(aa_noise_floor(mixed).pairs == 1);
  CHECK(aa_noise_floor(mixed).dropped == 2);
  const noise_floor nothing = aa_noise_floor({});
  CHECK(nothing.relative == std::numeric_limits<double>::infinity());
  CHECK(nothing.level == 0);
  CHECK(nothing.false_alarm_share_max == 1);
}

TEST_CASE("a further A/A pair stays within the floor as often as the level says", "[stats]") {
  constexpr std::uint64_t kSeed = 3;
  constexpr std::size_t kTrials = 2000, kPairs = 20;
  copycost::rng random(kSeed);
  std::size_t within = 0;
  double level = 0;
  for (std::size_t trial = 0; trial < kTrials; ++trial) {
    std::vector<testing::launches> drawn;
    for (std::size_t i = 0; i <= kPairs; ++i) drawn.push_back(testing::right_skewed(random, 8, 1.0));
    std::vector<aa_pair> pairs;
    for (std::size_t i = 0; i < kPairs; ++i) pairs.push_back({drawn[i].numerator, drawn[i].denominator});
    const noise_floor floor = aa_noise_floor(pairs, 0.9);
    level = floor.level;
    const double further = paired_ratio(drawn[kPairs].numerator, drawn[kPairs].denominator).ratio;
    if (std::expm1(std::abs(std::log(further))) <= floor.relative) ++within;
  }
  std::cout << "noise floor of " << kPairs << " pairs, seed " << kSeed << ": level " << level << ", within " << within
            << " of " << kTrials << '\n';
  CHECK(level == approx(19.0 / 21));
  CHECK(std::abs(static_cast<double>(within) / kTrials - level) < 0.027);  // four standard errors
}
