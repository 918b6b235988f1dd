// SPDX-License-Identifier: Apache-2.0
//
// A graph that passed every check: what runs it reads nothing else.
//
//   nodes[0] "read"  outputs[0] = {0, 1}        edges[0] 0:0 -> 1:0
//   nodes[1] "parse" inputs[0] = 0              edges[1] 0:0 -> 2:0
//   nodes[2] "count" inputs[0] = 1              order    0 1 2
//
// Nodes and edges have the numbers that the blueprint gave them; errors name these numbers.
//
// Threads: a value.
#pragma once
#include <string>
#include <vector>

#include "scenarios/graph/node/ports.h"
#include "scenarios/graph/run/channel/limits.h"

namespace copycost::graph {

inline constexpr unsigned kNoEdge = ~0u;

struct plan_edge {
  unsigned from = 0, from_port = 0, to = 0, to_port = 0;
  channel_limits limits{};
};

struct plan_node {
  std::string name;
  port_list ports;
  std::vector<unsigned> inputs;                // the edge of each input; kNoEdge: open
  std::vector<std::vector<unsigned>> outputs;  // the edges of each output, as they were connected; none: open
};

struct plan {
  std::vector<plan_node> nodes;
  std::vector<plan_edge> edges;
  std::vector<unsigned> order;  // all nodes; each edge leads from an earlier one to a later one
};

}  // namespace copycost::graph
