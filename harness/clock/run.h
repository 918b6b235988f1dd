// SPDX-License-Identifier: Apache-2.0
//
// The clock's run: calibrate once, then N fresh launches with a seeded random order of cells and limits in each. Knows
// processes and samples; what the samples mean is evaluate.h's business.
//
// Threads: one at a time.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/clock/launcher.h"
#include "harness/clock/schedule.h"
#include "harness/limits/limits.h"

namespace copycost {

struct run_request {
  std::vector<cell> cells;
  profile how = profile::quick;
  std::uint64_t seed = 1;
  int launches = 0;      // 0: the profile's
  int first_launch = 0;  // whose circumstances the first one gets
  std::string id;        // in every file of the result, so that files of two runs are told apart
  json selection;        // what was asked for, to repeat the run
};

struct run_samples {
  std::vector<sample> lines;  // of every finished launch
  std::vector<calibration_row> calibration;
  int launches = 0;                      // finished ones
  bool complete = false;                 // all launches were finished
  std::string why;                       // when not
  exit_code code = exit_code::internal;  // of that
};

// Where a run stands, for the progress line; called between launches and while one runs, never inside a timed region
// of the same process (launches are other processes).
struct run_progress {
  std::string phase;  // "calibrating", "launch 3/8"
  double done = 0;
  std::optional<double> eta_s;  // from what has been measured so far; nothing before that
};
using progress_function = std::function<void(const run_progress&)>;

// Throws failure when nothing could be run at all.
run_samples run_cells(const run_request& request, const progress_function& progress = {});

// Only the calibration, as `list` needs it; kept in a cache file beside the programs and renewed with them.
std::vector<calibration_row> calibrate_cells(const std::vector<cell>& cells, const progress_function& progress = {});
std::size_t systems_of(const std::vector<cell>& cells);
paces paces_of(const std::vector<calibration_row>& calibration);

// The limits that the cells stand beside, and those that every report shows.
std::vector<limits::limit_id> limits_for(const std::vector<cell>& cells);
// How many ordinary ones they are worth in a launch: those that write much memory first take longer.
std::size_t worth_of(const std::vector<limits::limit_id>& needed);

}  // namespace copycost
