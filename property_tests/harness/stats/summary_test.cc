// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/summary.h"

#include <rapidcheck.h>

#include <algorithm>
#include <cmath>

#include "property_tests/catch.h"
#include "property_tests/harness/stats/approx.h"

using namespace copycost::stats;

namespace {
const std::vector<double> kSeven = {3.5, 1.0, 10.0, 2.25, 7.0, 2.5, 4.0};

std::vector<double> some_values() {
  const auto whole = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(-1000, 1000)));
  std::vector<double> values;
  for (const int value : whole) values.push_back(value / 8.0);
  return values;
}
}  // namespace

TEST_CASE("median takes the middle value, or the mean of the two middle ones", "[stats]") {
  CHECK(median(kSeven) == 3.5);
  CHECK(median(std::vector<double>{4, 1, 3, 2}) == 2.5);
  CHECK(median(std::vector<double>{42}) == 42);
}

TEST_CASE("quantile is type 7", "[stats]") {
  // numpy.quantile([3.5, 1, 10, 2.25, 7, 2.5, 4], q)
  CHECK(quantile(kSeven, 0.05) == approx(1.375));
  CHECK(quantile(kSeven, 0.25) == approx(2.375));
  CHECK(quantile(kSeven, 0.9) == approx(8.2));
  CHECK(quantile(kSeven, 0.99) == approx(9.82));
  CHECK(quantile(kSeven, 0) == 1.0);
  CHECK(quantile(kSeven, 1) == 10.0);
}

TEST_CASE("mad is the unscaled median distance from the median", "[stats]") {
  CHECK(mad(kSeven) == 1.25);  // distances 0 0.5 1 1.25 2.5 3.5 6.5; scipy.stats.median_abs_deviation
  CHECK(mad(std::vector<double>{5, 5, 5, 900}) == 0);
  CHECK(kMadToSigma == approx(1.482602218505602).epsilon(1e-15));  // 1 / scipy.stats.norm.ppf(0.75)
}

TEST_CASE("geometric mean averages ratios and survives the ends of double", "[stats]") {
  CHECK(geometric_mean(std::vector<double>{1, 10, 100, 5}) == approx(8.408964152537143));  // 5000^(1/4)
  CHECK(geometric_mean(std::vector<double>{4, 0.25}) == approx(1));
  CHECK(geometric_mean(std::vector<double>{1e308, 1e308, 1e-308, 1e-308}) == approx(1));
}

TEST_CASE("quantiles lie inside the sample, rise with the share and ignore order", "[stats]") {
  CHECK(rc::check("quantiles", [] {
    auto values = some_values();
    const double low = *rc::gen::inRange(0, 101) / 100.0, high = *rc::gen::inRange(0, 101) / 100.0;
    const double at_low = quantile(values, std::min(low, high)), at_high = quantile(values, std::max(low, high));
    RC_ASSERT(at_low <= at_high);
    RC_ASSERT(at_low >= *std::min_element(values.begin(), values.end()));
    RC_ASSERT(at_high <= *std::max_element(values.begin(), values.end()));
    std::reverse(values.begin(), values.end());
    RC_ASSERT(quantile(values, low) == quantile(sorted(values), low));
  }));
}

TEST_CASE("median and mad move with shift and scale", "[stats]") {
  CHECK(rc::check("shift and scale", [] {
    const auto values = some_values();
    const int scale = *rc::gen::inRange(-16, 17), shift = *rc::gen::inRange(-1000, 1000);
    auto moved = values;
    for (double& value : moved) value = value * scale + shift;  // exact: eighths of small whole numbers
    RC_ASSERT(median(moved) == median(values) * scale + shift);
    RC_ASSERT(mad(moved) == mad(values) * std::abs(scale));
  }));
}
