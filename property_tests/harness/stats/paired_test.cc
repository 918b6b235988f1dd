// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/paired.h"

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/stats/multiple.h"
#include "property_tests/catch.h"
#include "property_tests/harness/stats/approx.h"

using namespace copycost::stats;

namespace {
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<double> times(const std::vector<int>& whole) { return {whole.begin(), whole.end()}; }

std::pair<std::vector<double>, std::vector<double>> some_pairs(int most) {
  const auto n = *rc::gen::inRange<std::size_t>(1, 40);
  const auto side = rc::gen::container<std::vector<int>>(n, rc::gen::inRange(1, most));
  return {times(*side), times(*side)};
}
}  // namespace

TEST_CASE("eight launches with ratios 1.01 to 1.08", "[stats]") {
  const std::vector<double> numerator = {103, 101, 108, 104, 106, 102, 107, 105}, denominator(8, 100);
  const ratio_estimate found = paired_ratio(numerator, denominator);
  CHECK(found.ratio == approx(std::sqrt(1.04 * 1.05)));
  CHECK(found.low == approx(1.01));
  CHECK(found.high == approx(1.08));
  CHECK(found.detectable == approx(std::sqrt(1.08 / 1.01) - 1));  // half of ln 1.08 - ln 1.01, as a ratio
  CHECK(found.level == 0.9921875);
  CHECK(found.level_met);
  CHECK(found.separated);
  CHECK(found.pairs == 8);
  CHECK(found.dropped == 0);
  CHECK(found.ties == 0);
}

TEST_CASE("one launch in eight the other way is not separated", "[stats]") {
  const std::vector<double> numerator = {103, 101, 108, 104, 99, 102, 107, 105}, denominator(8, 100);
  const ratio_estimate found = paired_ratio(numerator, denominator);
  CHECK(found.low == approx(0.99));
  CHECK_FALSE(found.separated);
}

TEST_CASE("launches are paired by position, so what hits both sides cancels", "[stats]") {
  const std::vector<double> slow_and_fast = {100, 900, 250, 3000, 110, 640, 95, 480};
  std::vector<double> two_percent_more = slow_and_fast;
  for (double& time : two_percent_more) time *= 1.02;
  const ratio_estimate found = paired_ratio(two_percent_more, slow_and_fast);
  CHECK(found.separated);
  CHECK(found.ratio == approx(1.02));
  CHECK(found.detectable == approx(0).margin(1e-12));
  std::reverse(two_percent_more.begin(), two_percent_more.end());
  CHECK_FALSE(paired_ratio(two_percent_more, slow_and_fast).separated);
}

TEST_CASE("launches without a ratio are dropped and counted", "[stats]") {
  const std::vector<double> numerator = {2, kNan, 2, 2, 0, 2, 2, kInfinity, 2, -1};
  const std::vector<double> denominator = {1, 1, 1, 1, 1, 1, kNan, 1, 1, 1};
  const ratio_estimate found = paired_ratio(numerator, denominator);
  CHECK(found.pairs == 5);
  CHECK(found.dropped == 5);
  CHECK(found.ratio == approx(2));
  CHECK(found.level == 0.9375);
  CHECK(found.separated);        // the interval of five excludes 1 ...
  CHECK_FALSE(found.level_met);  // ... at the level that five have, which is not the one asked for
}

TEST_CASE("fewer than five pairs are never separated", "[stats]") {
  for (std::size_t n = 1; n < kPairsMin; ++n) {
    const ratio_estimate found = paired_ratio(std::vector<double>(n, 100.0), std::vector<double>(n, 1.0));
    CHECK(found.ratio == approx(100));
    CHECK(found.low > 1);
    CHECK_FALSE(found.separated);
    CHECK(found.detectable == kInfinity);
  }
}

TEST_CASE("no pairs at all", "[stats]") {
  const std::vector<double> missing(8, kNan), there(8, 1.0);
  for (const auto& found : {paired_ratio(missing, there), paired_ratio({}, {})}) {
    CHECK(std::isnan(found.ratio));
    CHECK(std::isnan(found.low));
    CHECK(found.pairs == 0);
    CHECK(found.level == 0);
    CHECK_FALSE(found.separated);
    CHECK_FALSE(found.level_met);
    CHECK(found.detectable == kInfinity);
  }
}

TEST_CASE("ties are kept and stand in the way of being separated", "[stats]") {
  const std::vector<double> same = {7, 8, 9, 7, 8, 9, 7, 8};
  const ratio_estimate equal = paired_ratio(same, same);
  CHECK(equal.ratio == 1);
  CHECK(equal.ties == 8);
  CHECK_FALSE(equal.separated);

  auto one_tie = same;
  for (std::size_t i = 1; i < one_tie.size(); ++i) one_tie[i] *= 3;
  const ratio_estimate found = paired_ratio(one_tie, same);
  CHECK(found.ties == 1);
  CHECK(found.low == 1);
  CHECK_FALSE(found.separated);  // without its tie the range of seven would be separated
}

TEST_CASE("a family level that eight launches cannot reach is not met", "[stats]") {
  const std::vector<double> numerator(8, 2.0), denominator(8, 1.0);
  CHECK(paired_ratio(numerator, denominator, bonferroni_level(0.95, 6)).level_met);
  const ratio_estimate found = paired_ratio(numerator, denominator, bonferroni_level(0.95, 7));
  CHECK_FALSE(found.level_met);
  CHECK(found.level == 0.9921875);
}

TEST_CASE("the ends of double neither overflow nor vanish", "[stats]") {
  const std::vector<double> huge(8, 1e308), tiny(8, 1e-308);
  CHECK(paired_ratio(huge, huge).ratio == 1);
  CHECK(paired_ratio(huge, tiny).separated);
  CHECK(log_ratio(1e308, 1e-308) == approx(616 * std::log(10)));
}

TEST_CASE("swapping the sides gives the reciprocal", "[stats]") {
  CHECK(rc::check("reciprocal", [] {
    const auto [a, b] = some_pairs(1000);
    const ratio_estimate there = paired_ratio(a, b), back = paired_ratio(b, a);
    RC_ASSERT(std::abs(there.ratio * back.ratio - 1) < 1e-12);
    RC_ASSERT(std::abs(there.low * back.high - 1) < 1e-12);
    RC_ASSERT(there.separated == back.separated && there.ties == back.ties);
    RC_ASSERT(there.detectable == back.detectable);
  }));
}

TEST_CASE("a launch without a value is as if it had not been", "[stats]") {
  CHECK(rc::check("dropped", [] {
    auto [a, b] = some_pairs(1000);
    const ratio_estimate without = paired_ratio(a, b);
    const auto at = static_cast<std::ptrdiff_t>(*rc::gen::inRange<std::size_t>(0, a.size() + 1));
    a.insert(a.begin() + at, kNan);
    b.insert(b.begin() + at, 5.0);
    const ratio_estimate with = paired_ratio(a, b);
    RC_ASSERT(with.pairs == without.pairs && with.dropped == 1u);
    RC_ASSERT(with.ratio == without.ratio && with.low == without.low && with.high == without.high);
  }));
}

TEST_CASE("separated says the same as the sign test", "[stats]") {
  CHECK(rc::check("duality", [] {
    const auto [a, b] = some_pairs(*rc::gen::element(3, 6, 1000));  // few different values: many ties
    const double level = *rc::gen::element(0.5, 0.9, 0.95, 0.99);
    const ratio_estimate found = paired_ratio(a, b, level);
    RC_PRE(found.level_met && found.pairs >= kPairsMin);
    RC_ASSERT(found.separated == (sign_test_p(log_ratios(a, b)) <= 1 - level));
  }));
}
