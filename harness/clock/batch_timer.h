// SPDX-License-Identifier: Apache-2.0
//
// Times batches of one cell: the stage runs them, the role records say how long the window was open.
//
// Lifetime: one timer a cell and pass.
// Threads: one drives it.
// Cost: a barrier and two clock reads a batch, outside of what is counted per operation only in so far as a batch is
// long: see calibration.h for how long.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "harness/clock/clock_instrument.h"
#include "harness/core/stage.h"

namespace copycost {

// From the first opening to the last closing without pauses, and how much of that all roles shared (1: all of it).
struct window_time {
  double wall_ns = 0, overlap = 1;
  double paused_ns = 0;  // beside it: of the role that paused longest
};
window_time window_of(std::span<const role_record> roles);

// The same where there are more roles than processors, and not all can run at once: 0 when one ran after the other, 1
// when as many as there are processors were always under way.
double crowd_overlap(std::span<const role_record> roles, unsigned processors);

// How much of the time from the first opening to the last closing of the timed roles the first `scenery` roles ran.
double scenery_share(std::span<const role_record> roles, unsigned scenery);

class batch_timer {
 public:
  // `period_ns`: open loop only.
  batch_timer(const cell& what, std::int64_t period_ns = 0);

  // One batch of n operations per role; fresh state before it where the workload is not repeatable. Throws failure.
  window_time run(std::uint64_t n);
  // Ends the episode; items and payload bytes of all batches are known afterwards. REQUIRES: at least one batch.
  void finish();

  // Where the cell keeps files; empty: it keeps none, or has ended.
  std::filesystem::path directory() const { return stage_ != nullptr ? stage_->directory() : std::filesystem::path(); }
  double setup_ns() const { return setup_ns_; }  // of the last set-up
  double items_per_op() const { return ops_ > 0 ? items_ / ops_ : 0; }
  double payload_bytes_per_op() const { return ops_ > 0 ? bytes_ / ops_ : 0; }
  // Over all roles; empty unless the workload is open loop. VALID UNTIL: this is changed or destroyed.
  const latency_histogram& latencies() const { return latencies_; }

 private:
  void fresh();
  void add_up();
  cell what_;
  shape form_;
  std::int64_t period_ns_;
  clock_instrument by_;
  std::unique_ptr<stage> stage_;
  latency_histogram latencies_;
  double setup_ns_ = 0, ops_ = 0, items_ = 0, bytes_ = 0;
};

}  // namespace copycost
