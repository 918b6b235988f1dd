// SPDX-License-Identifier: Apache-2.0
// Goal: a group is the same graph as its nodes without it. Method: one graph built flat and in groups of groups.
#include "property_tests/catch.h"
#include "scenarios/graph/build/blueprint.h"

namespace copycost::graph {
namespace {

const port_list kMiddle{{{"in"}}, {{"out"}}};

// a -> b, reached as "from" and "to"; "b" has a second output, which stays open.
blueprint pair_of_two() {
  blueprint b;
  REQUIRE(b.add("a", kMiddle).ok());
  REQUIRE(b.add("b", {{{"in"}}, {{"out"}, {"dead", kBytes, false}}}).ok());
  REQUIRE(b.connect("a", "b").ok());
  return b;
}
const port_maps kMaps{{{"from", "a:in"}}, {{"to", "b"}, {"gone", "b:dead"}}};

TEST_CASE("groups: their nodes and edges are those of the graph") {
  blueprint b;
  REQUIRE(b.add("read", {{}, {{"out"}}}).ok());
  CHECK(b.add("g", pair_of_two(), kMaps).value() == 1);
  REQUIRE(b.add("write", {{{"in"}, {"bad"}}, {}}).ok());
  CHECK(b.connect("read", "g:from").value() == 1);
  REQUIRE(b.connect("g", "write").ok());
  REQUIRE(b.connect("g:gone", "write:bad").ok());
  const auto made = b.build();
  REQUIRE(made.ok());
  const plan& p = made.value();
  CHECK(p.nodes[1].name == "g.a");
  CHECK(p.nodes[2].name == "g.b");
  CHECK(p.order == std::vector<unsigned>{0, 1, 2, 3});
  CHECK(p.edges[0].from == 1);
  CHECK(p.edges[0].to == 2);
  CHECK(p.edges[3].from == 2);
  CHECK(p.edges[3].from_port == 1);
  CHECK(p.nodes[1].inputs == std::vector<unsigned>{1});
}

TEST_CASE("groups: a group of groups, twice") {
  blueprint middle;
  REQUIRE(middle.add("x", pair_of_two(), kMaps).ok());
  REQUIRE(middle.add("y", pair_of_two(), kMaps).ok());
  REQUIRE(middle.connect("x:to", "y:from").ok());
  blueprint b;
  REQUIRE(b.add("read", {{}, {{"out"}}}).ok());
  for (const char* name : {"g", "h"}) REQUIRE(b.add(name, middle, {{{"in", "x"}}, {{"out", "y:to"}}}).ok());
  REQUIRE(b.add("write", {{{"in"}}, {}}).ok());
  REQUIRE(b.connect("read", "g").ok());
  REQUIRE(b.connect("g", "h").ok());
  REQUIRE(b.connect("h.y", "write").ok());  // a group inside is reached too
  const auto made = b.build();
  REQUIRE(made.ok());
  CHECK(made.value().nodes[8].name == "h.y.b");
  CHECK(made.value().nodes[8].outputs[0] == std::vector<unsigned>{8});
  CHECK(made.value().order == std::vector<unsigned>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("groups: what is refused changes nothing") {
  blueprint b;
  REQUIRE(b.add("read", {{}, {{"out"}}}).ok());
  const auto code = [&](const char* name, const port_maps& maps) {
    const auto r = b.add(name, pair_of_two(), maps);
    REQUIRE_FALSE(r.ok());
    CHECK(b.nodes() == 1);
    CHECK(b.edges() == 0);
    return r.error().code;
  };
  CHECK(code("read", kMaps) == errc::duplicate_node);
  CHECK(code("a:b", kMaps) == errc::bad_name);
  CHECK(code(std::string(63, 'x').c_str(), kMaps) == errc::bad_name);  // "xx...x.a" is too long
  CHECK(code("g", {{{"from", "c"}}, {}}) == errc::unknown_node);
  CHECK(b.explain({errc::unknown_node, 1, 0, 0}) == "group 'g': there is no node 'c'; there are: a, b");
  CHECK(code("g", {{}, {{"to", "b:outt"}}}) == errc::unknown_port);
  CHECK(code("g", {{{"from", "b"}}, {}}) == errc::port_taken);
  CHECK(code("g", {{{"from", "a"}, {"from", "a"}}, {}}) == errc::bad_name);
  const auto none = b.add("g", blueprint(), {});
  CHECK(none.error().code == errc::empty_graph);
  CHECK(b.explain(none.error()) == "group 'g' has no node");
}

TEST_CASE("groups: names of a group are taken, and an open port inside is named in full") {
  blueprint b;
  REQUIRE(b.add("read", {{}, {{"out"}}}).ok());
  REQUIRE(b.add("g", pair_of_two(), kMaps).ok());
  CHECK(b.add("g", kMiddle).error() == error{errc::duplicate_node, 1, 0, 0});
  CHECK(b.add("g.a", kMiddle).error() == error{errc::duplicate_node, 1, 0, 0});
  CHECK(b.connect("read", "g:to").error().code == errc::unknown_port);
  REQUIRE(b.connect("read", "g").ok());
  CHECK(b.build().error() == error{errc::unconnected_port, 2, 1, 0});
  CHECK(b.explain(b.build().error()) == "output 'out' of node 'g.b' has no edge, and must have one");
}

TEST_CASE("groups: a blueprint may be a group of itself") {
  blueprint b = pair_of_two();
  REQUIRE(b.add("again", b, kMaps).ok());
  CHECK(b.nodes() == 4);
  CHECK(b.edge(1).from == 2);
  CHECK(b.find("again.b") == 3);
}

}  // namespace
}  // namespace copycost::graph
