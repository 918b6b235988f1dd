// SPDX-License-Identifier: Apache-2.0
// Goal: a graph that cannot run is refused with the error that fits, in words that name it, and every other graph is
// built in an order in which edges lead forwards. Method: one case an error; random graphs against a model that asks
// reachability by depth-first search.
#include "scenarios/graph/build/blueprint.h"

#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "property_tests/catch.h"

namespace copycost::graph {
namespace {

const port_list kSource{{}, {{"out"}}};
const port_list kMiddle{{{"in"}}, {{"out"}, {"dead", kBytes, false}}};
const port_list kSink{{{"in"}}, {}};

error refused(const result<unsigned>& r) {
  REQUIRE_FALSE(r.ok());
  return r.error();
}
void connected(blueprint& b, std::string_view from, std::string_view to) {
  const auto made = b.connect(from, to);
  INFO(from << " -> " << to << ": " << (made ? "" : b.explain(made.error())));
  REQUIRE(made.ok());
}
void added(blueprint& b, std::string name, const port_list& ports) { REQUIRE(b.add(std::move(name), ports).ok()); }
// read -> parse -> write
blueprint line_of_three() {
  blueprint b;
  added(b, "read", kSource);
  added(b, "parse", kMiddle);
  added(b, "write", kSink);
  connected(b, "read", "parse");
  connected(b, "parse:out", "write:0");
  return b;
}

TEST_CASE("blueprint: a line of three nodes becomes a plan") {
  const auto made = line_of_three().build();
  REQUIRE(made.ok());
  const plan& p = made.value();
  CHECK(p.order == std::vector<unsigned>{0, 1, 2});
  REQUIRE(p.edges.size() == 2);
  CHECK(p.edges[1].from == 1);
  CHECK(p.edges[1].to == 2);
  CHECK(p.edges[0].limits.items == 1024);
  CHECK(p.nodes[1].name == "parse");
  CHECK(p.nodes[1].inputs == std::vector<unsigned>{0});
  CHECK(p.nodes[1].outputs == std::vector<std::vector<unsigned>>{{1}, {}});
}

TEST_CASE("blueprint: a port may be named, counted or left out, and an output has many edges") {
  blueprint b;
  added(b, "a", {{}, {{"x"}, {"y"}}});
  added(b, "b", {{{"p"}, {"q"}}, {}});
  added(b, "c", kSink);
  CHECK(b.connect("a:1", "b:q").value() == 0);
  CHECK(b.connect("a:y", "b").value() == 1);
  CHECK(b.connect("a", "c:0").value() == 2);
  const auto made = b.build();
  REQUIRE(made.ok());
  CHECK(made.value().nodes[0].outputs == std::vector<std::vector<unsigned>>{{2}, {0, 1}});
  CHECK(made.value().nodes[1].inputs == std::vector<unsigned>{1, 0});
}

TEST_CASE("blueprint: names that cannot be") {
  blueprint b;
  for (const auto& [name, at] : std::vector<std::pair<std::string, std::uint64_t>>{
           {"", 0}, {"a:b", 1}, {"a b", 1}, {"\xC3\xA4", 0}, {std::string(65, 'x'), 64}, {std::string("a\0b", 3), 1}}) {
    INFO(name);
    CHECK(refused(b.add(name, kSource)) == error{errc::bad_name, at, 0, 0});
    CHECK(b.explain({errc::bad_name, at, 0, 0}).find("name of the node") != std::string::npos);
  }
  CHECK(b.nodes() == 0);
  added(b, std::string(64, 'x'), kSource);
  added(b, "0.aZ_-9", kSource);
  CHECK(refused(b.add("n", {{}, {{"1st"}}})) == error{errc::bad_name, 0, 0, 0});
  CHECK(refused(b.add("n", {{{""}}, {}})) == error{errc::bad_name, 0, 0, 0});
  CHECK(refused(b.add("n", {{{"a"}, {"b"}, {"a"}}, {}})) == error{errc::bad_name, 0, 0, 0});
  CHECK(b.explain({errc::bad_name, 0, 0, 0}) == "node 'n': two inputs are called 'a'");
  CHECK(b.add("n", {{{"a"}}, {{"a"}}}).ok());  // one of each direction
  CHECK(refused(b.add("n", kSource)) == error{errc::duplicate_node, 2, 0, 0});
  CHECK(b.explain({errc::duplicate_node, 2, 0, 0}) == "node 2 is called 'n' already");
}

TEST_CASE("blueprint: a node has at most 64 ports in each direction") {
  port_list many;
  for (int i = 0; i < 65; ++i) many.inputs.push_back({"p" + std::to_string(i), kBytes, false});
  blueprint b;
  CHECK(refused(b.add("n", many)) == error{errc::bad_parameter, 0, 64, 65});
  CHECK(b.explain({errc::bad_parameter, 0, 64, 65}) == "node 'n' has 65 inputs, limit 64");
  many.inputs.pop_back();
  CHECK(b.add("n", many).ok());
}

TEST_CASE("blueprint: edges from or to what is not there") {
  blueprint b = line_of_three();
  const error no_node{errc::unknown_node, 2, 0, 0};
  CHECK(refused(b.connect("reed", "write")) == no_node);
  CHECK(b.explain(no_node) == "edge 2: there is no node 'reed'; there are: read, parse, write");
  CHECK(refused(b.connect("parse:outt", "write")) == error{errc::unknown_port, 2, 2, 0});
  CHECK(b.explain({errc::unknown_port, 2, 2, 0}) == "edge 2: node 'parse' has no output 'outt'; there are: out, dead");
  CHECK(refused(b.connect("parse:2", "write")).code == errc::unknown_port);
  CHECK(refused(b.connect("parse:", "write")).code == errc::unknown_port);
  CHECK(refused(b.connect("parse:out:0", "write")).code == errc::unknown_port);
  CHECK(refused(b.connect("parse:-0", "write")).code == errc::unknown_port);
  CHECK(refused(b.connect("parse:4294967296", "write")).code == errc::unknown_port);
  const error none{errc::unknown_port, 2, 0, 0};
  CHECK(refused(b.connect("write", "parse")) == none);
  CHECK(b.explain(none) == "edge 2: node 'write' has no output");
  CHECK(b.edges() == 2);
  CHECK(b.build().ok());
}

TEST_CASE("blueprint: an edge joins ports of one type, and an input has one edge") {
  blueprint b;
  added(b, "a", {{}, {{"x"}, {"text", "utf8"}}});
  added(b, "b", {{{"p"}, {"q"}}, {}});
  CHECK(refused(b.connect("a:text", "b:q")) == error{errc::type_mismatch, 0, 0, 0});
  CHECK(b.explain({errc::type_mismatch, 0, 0, 0}) ==
        "edge 0: output 'text' of node 'a' is of type 'utf8', input 'q' of node 'b' of type 'bytes'");
  connected(b, "a:x", "b:q");
  CHECK(refused(b.connect("a", "b:1")) == error{errc::duplicate_edge, 0, 0, 1});
  CHECK(b.explain({errc::duplicate_edge, 0, 0, 1}) == "edge 1: edge 0 is the same, a:x -> b:q");
  added(b, "c", kSource);
  CHECK(refused(b.connect("c", "b:q")) == error{errc::port_taken, 0, 0, 1});
  CHECK(b.explain({errc::port_taken, 0, 0, 1}) == "edge 1: input 'q' of node 'b' has edge 0 already, a:x -> b:q");
}

TEST_CASE("blueprint: limits of an edge") {
  blueprint b;
  added(b, "a", kSource);
  added(b, "b", kSink);
  for (const channel_limits bad : {channel_limits{0, 1}, {3, 1}, {std::size_t{1} << 33, 1}, {1, 0}, {1, ~0ull}})
    CHECK(refused(b.connect("a", "b", {bad})).code == errc::bad_parameter);
  CHECK(b.explain({errc::bad_parameter, 0, kLimitsMax.bytes, ~0ull}) ==
        "edge 0: room for 18446744073709551615 bytes; expected 1 to 4611686018427387904");
  REQUIRE(b.connect("a", "b", {{1, 1}}).ok());
  CHECK(b.build().value().edges[0].limits.items == 1);
}

TEST_CASE("blueprint: a graph needs a source and an edge at each port that says so") {
  blueprint b;
  CHECK(b.build().error() == error{errc::empty_graph, 0, 0, 0});
  CHECK(b.explain(b.build().error()) == "the graph has no node");
  added(b, "idle", {{{"in", kBytes, false}}, {}});
  CHECK(b.build().error() == error{errc::empty_graph, 0, 0, 1});
  CHECK(b.explain(b.build().error()) == "none of the 1 nodes is a source: each has an input");
  added(b, "read", kSource);
  CHECK(b.build().error() == error{errc::unconnected_port, 1, 1, 0});
  CHECK(b.explain(b.build().error()) == "output 'out' of node 'read' has no edge, and must have one");
  connected(b, "read", "idle");
  CHECK(b.build().ok());
  added(b, "late", kSink);
  CHECK(b.build().error() == error{errc::unconnected_port, 2, 0, 0});
}

TEST_CASE("blueprint: a cycle is told with a node that is on it, not one behind it") {
  blueprint b;
  added(b, "read", kSource);
  added(b, "behind", kSink);
  added(b, "enter", {{{"in"}, {"back"}}, {{"out"}}});
  added(b, "turn", {{{"in"}}, {{"back"}, {"on"}}});
  connected(b, "read", "enter");
  connected(b, "enter", "turn");
  connected(b, "turn:on", "behind");
  connected(b, "turn:back", "enter:back");
  const error e = b.build().error();
  CHECK(e.code == errc::cycle);
  CHECK((e.at == 2 || e.at == 3));
  const std::string line = b.explain(e);
  CHECK((line == "nodes in a cycle: enter -> turn -> enter" || line == "nodes in a cycle: turn -> enter -> turn"));
}

TEST_CASE("blueprint: an edge from a node to itself is a cycle") {
  blueprint b;
  added(b, "n", {{{"in"}}, {{"out"}}});
  connected(b, "n", "n");
  CHECK(b.build().error() == error{errc::cycle, 0, 0, 0});
  CHECK(b.explain(b.build().error()) == "nodes in a cycle: n -> n");
}

TEST_CASE("blueprint: who stands before and behind a node, and the picture of it") {
  blueprint b;
  added(b, "a", {{}, {{"x"}, {"y"}}});
  added(b, "b", {{{"p"}, {"q"}}, {{"out"}}});
  added(b, "c", kSink);
  connected(b, "a:x", "b:p");
  connected(b, "a:y", "b:q");
  connected(b, "b", "c");
  CHECK(b.children(0) == std::vector<unsigned>{1});
  CHECK(b.parents(1) == std::vector<unsigned>{0});
  CHECK(b.parents(0).empty());
  CHECK(b.find("c") == 2);
  CHECK_FALSE(b.find("d").has_value());
  CHECK(b.to_dot() ==
        "digraph graph_of_nodes {\n  rankdir=LR;\n  node [shape=record];\n"
        "  n0 [label=\"{{}|a|{<o0> x|<o1> y}}\"];\n"
        "  n1 [label=\"{{<i0> p|<i1> q}|b|{<o0> out}}\"];\n"
        "  n2 [label=\"{{<i0> in}|c|{}}\"];\n"
        "  n0:o0 -> n1:i0;\n  n0:o1 -> n1:i1;\n  n1:o0 -> n2:i0;\n}\n");
}

// Nodes with one output and as many inputs as edges end there.
struct drawn_graph {
  unsigned nodes = 0;
  std::vector<std::pair<unsigned, unsigned>> edges;  // from, to
};
drawn_graph draw_graph(bool forwards) {
  drawn_graph g;
  g.nodes = *rc::gen::inRange(1u, 12u);
  const auto wanted = *rc::gen::container<std::vector<std::pair<unsigned, unsigned>>>(
      rc::gen::pair(rc::gen::inRange(0u, g.nodes), rc::gen::inRange(0u, g.nodes)));
  for (const auto& [a, b] : wanted) {
    if ((forwards && a == b) || g.edges.size() == kPortsMax) continue;
    g.edges.push_back(forwards && a > b ? std::pair(b, a) : std::pair(a, b));
  }
  return g;
}
blueprint blueprint_of(const drawn_graph& g, const std::vector<unsigned>& place) {
  blueprint b;
  std::vector<std::string> names(g.nodes);
  for (unsigned i = 0; i < g.nodes; ++i) {
    const unsigned n = place[i];
    port_list ports{{}, {{"out", kBytes, false}}};
    const auto inputs = std::ranges::count(g.edges, n, [](const auto& e) { return e.second; });
    for (long p = 0; p < inputs; ++p) ports.inputs.push_back({"p" + std::to_string(p)});
    RC_ASSERT(b.add("n" + std::to_string(n), ports).value() == i);
  }
  std::vector<unsigned> used(g.nodes, 0);
  for (const auto& [from, to] : g.edges)
    RC_ASSERT(b.connect("n" + std::to_string(from), "n" + std::to_string(to) + ":" + std::to_string(used[to]++)).ok());
  return b;
}
bool reaches(const drawn_graph& g, unsigned from, unsigned to) {
  std::set<unsigned> seen;
  std::vector<unsigned> next{from};
  while (!next.empty()) {
    const unsigned at = next.back();
    next.pop_back();
    for (const auto& [a, b] : g.edges) {
      if (a != at) continue;
      if (b == to) return true;
      if (seen.insert(b).second) next.push_back(b);
    }
  }
  return false;
}
std::vector<unsigned> shuffled(unsigned n) {
  std::vector<unsigned> out(n);
  for (unsigned i = 0; i < n; ++i) out[i] = i;
  for (unsigned i = n; i > 1; --i) std::swap(out[i - 1], out[*rc::gen::inRange(0u, i)]);
  return out;
}

TEST_CASE("blueprint: graphs without a cycle are built in an order in which edges lead forwards") {
  CHECK(rc::check("order", [] {
    const drawn_graph g = draw_graph(true);
    const auto made = blueprint_of(g, shuffled(g.nodes)).build();
    RC_ASSERT(made.ok());
    const plan& p = made.value();
    std::vector<std::size_t> position(g.nodes, g.nodes);
    for (std::size_t i = 0; i < p.order.size(); ++i) position[p.order[i]] = i;
    RC_ASSERT(p.order.size() == g.nodes);
    RC_ASSERT(std::ranges::all_of(position, [&](std::size_t at) { return at < g.nodes; }));
    for (const plan_edge& e : p.edges) RC_ASSERT(position[e.from] < position[e.to]);
  }));
}

TEST_CASE("blueprint: a graph is refused just when a node reaches itself, and the node named does") {
  CHECK(rc::check("cycles", [] {
    const drawn_graph g = draw_graph(false);
    std::vector<unsigned> as_they_are(g.nodes);
    for (unsigned i = 0; i < g.nodes; ++i) as_they_are[i] = i;
    const blueprint b = blueprint_of(g, as_they_are);
    bool cyclic = false;
    for (unsigned n = 0; n < g.nodes; ++n) cyclic = cyclic || reaches(g, n, n);
    const auto made = b.build();
    if (!cyclic) {
      RC_ASSERT(made.ok());
      return;
    }
    RC_ASSERT(!made.ok());
    RC_ASSERT(made.error().code == errc::cycle);
    const auto named = static_cast<unsigned>(made.error().at);
    RC_ASSERT(reaches(g, named, named));
    const std::string line = b.explain(made.error());
    RC_ASSERT(line.ends_with("n" + std::to_string(named)));
  }));
}

}  // namespace
}  // namespace copycost::graph
