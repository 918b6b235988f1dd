// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/laws/graphs/random_graph.h"

#include <algorithm>

#include "harness/judge/drawn.h"

namespace copycost::graph::properties {
namespace {

constexpr std::uint64_t kTokensMost = 1'500;  // on an edge

// An output that has no edge yet.
struct open_end {
  unsigned node = 0, port = 0, marks = 0;
  std::uint64_t most = 0;  // tokens that come out of it
  bool is_one_strand = true;
};

class drawing {
 public:
  explicit drawing(rng& random) : random_(random) {}

  void add_source(std::uint32_t number, std::uint64_t count, std::uint64_t keys) {
    std::vector<token> all;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint64_t body = random_.below(random_.below(20) == 0 ? 2000 : 120);
      all.push_back({number, i, random_.below(keys), static_cast<std::uint32_t>(kHead + body)});  // fits: 2 KB
    }
    const unsigned node = add({op::source, 0, 1, 0, std::move(all)});
    ends_.push_back({node, 0, 0, count});
  }
  void add_step(bool is_roomy) {
    constexpr op kOps[] = {op::flip,        op::shrink,  op::mark,   op::broadcast,   op::broadcast,
                           op::round_robin, op::by_hash, op::by_map, op::by_parity,   op::merge,
                           op::merge,       op::merge,   op::skip,   op::dead_letter, op::retry};
    const op what = kOps[random_.below(std::size(kOps))];
    if (what == op::merge) return add_merge(is_roomy);
    const std::size_t at = random_.below(ends_.size());
    const open_end end = ends_[at];
    const unsigned ways = 2 + static_cast<unsigned>(random_.below(3));  // fits: 4
    const bool splits =
        what != op::flip && what != op::shrink && what != op::mark && what != op::skip && what != op::retry;
    if (splits && end.marks + 2 > kWayMax) return;
    if (what == op::round_robin && !end.is_one_strand) return;
    if (what == op::broadcast && end.most * ways > kTokensMost) return;
    if (what == op::mark && end.marks + 2 > kWayMax) return;
    take(at);
    if (what == op::broadcast && random_.below(2) == 0) return fan(end, ways);
    unsigned variant = static_cast<unsigned>(random_.below(4)), outputs = 1;  // fits: 3
    if (what == op::by_map) variant %= 2;
    if (splits) outputs = what == op::by_parity || what == op::dead_letter ? 2 : ways;
    const unsigned node = add({what, 1, outputs, variant});
    connect(end, node, 0);
    open_end next = end;
    next.node = node;
    for (next.port = 0; next.port < outputs; ++next.port) splits ? add_mark(next) : put_back(next, what);
  }
  void end_all() {
    for (const open_end& end : ends_)
      connect(end, add({op::sink, 1, 0, static_cast<unsigned>(random_.below(2))}), 0);  // fits: 1
    ends_.clear();
  }
  drawn_graph g;

 private:
  unsigned add(graph_node n) {
    g.nodes.push_back(std::move(n));
    return static_cast<unsigned>(g.nodes.size() - 1);  // fits: some tens
  }
  void connect(const open_end& from, unsigned to, unsigned port) {
    g.edges.push_back({from.node, from.port, to, port});
  }
  void take(std::size_t at) { ends_.erase(ends_.begin() + static_cast<std::ptrdiff_t>(at)); }
  void put_back(open_end end, op what) {
    if (what == op::mark) ++end.marks;
    ends_.push_back(end);
  }
  void add_mark(const open_end& from) {
    const unsigned node = add({op::mark, 1, 1, static_cast<unsigned>(random_.below(4))});  // fits: 3
    connect(from, node, 0);
    ends_.push_back({node, 0, from.marks + 1, from.most, from.is_one_strand});
  }
  void fan(const open_end& end, unsigned edges) {
    for (unsigned i = 0; i < edges; ++i) add_mark(end);
  }
  void add_merge(bool is_roomy) {
    const auto many = static_cast<unsigned>(std::min<std::size_t>(ends_.size(), 2 + random_.below(3)));  // fits: 4
    auto order = static_cast<merge_order>(random_.below(4));
    // It waits for its first input while the others fill: where they come of one source, only room helps.
    if (order == merge_order::in_sequence && !is_roomy) order = merge_order::interleave;
    random_.shuffle(ends_);
    std::uint64_t most = 0;
    for (unsigned i = 0; i < many; ++i) most += ends_[i].most;
    if (most > kTokensMost) return;
    const unsigned node = add({op::merge, many, 1, static_cast<unsigned>(order)});
    open_end merged{node, 0, 0, most, many == 1 || order == merge_order::in_sequence};
    for (unsigned i = 0; i < many; ++i) {
      connect(ends_[i], node, i);
      merged.marks = std::max(merged.marks, ends_[i].marks);
      merged.is_one_strand = merged.is_one_strand && ends_[i].is_one_strand;
    }
    ends_.erase(ends_.begin(), ends_.begin() + static_cast<std::ptrdiff_t>(many));
    ends_.push_back(merged);
  }

  rng& random_;
  std::vector<open_end> ends_;
};

bool has_node(const drawn_graph& g, op what, std::optional<unsigned> variant = {}) {
  return std::ranges::any_of(
      g.nodes, [&](const graph_node& n) { return n.what == what && (!variant || n.variant == *variant); });
}
bool has_merge(const drawn_graph& g, merge_order order) { return has_node(g, op::merge, static_cast<unsigned>(order)); }

}  // namespace

drawn_graph draw_graph() {
  const bool is_roomy = draw_bool("room for everything");
  const std::uint64_t sources = draw_number("sources", 1, 3), most = draw_one_of("tokens of a source", {0, 1, 40, 200}),
                      steps = draw_number("steps", 0, 18), keys = draw_one_of("keys", {1, 4, 1000});
  rng random = draw_rng("graph");
  drawing d(random);
  for (std::uint32_t i = 0; i < sources; ++i) d.add_source(i, most == 0 ? 0 : random.below(most + 1), keys);
  for (std::uint64_t i = 0; i < steps; ++i) d.add_step(is_roomy);
  d.end_all();
  d.g.limits = is_roomy ? channel_limits{2048, std::uint64_t{1} << 30}
                        : channel_limits{draw_one_of("items of a channel", {1, 2, 64}), 4096};
  d.g.turn = static_cast<unsigned>(draw_one_of("items of a turn", {1, 3, 32}));  // fits: 32
  d.g.seed = random.next();
  return std::move(d.g);
}

void classify(const drawn_graph& g) {
  std::vector<graph_edge> edges = g.edges;
  const auto same_port = [](const graph_edge& a, const graph_edge& b) {
    return a.from == b.from && a.from_port == b.from_port;
  };
  drawn("several edges of one port", std::ranges::adjacent_find(edges, same_port) != edges.end());
  drawn("a broadcast", has_node(g, op::broadcast));
  drawn("a round robin", has_node(g, op::round_robin));
  drawn("a router by hash", has_node(g, op::by_hash));
  drawn("a router by map that drops", has_node(g, op::by_map, 0));
  drawn("a router by map with a default", has_node(g, op::by_map, 1));
  drawn("a branch", has_node(g, op::by_parity));
  drawn("a merge that interleaves", has_merge(g, merge_order::interleave));
  drawn("a merge that takes turns", has_merge(g, merge_order::take_turns));
  drawn("a merge in sequence", has_merge(g, merge_order::in_sequence));
  drawn("a merge by priority", has_merge(g, merge_order::strict_priority));
  drawn("a node that skips", has_node(g, op::skip));
  drawn("a dead-letter port", has_node(g, op::dead_letter));
  drawn("a node that tries again", has_node(g, op::retry));
  drawn("channels of one item", g.limits.items == 1);
  drawn("a source of nothing",
        std::ranges::any_of(g.nodes, [](const graph_node& n) { return n.what == op::source && n.tokens.empty(); }));
}

}  // namespace copycost::graph::properties
