// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/crossover.h"

#include <rapidcheck.h>

#include <cmath>
#include <functional>
#include <iostream>
#include <limits>

#include "harness/stats/power.h"
#include "property_tests/catch.h"
#include "property_tests/harness/stats/approx.h"
#include "property_tests/harness/stats/generators.h"

using namespace copycost::stats;

namespace {
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Owns what size_points only view.
struct curves {
  std::vector<double> sizes;
  std::vector<std::vector<double>> a, b;

  void add(double size, std::vector<double> cost_a, std::vector<double> cost_b) {
    sizes.push_back(size);
    a.push_back(std::move(cost_a));
    b.push_back(std::move(cost_b));
  }
  std::vector<size_point> view(bool swapped = false) const {
    std::vector<size_point> points;
    for (std::size_t i = 0; i < sizes.size(); ++i)
      points.push_back(swapped ? size_point{sizes[i], b[i], a[i]} : size_point{sizes[i], a[i], b[i]});
    return points;
  }
};

// a costs what `cost` says with a launch factor of up to +-4 %, b costs 64 in every launch.
curves against_flat(const std::function<double(double)>& cost, std::size_t launches = 8) {
  curves made;
  for (double size = 1; size <= 4096; size *= 4) {
    std::vector<double> a;
    for (std::size_t i = 0; i < launches; ++i)
      a.push_back(cost(size) * std::exp2(0.06 * (2 * static_cast<double>(i) / static_cast<double>(launches - 1) - 1)));
    made.add(size, a, std::vector<double>(launches, 64.0));
  }
  return made;
}
}  // namespace

TEST_CASE("a cost that grows with size crosses a flat one where they are equal", "[stats]") {
  const crossover found = find_crossover(against_flat([](double size) { return 2 * size; }).view());
  REQUIRE(found.found == crossover::one);
  CHECK(found.a_wins_below);
  CHECK(found.size == approx(32));  // 2 s = 64; a launch with factor f crosses at 32 / f
  CHECK(found.low == approx(32 / std::exp2(0.06)));
  CHECK(found.high == approx(32 * std::exp2(0.06)));
  REQUIRE(found.flips.size() == 1);
  CHECK(found.flips[0].below == 16);
  CHECK(found.flips[0].above == 64);
  CHECK(found.flips[0].level == 0.9921875);
  CHECK(found.separated == 7);
}

TEST_CASE("the other way round the other one wins below", "[stats]") {
  const crossover found = find_crossover(against_flat([](double size) { return 2048 / size; }).view());
  REQUIRE(found.found == crossover::one);
  CHECK_FALSE(found.a_wins_below);
  CHECK(found.size == approx(32));
}

TEST_CASE("curves that never separate have no crossover and no winner", "[stats]") {
  const crossover found = find_crossover(against_flat([](double) { return 64.0; }).view());
  CHECK(found.found == crossover::none);
  CHECK(found.separated == 0);
  CHECK_FALSE(found.a_wins_below);
  CHECK(std::isnan(found.size));
  CHECK(found.flips.empty());
}

TEST_CASE("a winner throughout is no crossover, even where the curves touch", "[stats]") {
  const crossover far = find_crossover(against_flat([](double) { return 32.0; }).view());
  CHECK(far.found == crossover::none);
  CHECK(far.separated == 7);
  CHECK(far.a_wins_below);
  const crossover touching = find_crossover(against_flat([](double size) { return size == 64 ? 64.0 : 32.0; }).view());
  CHECK(touching.found == crossover::none);
  CHECK(touching.separated == 6);
}

TEST_CASE("a crossing that the scatter hides at the end of the range is none", "[stats]") {
  const crossover found = find_crossover(against_flat([](double size) { return size < 4096 ? 32 : 65.0; }).view());
  CHECK(found.found == crossover::none);
  CHECK(found.separated == 6);
}

TEST_CASE("two crossings are listed, and no single size is given", "[stats]") {
  const auto valley = [](double size) { return size < 64 ? 512 / size : size / 8; };  // 512 128 32 | 8 32 128 512
  const crossover found = find_crossover(against_flat(valley).view());
  REQUIRE(found.found == crossover::many);
  CHECK(std::isnan(found.size));
  CHECK(std::isnan(found.low));
  CHECK_FALSE(found.a_wins_below);
  REQUIRE(found.flips.size() == 2);
  CHECK(found.flips[0].size == approx(8));
  CHECK_FALSE(found.flips[0].a_wins_below);
  CHECK(found.flips[1].size == approx(512));
  CHECK(found.flips[1].a_wins_below);
}

TEST_CASE("sizes that do not separate lie inside the bracket", "[stats]") {
  const auto plateau = [](double size) { return size < 16 ? 32 : size <= 256 ? 64 : 128.0; };
  const crossover found = find_crossover(against_flat(plateau).view());
  REQUIRE(found.found == crossover::one);
  CHECK(found.flips[0].below == 4);
  CHECK(found.flips[0].above == 1024);
  CHECK(found.size > 4);
  CHECK(found.size < 1024);
  CHECK(found.separated == 4);
}

TEST_CASE("launches with the wrong sign at an end count as crossing there", "[stats]") {
  // Twenty launches, of which eighteen cross at 2^4.5, 2^4.55, ... 2^5.35 and two already favour b at size 16, or still
  // favour a at size 64. The 95 % interval of twenty is the 6th to the 15th, so both sizes separate all the same.
  const std::vector<double> b(20, 64.0);
  std::vector<double> low(20, 32.0), high(20);
  for (std::size_t i = 0; i < 20; ++i)
    high[i] =
        64 * std::exp2(2 / (0.5 + 0.05 * (static_cast<double>(i) - 2)) - 1);  // 2^-1 at 2^4 turns 0 at 2^(4 + ...)
  low[0] = low[1] = high[0] = high[1] = 128;
  curves early;
  early.add(16, low, b);
  early.add(64, high, b);
  const crossover at_low_end = find_crossover(early.view());
  REQUIRE(at_low_end.found == crossover::one);
  CHECK(at_low_end.low == approx(std::exp2(4.65)));
  CHECK(at_low_end.size == approx(std::exp2(4.875)));
  CHECK(at_low_end.high == approx(std::exp2(5.1)));

  low[0] = low[1] = high[0] = high[1] = 32;
  curves late;
  late.add(16, low, b);
  late.add(64, high, b);
  const crossover at_high_end = find_crossover(late.view());
  REQUIRE(at_high_end.found == crossover::one);
  CHECK(at_high_end.low == approx(std::exp2(4.75)));
  CHECK(at_high_end.size == approx(std::exp2(4.975)));
  CHECK(at_high_end.high == approx(std::exp2(5.2)));
}

TEST_CASE("a launch that crosses several times counts with its middle crossing", "[stats]") {
  // Four launches cross at 2, 8 and 32, four at 8 only; the sizes between do not separate.
  curves made;
  const double less = 32, more = 128;
  made.add(1, std::vector<double>(8, less), std::vector<double>(8, 64.0));
  made.add(4, {more, more, more, more, less, less, less, less}, std::vector<double>(8, 64.0));
  made.add(16, {less, less, less, less, more, more, more, more}, std::vector<double>(8, 64.0));
  made.add(64, std::vector<double>(8, more), std::vector<double>(8, 64.0));
  const crossover found = find_crossover(made.view());
  REQUIRE(found.found == crossover::one);
  CHECK(found.low == approx(8));
  CHECK(found.size == approx(8));
  CHECK(found.high == approx(8));
}

TEST_CASE("missing launches are left out of the interval", "[stats]") {
  curves made = against_flat([](double size) { return 2 * size; });
  made.a[2][0] = kNan;  // at size 16, the lower end of the bracket
  made.b[4][3] = kNan;  // elsewhere
  const crossover found = find_crossover(made.view());
  REQUIRE(found.found == crossover::one);
  CHECK(found.flips[0].level == 0.984375);  // seven launches
}

TEST_CASE("if no launch measured both ends only the bracket is known", "[stats]") {
  curves made;
  std::vector<double> early(10, 32.0), late(10, 128.0);
  for (std::size_t i = 0; i < 5; ++i) early[i] = late[i + 5] = kNan;
  made.add(16, early, std::vector<double>(10, 64.0));
  made.add(64, late, std::vector<double>(10, 64.0));
  const crossover found = find_crossover(made.view());
  REQUIRE(found.found == crossover::one);
  CHECK(found.flips[0].level == 0);
  CHECK(found.low == 16);
  CHECK(found.high == 64);
  CHECK(found.size == approx(32));
}

TEST_CASE("no curve, one size, few launches", "[stats]") {
  CHECK(find_crossover({}).found == crossover::none);
  curves single;
  single.add(16, std::vector<double>(8, 1.0), std::vector<double>(8, 2.0));
  CHECK(find_crossover(single.view()).found == crossover::none);
  CHECK(find_crossover(single.view()).separated == 1);
  const curves four = against_flat([](double size) { return 2 * size; }, 4);
  CHECK(find_crossover(four.view()).separated == 0);
}

TEST_CASE("swapping the curves keeps the places, scaling the sizes scales them", "[stats]") {
  CHECK(rc::check("crossover symmetry", [] {
    curves made, scaled;
    const auto sizes = *rc::gen::inRange(2, 7);
    const auto costs = rc::gen::container<std::vector<int>>(8, rc::gen::inRange(1, 100));
    for (int i = 0; i < sizes; ++i) {
      std::vector<double> a, b;
      const double tilt = *rc::gen::element(0.001, 1.0, 1000.0);  // so that flips are common
      for (const int cost : *costs) a.push_back(tilt * cost);
      for (const int cost : *costs) b.push_back(cost);
      made.add(std::exp2(i), a, b);
      scaled.add(std::exp2(i + 10), a, b);
    }
    const crossover there = find_crossover(made.view()), back = find_crossover(made.view(true));
    const crossover larger = find_crossover(scaled.view());
    RC_ASSERT(there.flips.size() == back.flips.size() && there.flips.size() == larger.flips.size());
    RC_CLASSIFY(!there.flips.empty());
    for (std::size_t i = 0; i < there.flips.size(); ++i) {
      const flip &one = there.flips[i], &other = back.flips[i], &wide = larger.flips[i];
      RC_ASSERT(one.a_wins_below != other.a_wins_below);
      RC_ASSERT(std::abs(one.size / other.size - 1) < 1e-9);
      RC_ASSERT(std::abs(wide.size / one.size / 1024 - 1) < 1e-9);
      RC_ASSERT(one.low <= one.size * (1 + 1e-9) && one.size <= one.high * (1 + 1e-9));
      RC_ASSERT(one.below <= one.low * (1 + 1e-9) && one.high <= one.above * (1 + 1e-9));
    }
  }));
}

TEST_CASE("the interval of the crossover covers the true size", "[stats][coverage]") {
  constexpr std::uint64_t kSeed = 5;
  constexpr double kTruth = 1000;
  for (const std::size_t n : {8u, 20u}) {
    copycost::rng random(kSeed);
    std::size_t not_one = 0;
    const coverage seen = measure_coverage(1000, kTruth, [&] {
      curves made;
      std::vector<double> bias(n);  // of the launch on side a, at all sizes
      for (double& value : bias) value = std::exp(0.05 * testing::normal(random));
      for (double size = 16; size <= 65536; size *= 2) {
        std::vector<double> a, b;
        for (std::size_t i = 0; i < n; ++i) {
          a.push_back(bias[i] * size / kTruth * std::exp(0.02 * testing::skewed(random)));
          b.push_back(std::exp(0.02 * testing::skewed(random)));
        }
        made.add(size, a, b);
      }
      const crossover found = find_crossover(made.view());
      if (found.found != crossover::one) ++not_one;
      return found;
    });
    std::cout << "coverage of 95 %, crossover, n " << n << ", seed " << kSeed << ": " << seen.covered << " of "
              << seen.trials << '\n';
    CHECK(not_one <= 10);  // a false flip needs a size that separates the wrong way
    CHECK(seen.share() >= 0.94);
  }
}

TEST_CASE("equal curves have no crossover", "[stats][coverage]") {
  copycost::rng random(9);
  int flips = 0;
  for (int trial = 0; trial < 500; ++trial) {
    curves made;
    for (double size = 16; size <= 65536; size *= 2) {
      const auto sample = testing::biased_by_launch(random, 8, 1.0);
      made.add(size, sample.numerator, sample.denominator);
    }
    if (find_crossover(made.view()).found != crossover::none) ++flips;
  }
  CHECK(flips <= 5);
}
