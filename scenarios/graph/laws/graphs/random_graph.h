// SPDX-License-Identifier: Apache-2.0
//
// Graphs of the laws: drawn as data, built as often as a law runs them, and worked out in sequence by an oracle that
// knows no channels, threads or items.
//
//   draw_graph() --> drawn_graph --build_graph()--> graph<any_design> --> what came to each sink
//                         '--------flows_of()-----> strands on each edge <----------' must agree
//
// What a splitting node sends along each edge is marked by the next node, so that items of one source that went
// different ways are told apart. The order of items is settled within a strand; how strands mix, the run decides.
//
// Threads: values; draw_graph() only inside a property.
#pragma once
#include <optional>
#include <vector>

#include "scenarios/graph/build/graph_builder.h"
#include "scenarios/graph/laws/graphs/nodes.h"
#include "scenarios/graph/node/control/merges.h"

namespace copycost::graph::properties {

enum class op : std::uint8_t {
  source,
  mark,  // variant: in which of the published ways
  flip,
  shrink,  // to the half, but not into the head
  broadcast,
  round_robin,
  by_hash,
  by_map,     // variant: 1 has a port for other keys
  by_parity,  // if
  merge,      // variant: merge_order
  skip,       // bad tokens
  dead_letter,
  retry,
  sink  // variant: 1 keeps the items
};

struct graph_node {
  op what{};
  unsigned inputs = 1, outputs = 1, variant = 0;
  std::vector<token> tokens{};  // of a source
};
struct graph_edge {
  unsigned from = 0, from_port = 0, to = 0, to_port = 0;
};
// Each edge leads from a node with a smaller number to one with a larger.
struct drawn_graph {
  std::vector<graph_node> nodes;
  std::vector<graph_edge> edges;
  channel_limits limits{};
  unsigned turn = 32;
  std::uint64_t seed = 0;  // of what sources decide
};

drawn_graph draw_graph();
inline constexpr std::string_view kGraphClasses[] = {"a broadcast",
                                                     "several edges of one port",
                                                     "a round robin",
                                                     "a router by hash",
                                                     "a router by map that drops",
                                                     "a router by map with a default",
                                                     "a branch",
                                                     "a merge that interleaves",
                                                     "a merge that takes turns",
                                                     "a merge in sequence",
                                                     "a merge by priority",
                                                     "a node that skips",
                                                     "a dead-letter port",
                                                     "a node that tries again",
                                                     "channels of one item",
                                                     "a source of nothing"};
void classify(const drawn_graph& g);

// Where a router by map sends a key: an output, or kNoPort where it drops it.
unsigned output_in_map(std::uint64_t key, const graph_node& router);

// Nodes have the same numbers in it; `sinks` gets the sinks at theirs, and null for other nodes.
// VALID UNTIL, of the sinks: the graph is destroyed.
graph<any_design> build_graph(const drawn_graph& g, any_context& x, std::vector<token_sink*>& sinks);

// Rows of tokens. What runs along an edge is the tokens of all its strands, each strand in order.
using strand = std::vector<token>;
using flow = std::vector<strand>;
inline std::uint64_t tokens_in(const flow& f) {
  std::uint64_t n = 0;
  for (const strand& s : f) n += s.size();
  return n;
}
// On each edge, when source i sends `sent[i]` tokens at most (nothing: all).
std::vector<flow> flows_of(const drawn_graph& g, const std::vector<std::optional<std::uint64_t>>& sent = {});

// How what came differs from a flow, in one line; empty where it does not. A beginning: of each strand some first
// tokens are enough.
enum class compared : std::uint8_t { all, a_beginning };
std::string difference(const std::vector<std::optional<token>>& came, const flow& expected, compared how);

}  // namespace copycost::graph::properties
