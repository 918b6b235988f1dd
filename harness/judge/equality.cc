// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/equality.h"

#include <fmt/format.h>

#include "harness/core/fault.h"
#include "harness/core/stage.h"
#include "harness/judge/results_instrument.h"

namespace copycost {

equality compare_with_oracle(const cell& what, std::uint64_t n) {
  equality out;
  try {
    results_instrument judge;
    stage play(what, judge);
    play.setup();
    play.run(n);
    out.done = play.finish();
    out.got = out.done.result;
    out.expected = what.workload->expected(what.at, play.epoch(), n);
    const bool same = out.got == out.expected && out.done.ops > 0;
    out.said = same ? likeness::equal : likeness::different;
    out.code = same ? exit_code::ok : exit_code::incorrect;
    if (!same)
      out.why =
          fmt::format("digest {:016x}, the oracle's {:016x} ({} operations)", out.got, out.expected, out.done.ops);
  } catch (...) {
    const fault failed = fault_of_current_exception();
    out.said = failed.of_design() ? likeness::different : likeness::could_not;
    out.code = failed.code;
    out.why = failed.why;
  }
  return out;
}

std::uint64_t judged_ops(const cell& what) { return std::min<std::uint64_t>(what.workload->audit_ops(what.at), 64); }

}  // namespace copycost
