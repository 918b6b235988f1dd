// SPDX-License-Identifier: Apache-2.0
//
// Ranks that are drawn as often as words of a text: rank r with a weight of 1 / (r + 1)^s. Seeded by the caller's rng,
// the same on every machine up to the last bit of pow().
//
// Threads: safe; immutable.
// Cost: a binary search a number.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "harness/base/rng.h"

namespace copycost {

class zipf {
 public:
  // REQUIRES: ranks > 0.
  explicit zipf(std::uint64_t ranks, double s = 1.0) : sums_(static_cast<std::size_t>(ranks)) {
    double sum = 0;
    for (std::size_t r = 0; r < sums_.size(); ++r) sums_[r] = sum += 1 / std::pow(static_cast<double>(r + 1), s);
  }
  // A rank below the number of ranks.
  std::uint64_t operator()(rng& random) const {
    const auto found = std::upper_bound(sums_.begin(), sums_.end(), random.uniform() * sums_.back());
    return static_cast<std::uint64_t>(std::min(found, sums_.end() - 1) - sums_.begin());
  }

 private:
  std::vector<double> sums_;
};

}  // namespace copycost
