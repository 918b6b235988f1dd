// SPDX-License-Identifier: Apache-2.0
//
// What the samples of a run say: times, ratios paired by launch, limits beside them, and a verdict per cell.
// Pure functions; thread-safe.
#pragma once
#include <vector>

#include "harness/clock/run.h"
#include "harness/core/json.h"

namespace copycost {

// A `copy` row that is slower than this many times its floor, the whole interval of the ratio, is no honest opponent:
// no ratio is drawn against it.
inline constexpr double kFloorFactor = 1.25;
// A row below this many times its limit, the whole interval of the ratio, is impossible: run says so.
inline constexpr double kLimitFactor = 0.95;
// An operation below this is one that the compiler removed.
inline constexpr double kPlausibleNs = 0.2;

struct run_rows {
  std::vector<json> cells;   // rows of `run --json`
  std::vector<json> limits;  // rows of `limits --json`, over the launches
  double noise_floor = 0;    // A/A
  bool correct = true;       // no cell differs from the oracle
};

run_rows evaluate(const run_request& request, const run_samples& samples);

}  // namespace copycost
