// SPDX-License-Identifier: Apache-2.0
#include "harness/clock/calibration.h"

#include <algorithm>

#include "harness/base/now.h"
#include "harness/clock/batch_timer.h"
#include "harness/core/fault.h"
#include "harness/judge/equality.h"

namespace copycost {
namespace {

constexpr double kLongEnoughNs = 100'000;  // a window of which the clock's own 50 ns are less than 0.1 %
// Where operations change what the next ones cost (a store grows), the pace of a few says nothing of many: such a batch
// is tried as long as it will be timed.
constexpr double kGrownNs = 5'000'000;

// Doubles the batch until its window is long enough or the budget is spent. Where operations are not alike, the pace of
// the first ones says nothing: the first batch has as many as the ledger counts.
pace find_pace(const cell& what, double budget_ns) {
  const std::int64_t period = what.form().open_loop() ? 10'000 : 0;
  batch_timer timer(what, period);
  const double enough_ns = what.form().repeatable() ? kLongEnoughNs : kGrownNs;
  const auto limit = static_cast<std::uint64_t>(what.form().repeatable() ? 1 << 24 : 1 << 14);
  const workload_entry& work = *what.workload;
  const std::uint64_t asked = work.batch_ops(what.at);  // the batch that will be timed
  const std::uint64_t alike = work.traits.alike() ? 1 : std::clamp<std::uint64_t>(work.audit_ops(what.at), 1, limit);
  const std::uint64_t first = asked > 0 ? asked : alike;
  pace out;
  double spent = 0;
  for (std::uint64_t n = first; n <= std::max(limit, first); n *= 2) {
    const std::int64_t start = now_ns();
    const window_time t = timer.run(n);
    const auto took = static_cast<double>(now_ns() - start);
    // The batch began with a set-up.
    const double fresh_ns = n == first || !what.form().repeatable() ? timer.setup_ns() : 0;
    out.ns = t.wall_ns / static_cast<double>(n);
    out.paused_ns = t.paused_ns / static_cast<double>(n);
    out.batch_ns = std::max(0.0, took - t.wall_ns - t.paused_ns - fresh_ns);
    spent += took;
    if (work.traits.heavy() || asked > 0 || t.wall_ns >= enough_ns || (spent >= budget_ns && n > 1)) break;
  }
  timer.finish();
  out.setup_ns = timer.setup_ns();
  return out;
}

}  // namespace

calibration_row calibrate(const cell& what, double budget_ns) {
  try {
    const std::int64_t start = now_ns();
    const equality e = compare_with_oracle(what, judged_ops(what));
    const auto judge_ns = static_cast<double>(now_ns() - start);
    calibration_row row{what.name(), e.said, e.why, e.code, std::nullopt};
    if (!e.equal()) return row;
    row.known = find_pace(what, budget_ns);
    row.known->judge_ns = judge_ns;
    return row;
  } catch (...) {  // the comparison answers all of its own failures: this one is of the timing
    const fault failed = fault_of_current_exception();
    return {what.name(), failed.of_design() ? likeness::different : likeness::could_not, failed.why, failed.code,
            std::nullopt};
  }
}

}  // namespace copycost
