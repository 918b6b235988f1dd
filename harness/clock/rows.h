// SPDX-License-Identifier: Apache-2.0
//
// The rows of a run: what its launches say of a cell, and of a limit. What is absent was not measured, or is not meant
// for this row: it is not 0.
//
// Threads: a value.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/json.h"
#include "harness/clock/histogram.h"
#include "harness/clock/sample.h"
#include "harness/core/registry.h"
#include "harness/core/verdict.h"
#include "harness/stats/interval.h"
#include "harness/stats/paired.h"

namespace copycost {

// A time as a multiple of a sum of limits.
struct multiple {
  std::string expression;  // "2 x refcount_pair"
  double ns = 0;           // of the sum
  double times = 0, low = 0, high = 0;
};

// What was measured of a cell, beside what else was measured.
struct timed {
  double ns = 0, low = 0, high = 0;
  std::size_t launches = 0, missed = 0;  // that measured it, and that could not
  std::string missed_why;
  std::optional<multiple> limit, reference;
  std::string limit_why;  // why there is no limit where one was asked for
  std::string remark;     // below its lower bound
  std::optional<double> items_per_second, bytes_per_second;
  std::optional<double> overlap;  // how much of the time several roles ran at once
  std::optional<latency_summary> latency;
};

struct run_row {
  std::string cell;  // its name; "/allocator:glibc" behind it where it ran on that
  std::string system, workload, design, allocator;
  workload_class cls{};
  params at;
  std::optional<file_place> place;  // where it keeps files
  std::optional<timed> time;
  bool has_floor = false;  // a copy that is plausible
  std::optional<multiple> floor;
  std::optional<stats::ratio_estimate> ratio;  // to `copy`
  verdict said = verdict::not_measured;
  std::string why;
  exit_code code = exit_code::ok;  // of what could not be measured, or is broken; ok: none
};

struct limit_row {
  limits::limit_id id;
  std::string allocator;
  std::optional<stats::interval> between;  // of `ns`
  std::optional<double> ns, bytes_per_second;
  std::optional<double> bytes;  // where a size is the answer, and its interval where it is known
  std::optional<stats::interval> bytes_between;
  std::string about;  // empty in a run
  std::string error;  // where it was not measured
};

json to_json(const run_row& row);
json to_json(const limit_row& row);
// Numbers as numbers.
json to_json(const params& at);

}  // namespace copycost
