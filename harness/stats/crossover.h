// SPDX-License-Identifier: Apache-2.0
//
// At which size does the answer flip? Two cost curves over the same sizes, a and b; the lower cost wins.
//
// Threads: safe; pure functions.
// Cost: O(sizes * launches * log launches).
#pragma once
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "harness/stats/interval.h"

namespace copycost::stats {

// Both costs at one size. VALID UNTIL: whatever the spans view is gone; nothing is kept after a call.
struct size_point {
  double size;
  std::span<const double> a, b;  // position i is launch i, at every size; NaN where a launch has no value
};

struct flip {
  double size;          // where the curves cross: the median over launches
  double low, high;     // its interval over launches
  double level;         // the level that the interval really has; 0 if no launch measured both ends of the bracket
  double below, above;  // the bracket: the measured sizes on either side at which one side is separated from the other
  bool a_wins_below;
};

struct crossover {
  enum kind { none, one, many };
  kind found = none;
  // Of the flip, when there is one; NaN otherwise.
  double size = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
  bool a_wins_below = false;  // a wins at the smallest size that separates; false when no size does
  std::size_t separated = 0;  // sizes at which the two are separated; 0 says that the run does not know a winner
  std::vector<flip> flips;    // all of them, from small to large
};

// A flip lies between two neighbouring separated sizes (paired_ratio at `level`) with different winners; sizes that do
// not separate lie inside a bracket and never end one. So curves that only touch, or cross where the scatter hides it,
// give `none`: with separated > 0 one side wins throughout, with separated == 0 there is no winner anywhere.
//
// Where in the bracket: for each launch the log cost ratio is joined by straight lines over log size, and its crossing
// of 0 is taken, the middle one if scatter makes it cross several times. A launch that favours the later winner at the
// lower end already is placed at that end, and likewise above. That loses nothing: since both ends are separated, fewer
// launches than the interval cuts off are placed there. `size` is the median of the launches and [low, high] its
// median_interval.
//
// Limits: the interval is about scatter between launches, not about the grid. A cost that jumps between two sizes (a
// threshold in memcpy, a cache that overflows) is known only to the bracket [below, above], which is why that is
// reported too. The level is per size: each false flip needs a size that separates the wrong way.
//
// REQUIRES: sizes finite, above 0 and ascending; every span of every size equally long; 0 < level < 1.
crossover find_crossover(std::span<const size_point> curve, double level = kLevel);

}  // namespace copycost::stats
