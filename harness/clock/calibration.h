// SPDX-License-Identifier: Apache-2.0
//
// How long a cell takes, found once before the launches: its set-up, one operation, and whether its result equals the
// oracle's (a cell that is not equal is never timed).
//
// Threads: one at a time; no state.
#pragma once
#include "harness/base/json.h"
#include "harness/core/registry.h"

namespace copycost {

// A row {"cell", "equal", "why", "code", "judge_ns", "setup_ns", "ns", "paused_ns", "batch_ns"}: "equal" is true,
// false, or null where it could not be asked, and "code" the exit code of that (core/fault.h). `ns` is per operation,
// with batches long enough that the barrier and the clock do not count; `batch_ns` is what one batch costs besides its
// window (threads, processes); `judge_ns` is what the comparison with the oracle cost. Spends about `budget_ns` on the
// timing. Never throws: what goes wrong is in "why".
json calibrate(const cell& what, double budget_ns);

}  // namespace copycost
