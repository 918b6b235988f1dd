// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/crossover.h"

#include <cmath>

#include "harness/base/check.h"
#include "harness/stats/paired.h"
#include "harness/stats/summary.h"

namespace copycost::stats {
namespace {

enum class winner { none, a, b };

winner winner_at(const size_point& point, double level) {
  const ratio_estimate a_to_b = paired_ratio(point.a, point.b, level);
  if (!a_to_b.separated) return winner::none;
  return a_to_b.high < 1 ? winner::a : winner::b;
}

// One launch at one size: its log cost ratio, signed so that it is negative where the winner below the flip wins.
struct path_point {
  double log_size, lead;
};

// The launch along the bracket; empty unless it measured both ends.
std::vector<path_point> path_of(std::size_t launch, std::span<const size_point> bracket, bool a_wins_below) {
  const auto lead_at = [&](const size_point& point) {
    return a_wins_below ? log_ratio(point.a[launch], point.b[launch]) : log_ratio(point.b[launch], point.a[launch]);
  };
  std::vector<path_point> path;
  if (std::isnan(lead_at(bracket.front())) || std::isnan(lead_at(bracket.back()))) return path;
  for (const size_point& point : bracket)
    if (const double lead = lead_at(point); !std::isnan(lead)) path.push_back({std::log(point.size), lead});
  return path;
}

// Where the path turns from below 0 to not below 0, or back. Read as if it came from below 0 before its first point and
// went on above 0 after its last, so a wrong sign at an end is a crossing there and the number of crossings is odd.
double middle_crossing(std::span<const path_point> path) {
  std::vector<double> crossings;
  if (path.front().lead >= 0) crossings.push_back(path.front().log_size);
  for (std::size_t i = 1; i < path.size(); ++i) {
    const path_point &from = path[i - 1], &to = path[i];
    if ((from.lead < 0) == (to.lead < 0)) continue;
    crossings.push_back(std::lerp(from.log_size, to.log_size, from.lead / (from.lead - to.lead)));
  }
  if (path.back().lead < 0) crossings.push_back(path.back().log_size);
  return crossings[crossings.size() / 2];
}

// REQUIRES: the first and the last size of the bracket are separated, with different winners.
flip flip_within(std::span<const size_point> bracket, bool a_wins_below, double level) {
  const double below = bracket.front().size, above = bracket.back().size;
  std::vector<double> crossings;
  for (std::size_t launch = 0; launch < bracket.front().a.size(); ++launch) {
    const std::vector<path_point> path = path_of(launch, bracket, a_wins_below);
    if (!path.empty()) crossings.push_back(middle_crossing(path));
  }
  if (crossings.empty()) return {std::sqrt(below) * std::sqrt(above), below, above, 0, below, above, a_wins_below};
  const interval range = median_interval(crossings, level);
  return {
      std::exp(median(crossings)), std::exp(range.low), std::exp(range.high), range.level, below, above, a_wins_below};
}

void check_curve(std::span<const size_point> curve) {
  for (std::size_t i = 0; i < curve.size(); ++i) {
    COPYCOST_REQUIRE(std::isfinite(curve[i].size) && curve[i].size > 0);
    COPYCOST_REQUIRE(i == 0 || curve[i - 1].size < curve[i].size);
    COPYCOST_REQUIRE(curve[i].a.size() == curve.front().a.size());
    COPYCOST_REQUIRE(curve[i].b.size() == curve.front().a.size());
  }
}

}  // namespace

crossover find_crossover(std::span<const size_point> curve, double level) {
  check_curve(curve);
  crossover answer;
  winner last = winner::none;
  std::size_t last_at = 0;
  for (std::size_t i = 0; i < curve.size(); ++i) {
    const winner here = winner_at(curve[i], level);
    if (here == winner::none) continue;
    if (last == winner::none) answer.a_wins_below = here == winner::a;
    if (last != winner::none && here != last)
      answer.flips.push_back(flip_within(curve.subspan(last_at, i - last_at + 1), last == winner::a, level));
    ++answer.separated;
    last = here;
    last_at = i;
  }
  if (answer.flips.size() > 1) answer.found = crossover::many;
  if (answer.flips.size() == 1) {
    const flip& only = answer.flips.front();
    answer.found = crossover::one;
    answer.size = only.size;
    answer.low = only.low;
    answer.high = only.high;
  }
  return answer;
}

}  // namespace copycost::stats
