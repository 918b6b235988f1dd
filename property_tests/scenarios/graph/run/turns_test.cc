// SPDX-License-Identifier: Apache-2.0
// What one node does in a turn: what it gathers, publishes, waits for and drops, step by step.
#include "property_tests/catch.h"
#include "property_tests/scenarios/graph/run/toy.h"

namespace copycost::graph {
namespace {
using namespace toy;

struct by_hand {
  void make(const run_clock* clock = nullptr, unsigned turn = 32) {
    r = std::make_unique<runner<toy_design>>(
        b.build(), x, run_options{.executor = executor_kind::manual, .turn = turn, .clock = clock});
    REQUIRE(r->start().ok());
  }
  edge_report edge_of(unsigned number) const { return r->report().edges[number]; }

  builder b;
  context x;
  std::unique_ptr<runner<toy_design>> r;
};

TEST_CASE("a turn takes so many items of an input, and all that it sent is published at its end") {
  by_hand h;
  h.b.add("source", source(100, 100));
  const toy_node& middle = h.b.add("pass", pass());
  h.b.add("sink", sink());
  h.b.connect("source", "pass");
  h.b.connect("pass", "sink");
  h.make();
  CHECK(h.r->node(0).step() == progress::more);
  CHECK(h.edge_of(0).channel.pushed == 100);
  CHECK(h.r->node(1).step() == progress::more);
  CHECK(middle.all.size() == 32);
  CHECK(h.edge_of(1).channel.pushed == 32);
  CHECK(h.r->node(2).step() == progress::more);
  CHECK(h.edge_of(1).taken == 32);
  CHECK(h.r->node(2).step() == progress::waiting);
}

TEST_CASE("what a source sent is published before it is asked again, however little it is") {
  by_hand h;
  std::uint64_t published = 0;
  toy_node& s = h.b.add("source", std::make_unique<toy_node>(0, 1));
  unsigned calls = 0;
  s.on_produce = [&](out& to) -> result<turn> {
    if (++calls == 2) published = h.edge_of(0).channel.pushed;
    if (calls == 1) REQUIRE(to.send(0, item({0, 0, {}}, 8)).ok());
    return calls == 1 ? turn::more : turn::idle;
  };
  h.b.add("sink", sink());
  h.b.connect("source", "sink");
  h.make();
  CHECK(h.r->node(0).step() == progress::idle);
  CHECK(calls == 2);
  CHECK(published == 1);
}

TEST_CASE("a node is not called while what it sent has no room") {
  by_hand h;
  h.b.add("source", source(100, 100));
  toy_node& twice = h.b.add("twice", pass());
  twice.on_take = [](unsigned, item& one, out& to) -> result<void> {
    item other = one.share();
    CHECK(to.send(0, std::move(other)).ok());
    return to.send(0, std::move(one));
  };
  const toy_node& end = h.b.add("sink", sink());
  h.b.connect("source", "twice");
  h.b.connect("twice", "sink", {8, 1 << 20});
  h.make(nullptr, 4);
  REQUIRE(h.r->node(0).step() == progress::more);
  REQUIRE(h.r->node(1).step() == progress::more);
  REQUIRE(h.r->node(1).step() == progress::more);  // finds the channel full
  const auto took = twice.all.size();
  CHECK(took <= 8);
  for (int i = 0; i < 3; ++i) CHECK(h.r->node(1).step() == progress::waiting);
  CHECK(twice.all.size() == took);
  CHECK(h.edge_of(1).channel.pushed == 8);
  REQUIRE(h.r->run_until_idle() == progress::done);
  CHECK(end.all.size() == 200);
  CHECK(h.edge_of(1).channel.items_high == 8);
}

TEST_CASE("a slow reader holds the source up: no more is made than edges and turns hold") {
  for (const std::size_t size : {8u, 100'000u}) {
    by_hand h;
    h.b.add("source", source(~std::uint64_t{0}, 1, size));
    h.b.add("pass", pass());
    h.b.add("slow", sink()).on_next_port = [](const inputs_seen&) { return kWait; };
    h.b.connect("source", "pass", {64, 1'000'000});
    h.b.connect("pass", "slow", {64, 1'000'000});
    const auto alive = load::alive().load();
    h.make();
    CHECK(h.r->run_until_idle() == progress::waiting);
    const auto made = load::alive().load() - alive;
    // An edge holds 64 items of 8 bytes or 10 large ones; beside it a node holds a turn of 32 and what it gathered.
    CHECK(made >= (size == 8 ? 128 : 20));
    CHECK(made <= (size == 8 ? 2 * 64 + 4 * 32 : 4 * 10 + 4));
    CHECK(h.r->stop_now().ok());
    CHECK(load::alive().load() == alive);
  }
}

TEST_CASE("items that a node used are dropped at the end of the turn, large ones before") {
  for (const std::size_t size : {8u, 70'000u}) {
    by_hand h;
    h.b.add("source", source(32, 32, size));
    std::int64_t most = 0, least = 1000;
    const auto alive = load::alive().load();
    h.b.add("sink", sink()).on_take = [&](unsigned, item&, out&) -> result<void> {
      most = std::max(most, load::alive().load() - alive);
      least = std::min(least, load::alive().load() - alive);
      return {};
    };
    h.b.connect("source", "sink");
    h.make();
    REQUIRE(h.r->node(0).step() == progress::more);
    REQUIRE(h.r->node(1).step() == progress::more);
    CHECK(most == 32);
    CHECK(least == (size == 8 ? 32 : 1));
    CHECK(load::alive().load() == alive);
  }
}

TEST_CASE("inputs are taken from in turn, and a node may choose or wait") {
  by_hand h;
  toy_node& a = h.b.add("a", source(4, 4));
  toy_node& z = h.b.add("z", source(4, 4));
  a.on_produce = [n = 0](out& to) mutable -> result<turn> {
    for (; n < 4; ++n) REQUIRE(to.send(0, item({0, static_cast<std::uint64_t>(n), {}}, 1)).ok());
    return turn::done;
  };
  z.on_produce = [n = 10](out& to) mutable -> result<turn> {
    for (; n < 14; ++n) REQUIRE(to.send(0, item({0, static_cast<std::uint64_t>(n), {}}, 1)).ok());
    return turn::done;
  };
  toy_node& both = h.b.add("both", sink(2));
  bool only_second = false;
  both.on_next_port = [&](const inputs_seen& now) -> unsigned {
    if (only_second) return (now.ready & 2) != 0 ? 1 : kWait;
    return both.node<toy_design>::next_port(now);
  };
  h.b.connect("a", "both:0");
  h.b.connect("z", "both:1");
  h.make();
  SECTION("in turn") {
    REQUIRE(h.r->run_until_idle() == progress::done);
    CHECK(both.all == std::vector<std::uint64_t>{10, 0, 11, 1, 12, 2, 13, 3});
  }
  SECTION("only the second") {
    only_second = true;
    CHECK(h.r->run_until_idle() == progress::waiting);
    CHECK(both.all == std::vector<std::uint64_t>{10, 11, 12, 13});
    CHECK(both.ended_ports == std::vector<unsigned>{0, 1});
    only_second = false;
    REQUIRE(h.r->run_until_idle() == progress::done);
    CHECK(both.took[0].size() == 4);
  }
}

TEST_CASE("on_time() is called when it is due, on the run's clock, and what it sends arrives") {
  manual_clock clock;
  by_hand h;
  toy_node& s = h.b.add("source", source(1));
  bool done = false;
  s.on_produce = [&](out&) -> result<turn> { return done ? turn::done : turn::idle; };
  toy_node& ticks = h.b.add("ticks", pass());
  std::vector<std::int64_t> times;
  ticks.due = 100;
  ticks.on_due = [&](std::int64_t now, out& to) -> result<void> {
    CHECK(to.now_ns() == now);
    times.push_back(now);
    ticks.due += 100;
    return to.send(0, item({0, 7, {}}, 1));
  };
  const toy_node& end = h.b.add("sink", sink());
  h.b.connect("source", "ticks");
  h.b.connect("ticks", "sink");
  h.make(&clock);
  CHECK(h.r->run_until_idle() == progress::idle);
  clock.move(99);
  CHECK(h.r->run_until_idle() == progress::idle);
  CHECK(times.empty());
  clock.move(1);
  CHECK(h.r->run_until_idle() == progress::idle);
  clock.move(250);
  CHECK(h.r->run_until_idle() == progress::idle);
  CHECK(times == std::vector<std::int64_t>{100, 350, 350});
  done = true;
  CHECK(h.r->run_until_idle() == progress::done);
  CHECK(end.all == std::vector<std::uint64_t>{7, 7, 7});
}

TEST_CASE("a time is kept though nothing arrives, with every executor and either clock", "[threads]") {
  for (const executor_kind executor : kExecutors)
    for (const bool real : {true, false}) {
      builder b;
      manual_clock manual;
      const run_clock& clock = real ? steady_clock::instance() : manual;
      std::atomic<bool> called{false};
      b.add("source", source(0)).on_produce = [&](out&) -> result<turn> { return called ? turn::done : turn::idle; };
      toy_node& ticks = b.add("ticks", sink());
      ticks.due = clock.now_ns() + 2'000'000;
      ticks.on_due = [&](std::int64_t, out&) -> result<void> {
        called = true;
        ticks.due = kNever;
        return {};
      };
      b.connect("source", "ticks");
      context x;
      runner<toy_design> r(b.build(), x, {.executor = executor, .workers = 2, .clock = &clock});
      REQUIRE(r.start().ok());
      manual.move(2'000'000);
      CHECK(r.wait().ok());
    }
}

TEST_CASE("an input that is open has ended from the beginning, and what goes to an open output is counted") {
  by_hand h;
  h.b.add("source", source(10));
  auto made = std::make_unique<toy_node>(2, 1, false);
  const_cast<port_list&>(made->ports()).inputs[1].required = false;
  const toy_node& middle = h.b.add("middle", std::move(made));
  h.b.connect("source", "middle:0");
  h.make();
  REQUIRE(h.r->run_until_idle() == progress::done);
  CHECK(middle.ended_ports == std::vector<unsigned>{1, 1});
  CHECK(h.r->report().nodes[1].out == 10);
  CHECK(h.r->report().nodes[1].unconnected == 10);
}

TEST_CASE("has_room() says whether an item would find room at once") {
  by_hand h;
  h.b.add("source", source(1));
  std::vector<bool> room;
  h.b.add("sends", pass()).on_take = [&](unsigned, item&, out& to) -> result<void> {
    for (std::uint64_t k = 0; k < 6; ++k) {
      room.push_back(to.has_room(0));
      CHECK(to.send(0, item({0, k, {}}, 1)).ok());
    }
    CHECK_FALSE(to.has_room(9));
    return {};
  };
  h.b.add("sink", sink());
  h.b.connect("source", "sends");
  h.b.connect("sends", "sink", {4, 1 << 20});
  h.make();
  REQUIRE(h.r->run_until_idle() == progress::done);
  CHECK(room == std::vector<bool>{true, true, true, true, false, false});
}

}  // namespace
}  // namespace copycost::graph
