// SPDX-License-Identifier: Apache-2.0
//
// The graph that a real file goes through, and what came out of it.
//
//   FROM --+--> [order]
//          '--> [ways] --> 4 edges --> [together] --> [count]
//
// Lifetime: the sinks are the graph's.
// Threads: one at a time.
// Cost: set-up code.
#pragma once
#include <string>

#include "scenarios/graph/build/graph_builder.h"
#include "scenarios/graph/judge/lines.h"
#include "scenarios/graph/run/runner.h"

namespace copycost::graph::input {

using builder = graph_builder<any_design>;

struct made_of_input {
  tally in_order, counted;
  std::uint64_t dropped = 0;  // wherever in the graph
};

// Adds the nodes behind `from`. VALID UNTIL, of the sinks: the graph is destroyed.
struct sinks {
  line_sink *order = nullptr, *count = nullptr;
};
sinks add_consumers(builder& b, const std::string& from, const edge_options& edges);

// Waits for the end. Throws refused with the failure of the first node that failed.
void must_end(runner<any_design>& r);
// What the nodes and edges of a run dropped.
std::uint64_t dropped_in(const runner<any_design>& r);

}  // namespace copycost::graph::input
