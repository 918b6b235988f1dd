// SPDX-License-Identifier: Apache-2.0
//
// The binomial distribution, on which every interval and every p value of this folder rests. Sums are exact for p = 1/2
// while n <= 50, and good to some 1e-13 relative beyond; no n overflows or underflows on the way.
//
// Threads: safe; pure functions.
// Cost: O(n) time, no allocation.
#pragma once
#include <cstddef>

namespace copycost::stats {

// P(X <= k) for X ~ Binomial(n, p).
// REQUIRES: 0 <= p <= 1. k may exceed n.
double binomial_cdf(std::size_t n, std::size_t k, double p);

// Which order statistics enclose the median of n values: the rank-th smallest and the rank-th largest.
struct median_rank {
  std::size_t rank;  // from 1
  double level;      // 1 - 2 P(Binomial(n, 1/2) < rank), the level that these two really have
};

// The narrowest pair that reaches `level`; where even the extremes do not, rank 1 with the level that they have.
// REQUIRES: n > 0; 0 < level < 1.
median_rank rank_for_median(std::size_t n, double level);

// The largest share that `successes` out of `trials` leaves believable: the one-sided upper bound at `level`.
// Source: Clopper and Pearson, "The use of confidence or fiducial limits" (1934). 1 when trials is 0.
// REQUIRES: successes <= trials; 0 < level < 1.
double share_upper_bound(std::size_t successes, std::size_t trials, double level);

}  // namespace copycost::stats
