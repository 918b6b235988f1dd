// SPDX-License-Identifier: Apache-2.0
//
// The ways in which a graph runs over a real file: within one process, and split between two by each carrier.
//
//   in_process      [lines] --------------------------------------> consumers (flow.h)
//   shm ... json    [lines] --> link ~~~~ other process ~~~~> link --> consumers
//   hybrid          [lines] --> split --> near -------------------> join --> consumers
//                                 '--> link ~~> other process ~~> link --'      switched some times
//
// Lifetime: the file outlives the run.
// Threads: one at a time; REQUIRES: this process has no others.
// Cost: the graph's.
#pragma once
#include <span>
#include <string_view>

#include "scenarios/graph/judge/flow.h"
#include "scenarios/graph/laws/any_facade.h"

namespace copycost::graph::input {

struct mode {
  std::string_view name;
  // Throws refused and failure with what went wrong.
  made_of_input (*run)(facade&, bytes_view file, const edge_options&);
  bool needs_segment = false;  // only designs that share memory between processes have it
};
std::span<const mode> all_modes();  // VALID UNTIL: the program ends

}  // namespace copycost::graph::input
