// SPDX-License-Identifier: Apache-2.0
//
// What the samples of a run say: times, ratios paired by launch, limits beside them, and a verdict per cell.
//
// Threads: safe; pure functions.
#pragma once
#include <vector>

#include "harness/clock/rows.h"
#include "harness/clock/run.h"
#include "harness/core/verdict.h"

namespace copycost {

// A `copy` row that is slower than this many times its floor, the whole interval of the ratio, is no honest opponent:
// no ratio is drawn against it.
inline constexpr double kFloorFactor = 1.25;
// A row below this many times its limit, the whole interval of the ratio, is impossible: run says so.
inline constexpr double kLimitFactor = 0.95;
// An operation below this is one that the compiler removed.
inline constexpr double kPlausibleNs = 0.2;
// Several roles that ran at once for less of the time did not meet: their time stands, and is compared with nothing.
inline constexpr double kOverlapLeast = 0.5;

struct run_rows {
  std::vector<run_row> cells;
  std::vector<limit_row> limits;  // over the launches
  double noise_floor = 0;         // A/A
  bool correct = true;            // nothing is broken
  bool complete = true;           // every cell that is not broken was measured in every launch
  std::string why;                // when not
  verdict_count said;             // for the exit code
};

run_rows evaluate(const run_request& request, const run_samples& samples);

}  // namespace copycost
