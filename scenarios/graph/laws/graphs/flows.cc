// SPDX-License-Identifier: Apache-2.0
//
// The oracle of graphs: what runs along each edge, one node after the other.
#include <algorithm>
#include <map>

#include "harness/base/check.h"
#include "scenarios/graph/laws/graphs/random_graph.h"
#include "scenarios/graph/node/control/key_routers.h"

namespace copycost::graph::properties {
namespace {

template <class Change>
flow changed(flow f, Change change) {
  for (strand& s : f)
    for (token& t : s) change(t);
  return f;
}
// Strands of which only some tokens are left.
template <class Keep>
flow filtered(const flow& f, Keep keep) {
  flow left;
  for (const strand& s : f) {
    strand some;
    std::ranges::copy_if(s, std::back_inserter(some), keep);
    left.push_back(std::move(some));
  }
  return left;
}
template <class Output>
std::vector<flow> routed(const flow& f, unsigned outputs, Output output_of) {
  std::vector<flow> out;
  for (unsigned i = 0; i < outputs; ++i) out.push_back(filtered(f, [&](const token& t) { return output_of(t) == i; }));
  return out;
}

std::vector<flow> in_turns(const flow& f, unsigned outputs) {
  COPYCOST_REQUIRE(f.size() <= 1);
  std::vector<flow> out(outputs, flow(1));
  for (std::size_t i = 0; i < tokens_in(f); ++i) out[i % outputs][0].push_back(f[0][i]);
  return out;
}

flow merged(const std::vector<flow>& in, bool in_sequence) {
  flow all;
  bool is_one_strand = in_sequence || in.size() == 1;
  for (const flow& f : in) {
    all.insert(all.end(), f.begin(), f.end());
    is_one_strand = is_one_strand && f.size() <= 1;
  }
  if (!is_one_strand) return all;
  strand one;
  for (const strand& s : all) one.insert(one.end(), s.begin(), s.end());
  return {one};
}

// What leaves a node by each of its outputs.
std::vector<flow> sent_by(const graph_node& n, unsigned number, const std::vector<flow>& in) {
  switch (n.what) {
    case op::source:
      return {{n.tokens}};
    case op::mark:
      return {changed(in[0], [&](token& t) { mark(t, static_cast<std::uint8_t>(number)); })};  // fits: some tens
    case op::flip:
      return {changed(in[0], [&](token& t) { t.mask ^= static_cast<std::uint8_t>(number); })};  // fits: as above
    case op::shrink:
      return {changed(in[0], [](token& t) { t.size = std::max(t.size / 2, std::uint32_t{kHead}); })};
    case op::broadcast:
      return std::vector<flow>(n.outputs, in[0]);
    case op::round_robin:
      return in_turns(in[0], n.outputs);
    case op::by_hash:
      return routed(in[0], n.outputs, [&](const token& t) { return output_of_key(t.key, n.outputs); });
    case op::by_map:
      return routed(in[0], n.outputs, [&](const token& t) { return output_in_map(t.key, n); });
    case op::by_parity:
      return routed(in[0], 2, [](const token& t) { return t.seq % 2 == 0 ? 0u : 1u; });
    case op::merge:
      return {merged(in, static_cast<merge_order>(n.variant) == merge_order::in_sequence)};
    case op::skip:
      return {filtered(in[0], [](const token& t) { return !is_bad(t); })};
    case op::dead_letter:
      return routed(in[0], 2, [](const token& t) { return is_bad(t) ? 1u : 0u; });
    case op::retry:
      return {in[0]};
    case op::sink:
      break;
  }
  return {};
}

}  // namespace

unsigned output_in_map(std::uint64_t key, const graph_node& router) {
  const unsigned mapped = router.outputs - router.variant;    // the last output is for other keys, where there is one
  const auto at = static_cast<unsigned>(key % (mapped + 1));  // fits: some outputs
  return at < mapped ? at : router.variant == 1 ? mapped : kNoPort;
}

std::vector<flow> flows_of(const drawn_graph& g, const std::vector<std::optional<std::uint64_t>>& sent) {
  std::vector<std::vector<flow>> in(g.nodes.size());
  for (unsigned i = 0; i < g.nodes.size(); ++i) in[i].resize(g.nodes[i].inputs);
  std::vector<flow> on_edge(g.edges.size());
  for (unsigned i = 0; i < g.nodes.size(); ++i) {
    graph_node n = g.nodes[i];
    if (i < sent.size() && sent[i] && *sent[i] < n.tokens.size()) n.tokens.resize(*sent[i]);
    const std::vector<flow> out = sent_by(n, i, in[i]);
    for (std::size_t e = 0; e < g.edges.size(); ++e)
      if (g.edges[e].from == i) in[g.edges[e].to][g.edges[e].to_port] = on_edge[e] = out[g.edges[e].from_port];
  }
  return on_edge;
}

std::string difference(const std::vector<std::optional<token>>& came, const flow& expected, compared how) {
  std::map<strand_id, std::size_t> strand_at;
  for (std::size_t i = 0; i < expected.size(); ++i)
    for (const token& t : expected[i]) COPYCOST_REQUIRE(strand_at.emplace(strand_of(t), i).first->second == i);
  std::vector<std::size_t> seen(expected.size());
  for (std::size_t i = 0; i < came.size(); ++i) {
    const std::string where = "item " + std::to_string(i) + " of " + std::to_string(came.size()) + ": ";
    if (!came[i]) return where + "is not what it was made as";
    const auto at = strand_at.find(strand_of(*came[i]));
    if (at == strand_at.end()) return where + to_string(*came[i]) + " does not come here";
    const strand& s = expected[at->second];
    std::size_t& next = seen[at->second];
    if (next == s.size()) return where + to_string(*came[i]) + " after the last of its strand";
    if (s[next] != *came[i]) return where + to_string(*came[i]) + ", expected " + to_string(s[next]);
    ++next;
  }
  for (std::size_t i = 0; how == compared::all && i < expected.size(); ++i)
    if (seen[i] < expected[i].size()) return "missing: " + to_string(expected[i][seen[i]]);
  return {};
}

}  // namespace copycost::graph::properties
