// SPDX-License-Identifier: Apache-2.0
//
// How much time each cell gets, so that a profile ends when it says it does.
//
// Threads: safe; pure functions over calibration rows.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/clock/plan.h"
#include "harness/clock/sample.h"
#include "harness/core/registry.h"

namespace copycost {

// What a profile may take, and how it divides it.
struct profile_budget {
  double total_s = 0;  // what a user waits for one system, at most; several systems take turns in one run
  int launches = 0;
  unsigned batches = 0;      // of one cell in one launch
  double window_ns_max = 0;  // time of one cell in one launch, at most
};
profile_budget budget_of(profile);

// What it costs that every cell and every limit of a launch has a process of its own.
inline constexpr double kChildNs = 1.5e6;

// Seconds that the run takes besides the timed windows: calibration, set-up, batches' own costs, limits.
double fixed_seconds(const std::vector<cell>& cells, const paces& known, const profile_budget& b, std::size_t limits);

// The window that each cell gets per launch so that the whole fits; never below a tenth of a millisecond.
double window_ns(const std::vector<cell>& cells, const paces& known, const profile_budget& b, std::size_t limits);

// The same for cells of several systems, each of which has the profile's time for itself: windows by system.
using windows = std::map<std::string_view, double>;
windows windows_of(const std::vector<cell>& cells, const paces& known, const profile_budget& b, std::size_t limits);

// The plan line of one cell, and what it takes in one launch.
plan_item item_for(const cell& what, const pace& known, const profile_budget& b, double window_ns);
double item_seconds(const plan_item& item, const cell& what, const pace& known);

}  // namespace copycost
