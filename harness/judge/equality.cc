// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/equality.h"

#include <fmt/format.h>

#include "harness/core/failure.h"
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
    out.equal = out.got == out.expected && out.done.ops > 0;
    if (!out.equal)
      out.why =
          fmt::format("digest {:016x}, the oracle's {:016x} ({} operations)", out.got, out.expected, out.done.ops);
  } catch (const std::exception& e) {  // whatever a design throws is its result
    out.why = e.what();
  }
  return out;
}

std::uint64_t judged_ops(const cell& what) { return std::min<std::uint64_t>(what.workload->audit_ops(what.at), 64); }

}  // namespace copycost
