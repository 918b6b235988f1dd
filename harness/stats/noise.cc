// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/noise.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "harness/base/check.h"
#include "harness/stats/binomial.h"
#include "harness/stats/paired.h"
#include "harness/stats/summary.h"

namespace copycost::stats {

noise_floor aa_noise_floor(std::span<const aa_pair> pairs, double level, double interval_level) {
  COPYCOST_REQUIRE(level > 0 && level < 1);
  noise_floor floor{std::numeric_limits<double>::infinity(), 0, 0, 0, 0, 1};
  std::vector<double> distances;
  for (const aa_pair& pair : pairs) {
    const ratio_estimate estimate = paired_ratio(pair.first, pair.second, interval_level);
    if (estimate.pairs < kPairsMin) {
      ++floor.dropped;
      continue;
    }
    distances.push_back(std::abs(std::log(estimate.ratio)));
    if (estimate.separated) ++floor.false_alarms;
  }
  floor.pairs = distances.size();
  if (distances.empty()) return floor;
  const auto n = static_cast<double>(distances.size());
  const double rank = std::min(n, std::ceil((n + 1) * level));
  floor.relative = std::expm1(sorted(distances)[static_cast<std::size_t>(rank) - 1]);
  floor.level = rank / (n + 1);
  floor.false_alarm_share_max = share_upper_bound(floor.false_alarms, floor.pairs, kLevel);
  return floor;
}

}  // namespace copycost::stats
