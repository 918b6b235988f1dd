// SPDX-License-Identifier: Apache-2.0
//
// What an instrument adds to a stage: what happens when a role's window opens and closes, and where payload lies.
//
//   stage                                  instrument
//   before set-up, in every process        episode_epoch(e)
//   w.payload(size)                        lend_payload(size)
//   w.open(), w.close()                    opened(record), closing(record)      in the role's own thread
//   at the end                             release_payloads()
//
// Lifetime: outlives the stages that it is lent to.
// Threads: opened(), closing(), paused(), resumed() and latency() come from the role's own thread; the rest from the
// thread that drives the stage.
// Cost: virtual calls at window boundaries only.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "harness/core/seam.h"
#include "harness/ledger/witness/counters.h"

namespace copycost {

// What is known of one role after a batch. Lies in memory shared by all processes of the stage.
struct role_record {
  std::int64_t opened_ns = 0, closed_ns = 0;  // CLOCK_MONOTONIC
  std::int64_t processor_ns = 0;              // of the role's thread between them
  std::int64_t paused_ns = 0;                 // between pause() and resume(); opened_ns is later by as much
  std::uint64_t seen = 0;                     // digest of what the role has seen
  own_counts own;                             // the primitive witness between open and close
  std::uint64_t counts[40] = {};              // the instrument's own (ledger: hook counts)
};
static_assert(std::is_trivially_copyable_v<role_record>);

class instrument {
 public:
  virtual ~instrument() = default;
  // The name under which a role's process makes the same instrument (see role_main).
  virtual std::string_view kind() const = 0;
  // What it wants to know of each result.
  virtual watching watches() const = 0;

  // Called inside of the barriers, last before the operations and first behind them: what they do is neither timed nor
  // counted.
  virtual void opened(role_record&) {}
  virtual void closing(role_record&) {}
  virtual void paused(role_record&) {}
  virtual void resumed(role_record&) {}

  // Memory for one payload, filled by the caller afterwards. VALID UNTIL: release_payloads().
  virtual std::span<std::byte> lend_payload(std::size_t size) = 0;
  // Takes all lent payload back, at the end of the episode.
  virtual void release_payloads() = 0;
  // As of the window (seam.h).
  virtual void produced(std::span<const std::byte>) {}
  virtual void consumed(std::span<const std::byte>) {}
  // The pattern's epoch of the episode that starts; called in every process before set-up.
  virtual void episode_epoch(std::uint16_t) {}
  virtual void fault_point(int) {}

  // Per-role memory shared by the processes, zeroed at the start (clock: the latency histogram).
  virtual std::size_t scratch_bytes() const { return 0; }
  // One operation of an open loop took so long, from its intended start.
  virtual void latency(void* /*scratch*/, std::int64_t /*ns*/) {}
};

}  // namespace copycost
