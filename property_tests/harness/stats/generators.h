// SPDX-License-Identifier: Apache-2.0
//
// Launches of two sides with a known true ratio, in the ways in which real ones are awkward. Every generator places the
// median of the true log ratios at log(truth), so an interval can be held to it. Deterministic for a given rng.
#pragma once
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <vector>

#include "harness/base/rng.h"
#include "harness/stats/summary.h"

namespace copycost::stats::testing {

struct launches {
  std::vector<double> numerator, denominator;
};

inline double normal(rng& random) {  // Box and Muller (1958)
  const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
  return radius * std::cos(2 * std::numbers::pi * random.uniform());
}

// Exponential, moved so that its median is 0: skewed to the right, as times are.
inline double skewed(rng& random) { return -std::log(1 - random.uniform()) - std::numbers::ln2; }

// The median of `rounds` of one launch of one side, which wander (lag-1 correlation `stick`) around `level`.
inline double launch_median(rng& random, std::size_t rounds, double level, double noise, double stick) {
  std::vector<double> times;
  double wander = normal(random);
  for (std::size_t i = 0; i < rounds; ++i) {
    times.push_back(level * std::exp(noise * wander));
    wander = stick * wander + std::sqrt(1 - stick * stick) * normal(random);
  }
  return median(times);
}

inline constexpr std::size_t kRounds = 15;

inline launches right_skewed(rng& random, std::size_t n, double truth) {
  launches out;
  for (std::size_t i = 0; i < n; ++i) {
    out.denominator.push_back(100 * std::exp(0.3 * normal(random)));  // what the launch does to both sides
    out.numerator.push_back(out.denominator.back() * truth * std::exp(0.05 * skewed(random)));
  }
  return out;
}

// The machine drifts from launch to launch, and the rounds inside a launch follow each other.
inline launches autocorrelated(rng& random, std::size_t n, double truth) {
  launches out;
  double drift = normal(random);
  for (std::size_t i = 0; i < n; ++i) {
    const double machine = 100 * std::exp(0.2 * drift);
    out.numerator.push_back(launch_median(random, kRounds, machine * truth, 0.03, 0.9));
    out.denominator.push_back(launch_median(random, kRounds, machine, 0.03, 0.9));
    drift = 0.9 * drift + std::sqrt(1 - 0.81) * normal(random);
  }
  return out;
}

// Each launch lays out each side anew: 3 % between launches, 0.2 % inside.
inline launches biased_by_launch(rng& random, std::size_t n, double truth) {
  launches out;
  for (std::size_t i = 0; i < n; ++i) {
    out.numerator.push_back(launch_median(random, kRounds, truth * std::exp(0.03 * normal(random)), 0.002, 0));
    out.denominator.push_back(launch_median(random, kRounds, std::exp(0.03 * normal(random)), 0.002, 0));
  }
  return out;
}

// A clock so coarse that most launches read one of three ticks.
inline launches tied(rng& random, std::size_t n, double truth) {
  const auto ticks = [&] { return std::round(100 * std::exp(0.005 * normal(random))); };
  launches out;
  for (std::size_t i = 0; i < n; ++i) {
    out.numerator.push_back(truth * ticks());
    out.denominator.push_back(ticks());
  }
  return out;
}

struct generator {
  std::string name;
  launches (*draw)(rng&, std::size_t, double);
  double truth;
};

inline std::vector<generator> all_generators() {
  return {{"right-skewed", right_skewed, 1.07},
          {"autocorrelated", autocorrelated, 1.07},
          {"between-launch bias", biased_by_launch, 1.07},
          {"ties", tied, 1.0}};
}

}  // namespace copycost::stats::testing
