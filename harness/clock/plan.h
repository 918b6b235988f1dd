// SPDX-License-Identifier: Apache-2.0
//
// What one launch has to do and what it answers, as JSON on disk between copycost and copycost-clock: the parent
// carries hooks, the launch does not, so they are different programs.
//
// Threads: a value.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/json.h"
#include "harness/clock/circumstances.h"
#include "harness/core/limit_term.h"

namespace copycost {

// One line of a plan: a cell, or a limit.
struct plan_item {
  std::string cell;
  std::uint64_t n = 0;  // operations of one batch and role; 0: calibrate
  unsigned batches = 0;
  std::int64_t period_ns = 0;  // open loop
  bool count = false;          // count n operations or more instead of timing them (harness/recount)
  bool twin = false;           // a second time in the same launch, for the A/A noise floor
  limits::limit_id limit;      // without a name: none
  double budget_ns = 0;        // for a limit, or for a calibration
  bool is_limit() const { return !limit.name.empty(); }
};

struct plan {
  int launch = 0;
  json inputs;        // real input that the launch inherits: input_set::hand_over(); set by start_launch()
  circumstances met;  // of a launch that times; a calibration and a recount have none
  std::vector<plan_item> items;
};

// A limit as it stands in plans and samples: the keys `limit` (its name), `size`, `alive`, and those of the walk that
// are not 0.
void add_limit(json& row, const limits::limit_id& id);
limits::limit_id limit_of(const json& row);
// The same as `params` of a row: what is not 0, without the name.
json limit_params(const limits::limit_id& id);

json to_json(const plan&);
// Throws failure{usage} when the text is not a plan.
plan plan_from_json(const json&, const std::string& path);

}  // namespace copycost
