// SPDX-License-Identifier: Apache-2.0
//
// What one launch is told to do and what it answers, as JSON on disk between copycost and copycost-clock: the parent
// carries hooks, the launch does not, so they are different programs. Values; thread-compatible.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "harness/core/json.h"

namespace copycost {

// One line of a plan: a cell, or a limit (then `limit` is not empty).
struct plan_item {
  std::string cell;
  std::uint64_t n = 0;  // operations of one batch and role; 0: calibrate
  unsigned batches = 0;
  std::int64_t period_ns = 0;  // open loop
  bool count = false;          // count n operations or more instead of timing them (harness/recount)
  bool twin = false;           // a second time in the same launch, for the A/A noise floor
  std::string limit;
  std::uint64_t size = 0, alive = 0;  // of a limit
  double budget_ns = 0;               // for a limit, or for a calibration
};

struct plan {
  int launch = 0;
  json inputs;  // real input that the launch inherits: input_set::hand_over(); set by start_launch()
  std::vector<plan_item> items;
};

json to_json(const plan&);
// Throws failure{usage} when the text is not a plan.
plan plan_from_json(const json&, const std::string& path);

}  // namespace copycost
