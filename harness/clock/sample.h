// SPDX-License-Identifier: Apache-2.0
//
// What a launch answers, one value a line of its file: what it measured of a cell or a limit, in which circumstances,
// or how long a cell takes (calibration). What is absent is not 0.
//
// Threads: a value.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/failure.h"
#include "harness/base/json.h"
#include "harness/base/storage.h"
#include "harness/clock/circumstances.h"
#include "harness/clock/histogram.h"
#include "harness/core/limit_term.h"
#include "harness/judge/equality.h"

namespace copycost {

// On what a cell keeps its files.
struct file_place {
  std::string file_system, device, mount_point;
  standing is = standing::unknown;
  std::string why_not_durable;  // empty: it is, or that is not known
};

struct sample {
  std::string cell;                  // of a limit and of circumstances: empty
  limits::limit_id limit;            // of a cell: without a name
  std::optional<circumstances> met;  // the launch's own line; the rest is then empty
  std::int64_t launch = 0;
  std::string allocator, run_id;  // added by who started the launch
  bool twin = false;              // a second time in the same launch, for the A/A noise floor
  std::optional<double> ns;       // absent: could not be measured
  std::optional<std::string> error;
  std::optional<exit_code> code;  // of the error (core/fault.h)

  // Of a cell.
  std::optional<file_place> place;
  std::optional<std::uint64_t> ops;
  std::vector<double> batches;  // ns of one operation in each
  std::optional<double> items_per_op, payload_bytes_per_op;
  std::optional<double> overlap;  // where it has several roles
  std::shared_ptr<const latency_histogram> latencies;
  struct benchmark_figures {  // as Google Benchmark reports them
    std::int64_t iterations = 0;
    std::optional<double> real_ns, cpu_ns;
  };
  std::optional<benchmark_figures> reported;

  // Of a limit.
  std::optional<double> best_ns, bytes_per_second;
  std::optional<double> bytes;  // where a size is the answer
};

struct pace {
  double ns = 0, setup_ns = 0, batch_ns = 0, judge_ns = 0;
  double paused_ns = 0;  // beside every operation, untimed
  double whole_ns() const { return ns + paused_ns; }
};
using paces = std::map<std::string, pace>;  // by cell name

struct calibration_row {
  std::string cell;
  likeness said = likeness::could_not;  // what the oracle says of its results
  std::string why;                      // not equal, or not timed
  exit_code code = exit_code::internal;
  std::optional<pace> known;  // of a cell that is equal
};

json to_json(const sample& s);
sample sample_from_json(const json& line);
json to_json(const calibration_row& row);
calibration_row calibration_from_json(const json& line);
// Whether a line of a launch is one of a calibration.
bool is_calibration(const json& line);

// {"file_system", "device", "mount_point", "is", "why_not_durable"}
json to_json(const file_place& p);

}  // namespace copycost
