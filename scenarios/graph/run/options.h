// SPDX-License-Identifier: Apache-2.0
//
// How a graph is run.
//
// Lifetime: the clock outlives the run.
// Threads: a value.
#pragma once
#include <cstddef>
#include <cstdint>

#include "scenarios/graph/run/channel/event.h"
#include "scenarios/graph/run/clock.h"

namespace copycost::graph {

enum class executor_kind : std::uint8_t {
  threads,  // one thread a node
  pool,     // a few workers that steal work from each other
  manual    // the caller's threads call running nodes
};

struct run_options {
  executor_kind executor = executor_kind::threads;
  unsigned workers = 0;              // of a pool; 0: as many as the machine has processors
  unsigned turn = 32;                // items that a node takes, and that it gathers for an edge, at a time
  unsigned spins = event::kSpins;    // how often a thread looks again before it sleeps
  const run_clock* clock = nullptr;  // null: the machine's
};

inline constexpr unsigned kTurnMax = 4096;
// A turn's items are published, and used items are dropped, before they hold more than this.
inline constexpr std::uint64_t kTurnBytes = 64 * 1024;
// A source that has nothing is asked again after the first of these, and then ever more seldom up to the second.
inline constexpr std::int64_t kIdleFirstNs = 2'000, kIdleMostNs = 1'000'000;

}  // namespace copycost::graph
