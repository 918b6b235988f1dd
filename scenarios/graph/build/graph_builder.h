// SPDX-License-Identifier: Apache-2.0
//
// Makes a graph of nodes: a blueprint with the nodes themselves.
//
//   graph_builder<D> b
//   b.add("read", node)                                     a node
//   b.add("part", builder, {{{"in", "a"}}, {{"out", "z"}}}) a group: "part:in" is the input of its node "a"
//   b.connect("read", "part:in")                            an edge
//   std::move(b).build()                                    -> graph<D>
//
// Lifetime: owns its nodes; build() hands them on.
// Threads: a value.
// Cost: of blueprint.h.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/graph/build/blueprint.h"
#include "scenarios/graph/build/node_options.h"
#include "scenarios/graph/node/node.h"

namespace copycost::graph {

inline constexpr unsigned kNoPort = ~0u;

// What runs: node i of the plan is nodes[i]. The plan's ports are those of the node, and behind its outputs its
// dead-letter port when the builder added one.
template <design D>
struct graph {
  plan shape;
  std::vector<std::unique_ptr<node<D>>> nodes;
  std::vector<node_options> options;
  std::vector<unsigned> dead_letter;  // of each node the output for items that failed, or kNoPort
};

template <design D>
class graph_builder {
 public:
  // Errors: those of blueprint::add(). REQUIRES: a node.
  result<unsigned> add(std::string name, std::unique_ptr<node<D>> what, node_options options = {}) {
    port_list ports = what->ports();
    unsigned dead = kNoPort;
    if (options.on_error == error_strategy::dead_letter) {
      for (dead = 0; dead < ports.outputs.size() && ports.outputs[dead].name != options.dead_letter;) ++dead;
      if (dead == ports.outputs.size())
        ports.outputs.push_back({options.dead_letter, ports.inputs.empty() ? kBytes : ports.inputs[0].type, true});
    }
    const auto number = blueprint_.add(std::move(name), std::move(ports));
    if (!number) return number;
    nodes_.push_back(std::move(what));
    options_.push_back(std::move(options));
    dead_.push_back(dead);
    return number;
  }
  // A group: the nodes of another builder under "name.", reached from outside through the ports that `maps` names. On
  // error `inside` is unchanged. Errors: those of blueprint::add() of a group.
  result<unsigned> add(std::string name, graph_builder&& inside, const port_maps& maps) {
    const auto first = blueprint_.add(std::move(name), inside.blueprint_, maps);
    if (!first) return first;
    for (auto& one : inside.nodes_) nodes_.push_back(std::move(one));
    for (auto& one : inside.options_) options_.push_back(std::move(one));
    dead_.insert(dead_.end(), inside.dead_.begin(), inside.dead_.end());
    inside = graph_builder();
    return first;
  }
  // Errors: those of blueprint::connect().
  result<unsigned> connect(std::string_view from, std::string_view to, edge_options options = {}) {
    return blueprint_.connect(from, to, options);
  }
  // Errors: those of blueprint::build(); then the builder is unchanged.
  result<graph<D>> build() && {
    auto plan = blueprint_.build();
    if (!plan) return plan.error();
    return graph<D>{std::move(plan).value(), std::move(nodes_), std::move(options_), std::move(dead_)};
  }

  std::string explain(const error& e) const { return blueprint_.explain(e); }
  // VALID UNTIL: the builder is destroyed or moved from.
  const blueprint& as_blueprint() const { return blueprint_; }

 private:
  blueprint blueprint_;
  std::vector<std::unique_ptr<node<D>>> nodes_;
  std::vector<node_options> options_;
  std::vector<unsigned> dead_;
};

}  // namespace copycost::graph
