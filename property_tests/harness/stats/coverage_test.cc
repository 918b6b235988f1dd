// SPDX-License-Identifier: Apache-2.0
// Whether a nominal 95 % is 95 %: paired_ratio against simulated launches whose true ratio is known.
#include <cmath>
#include <cstdint>
#include <iostream>
#include <vector>

#include "harness/stats/paired.h"
#include "harness/stats/power.h"
#include "property_tests/catch.h"
#include "property_tests/harness/stats/generators.h"

using namespace copycost::stats;

namespace {
constexpr std::uint64_t kSeed = 7;

void print(const std::string& what, std::size_t n, const coverage& seen) {
  std::cout << "coverage of 95 %, " << what << ", n " << n << ", seed " << kSeed << ": " << seen.covered << " of "
            << seen.trials << '\n';
}
}  // namespace

TEST_CASE("the nominal 95 % interval covers at least 94 % on four awkward generators", "[stats][coverage]") {
  copycost::rng random(kSeed);
  for (const auto& source : testing::all_generators())
    for (const std::size_t n : {8u, 9u, 20u, 51u}) {
      const coverage seen = measure_coverage(2000, source.truth, [&] {
        const auto sample = source.draw(random, n, source.truth);
        return paired_ratio(sample.numerator, sample.denominator);
      });
      print(source.name, n, seen);
      INFO(source.name << ", n = " << n << ", seed " << kSeed);
      CHECK(seen.share() >= 0.94);
    }
}

TEST_CASE("the interval does not cover by being endless: a true 30 % is found", "[stats][coverage]") {
  copycost::rng random(kSeed);
  for (const auto& source : testing::all_generators())
    for (const std::size_t n : {8u, 20u}) {
      std::size_t found = 0;
      for (int trial = 0; trial < 500; ++trial) {
        const auto sample = source.draw(random, n, 1.3);
        const ratio_estimate estimate = paired_ratio(sample.numerator, sample.denominator);
        if (estimate.separated && estimate.low > 1) ++found;
      }
      INFO(source.name << ", n = " << n << ", seed " << kSeed);
      CHECK(found >= 475);
    }
}

TEST_CASE("equal sides are called separated at most 6 % of the time", "[stats][coverage]") {
  copycost::rng random(kSeed);
  for (const auto& source : testing::all_generators())
    for (const std::size_t n : {8u, 20u}) {
      std::size_t alarms = 0;
      for (int trial = 0; trial < 2000; ++trial) {
        const auto sample = source.draw(random, n, 1.0);
        if (paired_ratio(sample.numerator, sample.denominator).separated) ++alarms;
      }
      INFO(source.name << ", n = " << n << ", seed " << kSeed);
      CHECK(alarms <= 120);
    }
}

TEST_CASE("rounds taken for launches break the promise when launches differ", "[stats][coverage]") {
  copycost::rng random(kSeed);
  constexpr std::size_t kLaunches = 8, kRoundsPooled = 15;
  const coverage seen = measure_coverage(500, 1.0, [&] {
    std::vector<double> numerator, denominator;
    for (std::size_t launch = 0; launch < kLaunches; ++launch) {
      const double bias = std::exp(0.03 * testing::normal(random));
      for (std::size_t round = 0; round < kRoundsPooled; ++round) {
        numerator.push_back(bias * std::exp(0.002 * testing::normal(random)));
        denominator.push_back(std::exp(0.002 * testing::normal(random)));
      }
    }
    return paired_ratio(numerator, denominator);
  });
  print("rounds pooled as if they were launches", kLaunches * kRoundsPooled, seen);
  CHECK(seen.share() < 0.8);
}

TEST_CASE("log ratios that follow each other from launch to launch break the promise", "[stats][coverage]") {
  copycost::rng random(kSeed);
  constexpr std::size_t kLaunches = 20;
  const coverage seen = measure_coverage(2000, 1.0, [&] {
    std::vector<double> numerator, denominator(kLaunches, 1.0);
    double wander = testing::normal(random);
    for (std::size_t i = 0; i < kLaunches; ++i) {
      numerator.push_back(std::exp(0.03 * wander));
      wander = 0.7 * wander + std::sqrt(1 - 0.49) * testing::normal(random);
    }
    return paired_ratio(numerator, denominator);
  });
  print("ratios with lag-1 correlation 0.7", kLaunches, seen);
  CHECK(seen.share() < 0.94);
}
