// SPDX-License-Identifier: Apache-2.0
// What becomes of items that a node fails on, and of graphs whose readers leave.
#include <rapidcheck.h>

#include <stdexcept>

#include "property_tests/catch.h"
#include "property_tests/scenarios/graph/run/toy.h"

namespace copycost::graph {
namespace {
using namespace toy;

// source --> fails --> sink, and fails:dead --> dead where the strategy is that.
struct chain_that_fails {
  chain_that_fails(std::uint64_t count, node_options o) {
    const bool has_dead = o.on_error == error_strategy::dead_letter;
    b.add("source", source(count));
    fails = &b.add("fails", pass(), std::move(o));
    end = &b.add("sink", sink());
    b.connect("source", "fails");
    b.connect("fails", "sink");
    if (has_dead) {
      dead = &b.add("dead", sink());
      b.connect("fails:dead", "dead");
    }
  }
  // Every third item fails.
  void fail_thirds() {
    fails->on_take = [](unsigned, item& one, out& to) -> result<void> {
      if (one.meta().key % 3 == 0) return error{errc::node_failed, 0, 0, one.meta().key};
      return to.send(0, std::move(one));
    };
  }
  void make(executor_kind executor, const run_clock* clock = nullptr) {
    r = std::make_unique<runner<toy_design>>(b.build(), x,
                                             run_options{.executor = executor, .workers = 2, .clock = clock});
    REQUIRE(r->start().ok());
  }
  result<void> run(executor_kind executor) {
    make(executor);
    return r->wait();
  }

  builder b;
  context x;
  toy_node *fails = nullptr, *end = nullptr, *dead = nullptr;
  std::unique_ptr<runner<toy_design>> r;
};
std::vector<std::uint64_t> thirds(std::uint64_t count, bool wanted) {
  std::vector<std::uint64_t> all;
  for (std::uint64_t k = 0; k < count; ++k)
    if ((k % 3 == 0) == wanted) all.push_back(k);
  return all;
}

TEST_CASE("with the strategy stop the first failure ends everything, with the node's name", "[threads]") {
  for (const executor_kind executor : kExecutors) {
    chain_that_fails c(10'000, {});
    c.fails->on_take = [](unsigned, item& one, out& to) -> result<void> {
      if (one.meta().key == 100) return error{errc::node_failed, 0, 0, 7};
      return to.send(0, std::move(one));
    };
    CHECK(c.run(executor).error() == error{errc::node_failed, 1, 0, 7});
    const run_report report = c.r->report();
    REQUIRE(report.failures.size() == 1);
    CHECK(report.failed == 1);
    CHECK(report.failures[0].name == "fails");
    CHECK(report.failures[0].text == "node_failed: node 1, with 7");
    CHECK(report.edges[0].taken == 100);
    CHECK(report.edges[0].sent == report.edges[0].taken + report.edges[0].dropped + report.edges[0].left_out);
    CHECK(c.end->all == numbers(c.end->all.size()));
    CHECK(c.r->stop(kNever).error() == error{errc::node_failed, 1, 0, 7});
  }
}

TEST_CASE("with the strategy skip what fails is dropped and counted", "[threads]") {
  for (const executor_kind executor : kExecutors) {
    chain_that_fails c(1000, {.on_error = error_strategy::skip});
    c.fail_thirds();
    REQUIRE(c.run(executor).ok());
    CHECK(c.end->all == thirds(1000, false));
    const run_report report = c.r->report();
    CHECK(report.nodes[1].in == 1000);
    CHECK(report.nodes[1].out == 666);
    CHECK(report.nodes[1].skipped == 334);
    CHECK(report.failed == 334);
    CHECK(report.failures.size() == kFailuresKept);
    CHECK(report.failures[1].what == error{errc::node_failed, 1, 0, 3});
  }
}

TEST_CASE("with a dead-letter port what fails leaves there, as it was", "[threads]") {
  for (const executor_kind executor : kExecutors) {
    chain_that_fails c(1000, {.on_error = error_strategy::dead_letter});
    c.fail_thirds();
    REQUIRE(c.run(executor).ok());
    CHECK(c.end->all == thirds(1000, false));
    CHECK(c.dead->all == thirds(1000, true));
    const node_report n = c.r->report().nodes[1];
    CHECK(n.dead_lettered == 334);
    CHECK(n.out == 1000);
    CHECK(n.skipped == 0);
  }
}

TEST_CASE("a dead-letter port of the node's own may be open: then what fails is counted") {
  builder b;
  b.add("source", source(10));
  b.add("fails", std::make_unique<toy_node>(1, 1, false),
        {.on_error = error_strategy::dead_letter, .dead_letter = "o0"})
      .on_take = [](unsigned, item&, out&) -> result<void> { return error{errc::node_failed}; };
  b.connect("source", "fails");
  context x;
  runner<toy_design> r(b.build(), x, {.executor = executor_kind::manual});
  REQUIRE(r.start().ok());
  REQUIRE(r.wait().ok());
  CHECK(r.report().nodes[1].dead_lettered == 10);
  CHECK(r.report().nodes[1].unconnected == 10);
}

TEST_CASE("a dead-letter port whose reader is gone drops and counts, and the node goes on") {
  chain_that_fails c(300, {.on_error = error_strategy::dead_letter});
  c.fail_thirds();
  c.dead->on_take = [](unsigned, item&, out&) -> result<void> { return error{errc::node_failed}; };
  c.make(executor_kind::manual);
  c.r->node(3).give_up();
  REQUIRE(c.r->wait().ok());
  CHECK(c.end->all == thirds(300, false));
  const run_report report = c.r->report();
  CHECK(report.edges[2].left_out + report.nodes[1].unread == 100);
  CHECK(report.nodes[1].in == 300);
}

TEST_CASE("a call that fails is made again as often as was asked, and then the strategy holds", "[threads]") {
  for (const executor_kind executor : kExecutors) {
    chain_that_fails c(100, {.on_error = error_strategy::skip, .retries = 2, .backoff_ns = 1000});
    unsigned calls = 0;
    // Item k succeeds at its k % 5th call.
    c.fails->on_take = [&calls](unsigned, item& one, out& to) -> result<void> {
      if (calls++ < one.meta().key % 5) {
        if (calls == 3) calls = 0;  // it is given up
        return error{errc::node_failed};
      }
      calls = 0;
      return to.send(0, std::move(one));
    };
    REQUIRE(c.run(executor).ok());
    CHECK(c.end->all.size() == 60);
    const node_report n = c.r->report().nodes[1];
    CHECK(n.skipped == 40);
    CHECK(n.retried == 20 * (0 + 1 + 2 + 2 + 2));
    CHECK(n.in == 100);
  }
}

TEST_CASE("a call is made again when the back-off has passed, not before") {
  manual_clock clock;
  chain_that_fails c(3, {.on_error = error_strategy::skip, .retries = 3, .backoff_ns = 50});
  unsigned calls = 0;
  c.fails->on_take = [&calls](unsigned, item& one, out& to) -> result<void> {
    if (one.meta().key == 1 && ++calls < 3) return error{errc::node_failed};
    return to.send(0, std::move(one));
  };
  c.make(executor_kind::manual, &clock);
  CHECK(c.r->run_until_idle() == progress::waiting);
  CHECK(c.end->all == numbers(1));
  CHECK(calls == 1);
  clock.move(49);
  CHECK(c.r->run_until_idle() == progress::waiting);
  CHECK(calls == 1);
  clock.move(1);
  CHECK(c.r->run_until_idle() == progress::waiting);
  CHECK(calls == 2);
  clock.move(50);
  CHECK(c.r->run_until_idle() == progress::done);
  CHECK(c.end->all == numbers(3));
}

TEST_CASE("what a node throws is its failure", "[threads]") {
  for (const executor_kind executor : kExecutors) {
    chain_that_fails c(100, {.on_error = error_strategy::skip});
    c.fails->on_take = [](unsigned, item& one, out& to) -> result<void> {
      if (one.meta().key == 5) throw std::runtime_error("five");
      if (one.meta().key == 6) throw std::bad_alloc();
      if (one.meta().key == 7) throw 7;
      return to.send(0, std::move(one));
    };
    REQUIRE(c.run(executor).ok());
    CHECK(c.end->all.size() == 97);
    const run_report report = c.r->report();
    REQUIRE(report.failures.size() == 3);
    CHECK(report.failures[0] == failure{1, "fails", error{errc::node_failed, 1}, "five"});
    CHECK(report.failures[1].what.code == errc::out_of_memory);
    CHECK(report.failures[2].what.code == errc::node_failed);
  }
}

TEST_CASE("what a node throws where there is no item is its failure too") {
  const auto wrong = [](unsigned where) {
    chain_that_fails c(100, {});
    if (where == 0) c.fails->on_ended = [](unsigned, out&) -> result<void> { throw std::runtime_error("it"); };
    if (where == 1) c.fails->on_finish = [](out&) -> result<void> { throw std::runtime_error("it"); };
    if (where == 2) c.fails->on_next_port = [](const inputs_seen&) -> unsigned { throw std::runtime_error("it"); };
    if (where == 3) c.fails->due = 0;
    if (where == 3) c.fails->on_due = [](std::int64_t, out&) -> result<void> { throw 1; };
    if (where == 4) c.fails->on_next_port = [](const inputs_seen&) { return 5u; };  // there is no such port
    if (where == 5) c.end->on_take = [](unsigned, item&, out& to) { return to.send(0, item()); };
    c.make(executor_kind::manual);
    return c.r->wait();
  };
  for (const unsigned where : {0u, 1u, 2u, 3u}) CHECK(wrong(where).error().code == errc::node_failed);
  for (const unsigned where : {4u, 5u}) CHECK(wrong(where).error().code == errc::bad_parameter);
}

TEST_CASE("a source that fails is asked again, and then ends the run or is asked without haste", "[threads]") {
  for (const bool stops : {true, false}) {
    builder b;
    unsigned calls = 0;
    toy_node& s = b.add("source", std::make_unique<toy_node>(0, 1),
                        {.on_error = stops ? error_strategy::stop : error_strategy::skip, .retries = 2});
    s.on_produce = [&calls](out&) -> result<turn> {
      if (++calls < 10) return error{errc::node_failed};
      return turn::done;
    };
    b.add("sink", sink());
    b.connect("source", "sink");
    context x;
    runner<toy_design> r(b.build(), x);
    REQUIRE(r.start().ok());
    CHECK(r.wait().ok() != stops);
    CHECK(calls == (stops ? 3u : 10u));
    CHECK(r.report().failed == (stops ? 1u : 3u));
  }
}

TEST_CASE("an item that a branch does not get memory for is sent again by a retry") {
  builder b;
  b.add("source", source(100));
  b.add("pass", pass(), {.retries = 3});
  const toy_node &one = b.add("one", sink()), &other = b.add("other", sink());
  b.connect("source", "pass");
  b.connect("pass", "one");
  b.connect("pass", "other");
  context x;
  runner<toy_design> r(b.build(), x, {.executor = executor_kind::manual});
  REQUIRE(r.start().ok());
  toy_design::fan_outs_that_fail() = 3;
  REQUIRE(r.wait().ok());
  CHECK(one.all == numbers(100));
  CHECK(other.all == numbers(100));
  CHECK(r.report().nodes[1].retried == 3);
}

TEST_CASE("an item that is larger than an edge may hold is refused, and still there") {
  builder b;
  b.add("source", source(3, 1, 100));
  toy_node& sends = b.add("sends", pass(), {.on_error = error_strategy::skip});
  bool still_there = false;
  sends.on_take = [&](unsigned, item& one, out& to) -> result<void> {
    const auto sent = to.send(0, std::move(one));
    still_there = one.size() == 100;
    return sent;
  };
  b.add("sink", sink());
  b.connect("source", "sends");
  b.connect("sends", "sink", {16, 99});
  context x;
  runner<toy_design> r(b.build(), x, {.executor = executor_kind::manual});
  REQUIRE(r.start().ok());
  REQUIRE(r.wait().ok());
  CHECK(still_there);
  CHECK(r.report().failures.at(0).what == error{errc::too_large, 0, 99, 100});
  CHECK(r.report().nodes[1].skipped == 3);
}

TEST_CASE("a graph whose reader is gone ends, up to its sources", "[threads]") {
  for (const executor_kind executor : kExecutors) {
    builder b;
    b.add("source", source(~std::uint64_t{0}));
    b.add("first", pass());
    b.add("second", pass());
    toy_node& end = b.add("sink", sink());
    b.connect("source", "first", {64, 1 << 20});
    b.connect("first", "second", {64, 1 << 20});
    b.connect("second", "sink", {64, 1 << 20});
    context x;
    runner<toy_design> r(b.build(), x, {.executor = executor, .workers = 2});
    end.on_take = [](unsigned, item& one, out&) {
      return one.meta().key < 100 ? result<void>() : result<void>(error{errc::closed});
    };
    REQUIRE(r.start().ok());
    CHECK(r.wait().ok());
    CHECK(end.all == numbers(100));
    const run_report report = r.report();
    CHECK(report.failed == 0);
    CHECK(report.edges[2].taken == 100);
    for (const auto& e : report.edges) CHECK(e.sent == e.taken + e.dropped + e.left_out);
  }
}

TEST_CASE("a reader that is gone is left out and counted, and the others get everything") {
  builder b;
  b.add("source", source(1000));
  const toy_node& stays = b.add("stays", sink());
  b.add("leaves", sink());
  b.connect("source", "stays");
  b.connect("source", "leaves");
  context x;
  runner<toy_design> r(b.build(), x, {.executor = executor_kind::manual});
  REQUIRE(r.start().ok());
  for (int i = 0; i < 5; ++i) (void)r.step_all();
  r.node(2).give_up();
  REQUIRE(r.wait().ok());
  CHECK(stays.all == numbers(1000));
  const edge_report e = r.report().edges[1];
  CHECK(e.sent == 1000);
  CHECK(e.taken > 0);
  CHECK(e.left_out > 0);
  CHECK(e.sent == e.taken + e.dropped + e.left_out);
}

TEST_CASE("when all readers are gone a node ends and abandons its inputs, though it sends nothing") {
  builder b;
  b.add("source", source(~std::uint64_t{0}));
  b.add("filter", pass()).on_take = [](unsigned, item&, out&) -> result<void> { return {}; };
  b.add("one", sink());
  b.add("other", sink());
  b.connect("source", "filter");
  b.connect("filter", "one");
  b.connect("filter", "other");
  context x;
  runner<toy_design> r(b.build(), x, {.executor = executor_kind::manual});
  REQUIRE(r.start().ok());
  for (int i = 0; i < 10; ++i) (void)r.step_all();
  r.node(2).give_up();
  for (int i = 0; i < 10; ++i) (void)r.step_all();
  CHECK(r.is_running());
  r.node(3).give_up();
  REQUIRE(r.wait().ok());
  const run_report report = r.report();
  CHECK(report.edges[0].sent == report.edges[0].taken + report.edges[0].dropped + report.edges[0].left_out);
  CHECK(report.failed == 0);
}

TEST_CASE("a node with a reader left drops what it cannot send elsewhere, and counts it") {
  builder b;
  b.add("source", source(1000));
  b.add("split", std::make_unique<toy_node>(1, 2)).on_take = [](unsigned, item& one, out& to) {
    return to.send(one.meta().key % 2, std::move(one));
  };
  const toy_node& even = b.add("even", sink());
  b.add("odd", sink());
  b.connect("source", "split");
  b.connect("split:0", "even");
  b.connect("split:1", "odd");
  context x;
  runner<toy_design> r(b.build(), x, {.executor = executor_kind::manual});
  REQUIRE(r.start().ok());
  r.node(3).give_up();
  REQUIRE(r.wait().ok());
  CHECK(even.all.size() == 500);
  const run_report report = r.report();
  CHECK(report.nodes[1].unread + report.edges[2].left_out == 500);
  CHECK(report.nodes[1].in == 1000);
  CHECK(report.failed == 0);
}

}  // namespace
}  // namespace copycost::graph
