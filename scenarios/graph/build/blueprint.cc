// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/build/blueprint.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <deque>
#include <utility>

#include "scenarios/graph/build/words.h"

namespace copycost::graph {
namespace {

// Nodes and edges have numbers of 32 bits.
template <class T>
unsigned number_of_next(const std::vector<T>& all) {
  COPYCOST_REQUIRE(all.size() < kNoEdge);
  return static_cast<unsigned>(all.size());  // fits: checked above
}

// The first position that a name may not have; none: the name is good.
std::optional<std::size_t> bad_position(std::string_view name) {
  if (name.empty()) return 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool good =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
    if (!good || i >= kPortNameMax) return i;
  }
  return std::nullopt;
}

// The number that a text is, or none.
std::optional<unsigned> number_of(std::string_view text) {
  unsigned number = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (wrong != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Which of the named things is meant: without a text the first, else the one of this name, else of this number.
template <class Named>
std::optional<unsigned> port_among(const std::vector<Named>& all, std::optional<std::string_view> wanted) {
  if (!wanted) return all.empty() ? std::nullopt : std::optional<unsigned>(0);
  const auto found = std::ranges::find(all, *wanted, &Named::name);
  if (found != all.end()) return static_cast<unsigned>(found - all.begin());
  const auto number = number_of(*wanted);
  return number && *number < all.size() ? number : std::nullopt;
}

}  // namespace

error blueprint::refuse(error e, std::string why) {
  refused_ = e;
  refused_why_ = std::move(why);
  return e;
}

result<void> blueprint::check_new_name(const std::string& name) {
  if (const auto at = bad_position(name))
    return refuse({errc::bad_name, *at, 0, 0}, words::bad_name("node", name, *at, kPortNameMax));
  if (const auto found = numbers_.find(name); found != numbers_.end())
    return refuse({errc::duplicate_node, found->second, 0, 0},
                  fmt::format("node {} is called '{}' already", found->second, name));
  if (const auto found = groups_.find(name); found != groups_.end())
    return refuse({errc::duplicate_node, found->second.first, 0, 0},
                  fmt::format("a group is called '{}' already", name));
  return {};
}

result<void> blueprint::check_ports(const std::string& node, const std::vector<port>& all, side which) {
  const char* const kind = which == side::input ? "input" : "output";
  if (all.size() > kPortsMax)
    return refuse({errc::bad_parameter, 0, kPortsMax, all.size()},
                  fmt::format("node '{}' has {} {}s, limit {}", node, all.size(), kind, kPortsMax));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string& name = all[i].name;
    auto at = bad_position(name);
    if (!at && name[0] >= '0' && name[0] <= '9') at = 0;
    if (at)
      return refuse({errc::bad_name, *at, 0, 0},
                    fmt::format("node '{}': {}", node, words::bad_name(kind, name, *at, kPortNameMax)));
    const auto same = std::find_if(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i),
                                   [&](const port& p) { return p.name == name; });
    if (same != all.begin() + static_cast<std::ptrdiff_t>(i))
      return refuse({errc::bad_name, 0, 0, 0}, fmt::format("node '{}': two {}s are called '{}'", node, kind, name));
  }
  return {};
}

result<unsigned> blueprint::add(std::string name, port_list ports) {
  if (const auto ok = check_new_name(name); !ok) return ok.error();
  if (const auto ok = check_ports(name, ports.inputs, side::input); !ok) return ok.error();
  if (const auto ok = check_ports(name, ports.outputs, side::output); !ok) return ok.error();
  const auto number = number_of_next(nodes_);
  plan_node made{name, std::move(ports), {}, {}};
  made.inputs.assign(made.ports.inputs.size(), kNoEdge);
  made.outputs.resize(made.ports.outputs.size());
  nodes_.push_back(std::move(made));
  numbers_.emplace(std::move(name), number);
  return number;
}

result<blueprint::place> blueprint::resolve(std::string_view text, side which, std::string_view whose) {
  const std::uint64_t edge = edges_.size();
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const auto port = colon == text.npos ? std::nullopt : std::optional(text.substr(colon + 1));
  const auto no_port = [&](const auto& all) {
    return refuse({errc::unknown_port, edge, all.size(), 0},
                  fmt::format("{}: {}", whose, words::no_port(name, which == side::input, port, all)));
  };
  if (const auto found = groups_.find(name); found != groups_.end()) {
    const auto& all = which == side::input ? found->second.inputs : found->second.outputs;
    const auto number = port_among(all, port);
    if (!number) return no_port(all);
    return all[*number].at;
  }
  const auto node = find(name);
  if (!node)
    return refuse({errc::unknown_node, edge, 0, 0},
                  fmt::format("{}: there is no node '{}'; there {}", whose, name, words::list_of(nodes_)));
  const auto& all = which == side::input ? nodes_[*node].ports.inputs : nodes_[*node].ports.outputs;
  const auto number = port_among(all, port);
  if (!number) return no_port(all);
  return place{*node, *number};
}

result<void> blueprint::check_edge(const plan_edge& wanted) {
  const std::uint64_t number = edges_.size();
  const auto& [items, bytes] = wanted.limits;
  if (!std::has_single_bit(items) || items > kLimitsMax.items)
    return refuse(
        {errc::bad_parameter, number, kLimitsMax.items, items},
        fmt::format("edge {}: room for {} items; expected a power of two up to {}", number, items, kLimitsMax.items));
  if (bytes == 0 || bytes > kLimitsMax.bytes)
    return refuse({errc::bad_parameter, number, kLimitsMax.bytes, bytes},
                  fmt::format("edge {}: room for {} bytes; expected 1 to {}", number, bytes, kLimitsMax.bytes));
  const std::string& from = nodes_[wanted.from].ports.outputs[wanted.from_port].type;
  const std::string& to = nodes_[wanted.to].ports.inputs[wanted.to_port].type;
  if (from != to)
    return refuse({errc::type_mismatch, number, 0, 0},
                  fmt::format("edge {}: {} is of type '{}', {} of type '{}'", number,
                              port_name(wanted.from, wanted.from_port, side::output), from,
                              port_name(wanted.to, wanted.to_port, side::input), to));
  const unsigned there = nodes_[wanted.to].inputs[wanted.to_port];
  if (there == kNoEdge) return {};
  const plan_edge& other = edges_[there];
  const bool same = other.from == wanted.from && other.from_port == wanted.from_port;
  return refuse({same ? errc::duplicate_edge : errc::port_taken, there, 0, number},
                same ? fmt::format("edge {}: edge {} is the same, {}", number, there, edge_name(other))
                     : fmt::format("edge {}: {} has edge {} already, {}", number,
                                   port_name(wanted.to, wanted.to_port, side::input), there, edge_name(other)));
}

result<unsigned> blueprint::connect(std::string_view from, std::string_view to, edge_options options) {
  const std::string whose = fmt::format("edge {}", edges_.size());
  const auto out = resolve(from, side::output, whose);
  if (!out) return out.error();
  const auto in = resolve(to, side::input, whose);
  if (!in) return in.error();
  const plan_edge wanted{out.value().node, out.value().port, in.value().node, in.value().port, options.limits};
  if (const auto ok = check_edge(wanted); !ok) return ok.error();
  put(wanted);
  return number_of_next(edges_) - 1;
}

void blueprint::put(const plan_edge& e) {
  const auto number = number_of_next(edges_);
  edges_.push_back(e);
  nodes_[e.from].outputs[e.from_port].push_back(number);
  nodes_[e.to].inputs[e.to_port] = number;
}

result<void> blueprint::map_ports(const blueprint& inside, const std::string& name,
                                  const std::vector<mapped_port>& maps, side which, std::vector<group_port>& into) {
  blueprint within = inside;
  const auto first = number_of_next(nodes_);
  std::vector<port> outside;
  for (const mapped_port& m : maps) {
    outside.push_back({m.name});
    const auto at = within.resolve(m.inside, which, fmt::format("group '{}'", name));
    if (!at) return refuse(at.error(), within.refused_why_);
    const plan_node& node = within.nodes_[at.value().node];
    const unsigned taken = which == side::input ? node.inputs[at.value().port] : kNoEdge;
    if (taken != kNoEdge)
      return refuse({errc::port_taken, taken, 0, edges_.size()},
                    fmt::format("group '{}': {} has edge {} of the group already", name,
                                within.port_name(at.value().node, at.value().port, which), taken));
    into.push_back({m.name, {first + at.value().node, at.value().port}});
  }
  return check_ports(name, outside, which);
}

result<unsigned> blueprint::add(std::string name, const blueprint& inside, const port_maps& maps) {
  const auto first = number_of_next(nodes_);
  if (inside.nodes_.empty()) return refuse({errc::empty_graph, 0, 0, 0}, fmt::format("group '{}' has no node", name));
  if (const auto ok = check_new_name(name); !ok) return ok.error();
  for (const plan_node& n : inside.nodes_)
    if (const auto ok = check_new_name(name + "." + n.name); !ok) return ok.error();
  for (const auto& [inner, unused] : inside.groups_)
    if (const auto ok = check_new_name(name + "." + inner); !ok) return ok.error();
  group made{first, {}, {}};
  if (const auto ok = map_ports(inside, name, maps.inputs, side::input, made.inputs); !ok) return ok.error();
  if (const auto ok = map_ports(inside, name, maps.outputs, side::output, made.outputs); !ok) return ok.error();
  for (const plan_node& n : std::vector<plan_node>(inside.nodes_)) {
    const auto number = add(name + "." + n.name, n.ports);
    COPYCOST_REQUIRE(number.ok());
  }
  for (const plan_edge& e : std::vector<plan_edge>(inside.edges_))
    put({e.from + first, e.from_port, e.to + first, e.to_port, e.limits});
  for (auto [inner, its] : name_map<group>(inside.groups_)) {
    its.first += first;
    for (auto* ports : {&its.inputs, &its.outputs})
      for (group_port& p : *ports) p.at.node += first;
    groups_.emplace(name + "." + inner, std::move(its));
  }
  groups_.emplace(std::move(name), std::move(made));
  return first;
}

std::optional<unsigned> blueprint::find(std::string_view name) const {
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

namespace {

void add_once(std::vector<unsigned>& to, unsigned number) {
  if (std::ranges::find(to, number) == to.end()) to.push_back(number);
}

}  // namespace

std::vector<unsigned> blueprint::parents(unsigned number) const {
  std::vector<unsigned> out;
  for (const plan_edge& e : edges_)
    if (e.to == number) add_once(out, e.from);
  return out;
}
std::vector<unsigned> blueprint::children(unsigned number) const {
  std::vector<unsigned> out;
  for (const plan_edge& e : edges_)
    if (e.from == number) add_once(out, e.to);
  return out;
}

std::optional<error> blueprint::first_open_port() const {
  for (unsigned n = 0; n < nodes_.size(); ++n) {
    const plan_node& at = nodes_[n];
    for (unsigned p = 0; p < at.inputs.size(); ++p)
      if (at.inputs[p] == kNoEdge && at.ports.inputs[p].required) return error{errc::unconnected_port, n, 0, p};
    for (unsigned p = 0; p < at.outputs.size(); ++p)
      if (at.outputs[p].empty() && at.ports.outputs[p].required) return error{errc::unconnected_port, n, 1, p};
  }
  return std::nullopt;
}

// Back from a node that lies behind a cycle, as often as there are nodes: then it is on one; then once around.
std::vector<unsigned> blueprint::cycle_behind(const std::vector<std::size_t>& missing) const {
  const auto parent = [&](unsigned of) {
    for (const unsigned e : nodes_[of].inputs)
      if (e != kNoEdge && missing[edges_[e].from] > 0) return edges_[e].from;
    return of;
  };
  unsigned at = 0;
  while (missing[at] == 0) ++at;
  for (std::size_t i = 0; i < nodes_.size(); ++i) at = parent(at);
  std::vector<unsigned> around{at};
  for (unsigned n = parent(at); n != at; n = parent(n)) around.push_back(n);
  std::ranges::reverse(around);
  return around;
}

// Nodes whose inputs all come from nodes that are in it already, first added, first in it. What is missing of others
// is how many inputs do not.
blueprint::ordered blueprint::in_order() const {
  ordered out{{}, std::vector<std::size_t>(nodes_.size())};
  std::deque<unsigned> next;
  for (const plan_edge& e : edges_) ++out.missing[e.to];
  for (unsigned n = 0; n < nodes_.size(); ++n)
    if (out.missing[n] == 0) next.push_back(n);
  for (; !next.empty(); next.pop_front()) {
    out.order.push_back(next.front());
    for (const auto& port : nodes_[next.front()].outputs)
      for (const unsigned e : port)
        if (--out.missing[edges_[e].to] == 0) next.push_back(edges_[e].to);
  }
  return out;
}

result<plan> blueprint::build() const {
  if (nodes_.empty()) return error{errc::empty_graph, 0, 0, 0};
  if (const auto open = first_open_port()) return *open;
  ordered all = in_order();
  if (all.order.size() < nodes_.size()) return error{errc::cycle, cycle_behind(all.missing).front(), 0, 0};
  const bool has_source = std::ranges::any_of(nodes_, [](const plan_node& n) { return n.inputs.empty(); });
  if (!has_source) return error{errc::empty_graph, 0, 0, nodes_.size()};
  return plan{nodes_, edges_, std::move(all.order)};
}

}  // namespace copycost::graph
