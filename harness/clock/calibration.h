// SPDX-License-Identifier: Apache-2.0
//
// How long a cell takes, found once before the launches: its set-up, one operation, and whether its result equals the
// oracle's (a cell that is not equal is never timed).
//
// Threads: one at a time; no state.
#pragma once
#include "harness/clock/sample.h"
#include "harness/core/registry.h"

namespace copycost {

// `ns` of the row is per operation, with batches long enough that the barrier and the clock do not count; `batch_ns` is
// what one batch costs besides its window (threads, processes); `judge_ns` is what the comparison with the oracle cost.
// Spends about `budget_ns` on the timing. Never throws: what goes wrong is in `why`, with its exit code
// (core/fault.h).
calibration_row calibrate(const cell& what, double budget_ns);

}  // namespace copycost
