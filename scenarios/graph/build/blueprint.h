// SPDX-License-Identifier: Apache-2.0
//
// Nodes and edges as data, with every check that needs no node to run.
//
//   add("read", ports) -> 0 --.
//   add("parse", ports) -> 1 --+-- connect("read", "parse:in") -> 0 -- build() -> plan
//   add("inner", blueprint, maps): its nodes become "inner.x"; "inner:port" is the port that it maps
//
// A call that is refused changes nothing. An output takes any number of edges, an input one.
//
// Lifetime: owns its names, nodes and edges.
// Threads: a value.
// Cost: of strings; build() is linear in nodes and edges.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/common/names.h"
#include "scenarios/graph/build/plan.h"
#include "scenarios/graph/error.h"

namespace copycost::graph {

inline constexpr std::size_t kPortNameMax = 64;  // bytes of a node's or a port's name
inline constexpr channel_limits kLimitsMax{std::size_t{1} << 32, std::uint64_t{1} << 62};

struct edge_options {
  channel_limits limits{};
};

// A port of a group: what "group:name" means inside it.
struct mapped_port {
  std::string name;    // outside
  std::string inside;  // "node:port", as connect() takes it
};
struct port_maps {
  std::vector<mapped_port> inputs, outputs;
};

class blueprint {
 public:
  // Answers the node's number. A name has 1 to 64 of [A-Za-z0-9_.-]; a port's name does not begin with a digit, and is
  // there once among inputs or outputs. Errors: bad_name, duplicate_node, bad_parameter (more ports than kPortsMax).
  result<unsigned> add(std::string name, port_list ports);
  // Adds the nodes and edges of another blueprint as a group, and answers the number of its first node. Nodes of groups
  // have numbers one after the other, in the order of `inside`. Errors: those of add() and connect().
  result<unsigned> add(std::string name, const blueprint& inside, const port_maps& maps);
  // From an output to an input, each "node", "node:port" or "node:2"; without a port it is the first. Answers the
  // edge's number. Errors: unknown_node, unknown_port, type_mismatch, duplicate_edge, port_taken, bad_parameter
  // (limits).
  result<unsigned> connect(std::string_view from, std::string_view to, edge_options options = {});
  // Errors, the first that holds: empty_graph, unconnected_port, cycle.
  result<plan> build() const;

  // One line: what is wrong with which names, and what there is instead. `e` is an error that this blueprint answered;
  // of a refused add() or connect() the last one only, of others to_string().
  std::string explain(const error& e) const;

  std::size_t nodes() const { return nodes_.size(); }
  std::size_t edges() const { return edges_.size(); }
  // VALID UNTIL: a node is added, or the blueprint dies. REQUIRES: number < nodes().
  const std::string& name(unsigned number) const { return nodes_[number].name; }
  const port_list& ports(unsigned number) const { return nodes_[number].ports; }
  const plan_edge& edge(unsigned number) const { return edges_[number]; }
  std::optional<unsigned> find(std::string_view name) const;
  // Each once, in the order of the edges.
  std::vector<unsigned> parents(unsigned number) const;
  std::vector<unsigned> children(unsigned number) const;
  // For Graphviz: a record a node with its ports, an arrow an edge.
  std::string to_dot() const;

 private:
  enum class side : std::uint8_t { input, output };
  struct place {
    unsigned node = 0, port = 0;
  };
  struct group_port {
    std::string name;
    place at;
  };
  struct group {
    unsigned first = 0;  // its first node
    std::vector<group_port> inputs, outputs;
  };
  struct ordered {
    std::vector<unsigned> order;
    std::vector<std::size_t> missing;
  };

  error refuse(error e, std::string why);
  result<void> check_new_name(const std::string& name);
  result<void> check_ports(const std::string& node, const std::vector<port>& all, side which);
  result<void> check_edge(const plan_edge& wanted);
  // "node:port" of an edge or of a group, as `whose` says.
  result<place> resolve(std::string_view text, side which, std::string_view whose);
  result<void> map_ports(const blueprint& inside, const std::string& name, const std::vector<mapped_port>& maps,
                         side which, std::vector<group_port>& into);
  void put(const plan_edge& e);
  std::optional<error> first_open_port() const;
  ordered in_order() const;
  std::vector<unsigned> cycle_behind(const std::vector<std::size_t>& missing) const;
  std::string port_name(unsigned node, unsigned number, side which) const;
  std::string edge_name(const plan_edge& e) const;

  std::vector<plan_node> nodes_;
  std::vector<plan_edge> edges_;
  name_map<unsigned> numbers_;
  name_map<group> groups_;
  error refused_{};
  std::string refused_why_;
};

}  // namespace copycost::graph
