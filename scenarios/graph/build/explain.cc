// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "scenarios/graph/build/blueprint.h"

namespace copycost::graph {

std::string blueprint::port_name(unsigned node, unsigned number, side which) const {
  const plan_node& at = nodes_[node];
  const auto& all = which == side::input ? at.ports.inputs : at.ports.outputs;
  return fmt::format("{} '{}' of node '{}'", which == side::input ? "input" : "output", all[number].name, at.name);
}

std::string blueprint::edge_name(const plan_edge& e) const {
  return fmt::format("{}:{} -> {}:{}", nodes_[e.from].name, nodes_[e.from].ports.outputs[e.from_port].name,
                     nodes_[e.to].name, nodes_[e.to].ports.inputs[e.to_port].name);
}

std::string blueprint::explain(const error& e) const {
  if (!refused_why_.empty() && e == refused_) return refused_why_;
  switch (e.code) {
    case errc::unconnected_port: {
      const side which = e.expected == 0 ? side::input : side::output;
      if (e.at >= nodes_.size()) break;
      const plan_node& node = nodes_[e.at];
      if (e.got >= (which == side::input ? node.inputs.size() : node.outputs.size())) break;
      return fmt::format("{} has no edge, and must have one",
                         port_name(static_cast<unsigned>(e.at), static_cast<unsigned>(e.got), which));
    }
    case errc::empty_graph:
      if (nodes_.empty()) return "the graph has no node";
      return fmt::format("none of the {} nodes is a source: each has an input", nodes_.size());
    case errc::cycle: {
      const ordered all = in_order();
      if (all.order.size() == nodes_.size()) break;
      std::string line = "nodes in a cycle: ";
      const auto around = cycle_behind(all.missing);
      for (const unsigned n : around) line += nodes_[n].name + " -> ";
      return line + nodes_[around.front()].name;
    }
    default:
      break;
  }
  return to_string(e);
}

namespace {

// Every name is of characters that mean nothing in a record of Graphviz.
std::string record_of(const std::vector<port>& ports, const char* prefix) {
  std::string out;
  for (std::size_t i = 0; i < ports.size(); ++i)
    out += fmt::format("{}<{}{}> {}", i > 0 ? "|" : "", prefix, i, ports[i].name);
  return out;
}

}  // namespace

std::string blueprint::to_dot() const {
  std::string out = "digraph graph_of_nodes {\n  rankdir=LR;\n  node [shape=record];\n";
  for (std::size_t n = 0; n < nodes_.size(); ++n)
    out += fmt::format("  n{} [label=\"{{{{{}}}|{}|{{{}}}}}\"];\n", n, record_of(nodes_[n].ports.inputs, "i"),
                       nodes_[n].name, record_of(nodes_[n].ports.outputs, "o"));
  for (const plan_edge& e : edges_) out += fmt::format("  n{}:o{} -> n{}:i{};\n", e.from, e.from_port, e.to, e.to_port);
  return out + "}\n";
}

}  // namespace copycost::graph
