// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/interval.h"

#include <vector>

#include "harness/base/check.h"
#include "harness/stats/binomial.h"
#include "harness/stats/summary.h"

namespace copycost::stats {

interval median_interval(std::span<const double> values, double level) {
  COPYCOST_REQUIRE(!values.empty());
  const std::vector<double> ascending = sorted(values);
  const median_rank found = rank_for_median(ascending.size(), level);
  return {ascending[found.rank - 1], ascending[ascending.size() - found.rank], found.level};
}

std::size_t values_to_reach(double level) {
  COPYCOST_REQUIRE(level > 0 && level < 1);
  std::size_t n = 1;
  for (double missed = 1; 1 - missed < level; missed /= 2) ++n;
  return n;
}

}  // namespace copycost::stats
