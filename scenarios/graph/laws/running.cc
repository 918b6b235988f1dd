// SPDX-License-Identifier: Apache-2.0
//
// Laws of whole graphs, with every executor: what comes to a sink is what a sequential oracle says, also when the run
// was paused or stopped, and a run that is stepped by hand is the same every time.
#include <algorithm>
#include <map>
#include <thread>

#include "harness/judge/drawn.h"
#include "scenarios/common/laws/law_list.h"
#include "scenarios/graph/laws/graphs/random_graph.h"
#include "scenarios/graph/node/control/key_routers.h"
#include "scenarios/graph/run/runner.h"

namespace copycost::graph::properties {
namespace {

executor_kind draw_executor() {
  constexpr executor_kind kAll[] = {executor_kind::manual, executor_kind::threads, executor_kind::pool};
  return kAll[draw_number("executor: by hand, threads, pool", 0, 2)];
}

// A drawn graph that runs.
struct running_graph {
  running_graph(any_context& context, const drawn_graph& what, executor_kind how)
      : g(what), x(context), kind(how), r(build_graph(g, x, sinks), x, options()) {
    must(r.start());
  }
  run_options options() const { return {.executor = kind, .workers = 2, .turn = g.turn}; }

  // Steps some nodes that the numbers say, or lets the run go on for a while.
  void go_on(rng& random, std::uint64_t turns) {
    for (std::uint64_t i = 0; i < turns; ++i)
      if (kind == executor_kind::manual)
        r.node(static_cast<unsigned>(random.below(g.nodes.size()))).step();  // fits: a node's number
      else
        std::this_thread::yield();
  }
  // What came differs from what the sources sent, after the run.
  std::string difference_from(const std::vector<flow>& on_edge, compared how) const {
    for (std::size_t e = 0; e < g.edges.size(); ++e) {
      const unsigned to = g.edges[e].to;
      if (sinks[to] == nullptr) continue;
      const std::string text = difference(sinks[to]->came(), on_edge[e], how);
      if (!text.empty()) return "sink " + std::to_string(to) + ": " + text;
    }
    return {};
  }

  const drawn_graph& g;
  any_context& x;
  const executor_kind kind;
  std::vector<token_sink*> sinks;  // by the number of the node
  runner<any_design> r;
};

// Everything that was sent was taken, and the nodes say so.
void check_report(const drawn_graph& g, const run_report& report, const std::vector<flow>& on_edge) {
  RC_ASSERT(report.edges.size() == g.edges.size());
  for (std::size_t e = 0; e < g.edges.size(); ++e) {
    const edge_report& edge = report.edges[e];
    RC_ASSERT(edge.sent == tokens_in(on_edge[e]));
    RC_ASSERT((edge.taken == edge.sent && edge.dropped + edge.left_out + edge.inside == 0));
    RC_ASSERT(edge.channel.items_high <= g.limits.items);
  }
  std::vector<std::uint64_t> in(g.nodes.size()), bad(g.nodes.size());
  for (std::size_t e = 0; e < g.edges.size(); ++e) {
    in[g.edges[e].to] += tokens_in(on_edge[e]);
    for (const strand& s : on_edge[e])
      bad[g.edges[e].to] += static_cast<std::uint64_t>(std::ranges::count_if(s, is_bad));
  }
  for (std::size_t i = 0; i < g.nodes.size(); ++i) {
    const node_report& node = report.nodes[i];
    const op what = g.nodes[i].what;
    RC_ASSERT((node.has_ended && node.in == in[i] && node.unconnected == 0 && node.unread == 0));
    RC_ASSERT(node.skipped == (what == op::skip ? bad[i] : 0));
    RC_ASSERT(node.dead_lettered == (what == op::dead_letter ? bad[i] : 0));
    RC_ASSERT(node.retried == (what == op::retry ? bad[i] * failing_node::kTimes : 0));
  }
}

void a_graph_gives_what_the_oracle_says(facade_maker make) {
  const auto f = design_of<facade>(make);
  any_context x = f->context();
  const drawn_graph g = draw_graph();
  classify(g);
  const std::vector<flow> on_edge = flows_of(g);
  running_graph run(x, g, draw_executor());
  RC_ASSERT(run.r.wait().ok());
  no_difference(run.difference_from(on_edge, compared::all));
  check_report(g, run.r.report(), on_edge);
}

// Steps nodes in an order that follows from the seed, to the end. Answers what came to each sink.
std::vector<std::vector<std::optional<token>>> stepped(any_context& x, const drawn_graph& g, std::uint64_t seed,
                                                       const std::vector<flow>& on_edge) {
  running_graph run(x, g, executor_kind::manual);
  rng random(seed);
  for (std::uint64_t turns = 0; run.r.is_running(); ++turns) {
    if (turns > 100'000) RC_FAIL("the graph does not end");
    run.go_on(random, 64);
  }
  RC_ASSERT(run.r.wait().ok());
  no_difference(run.difference_from(on_edge, compared::all));
  std::vector<std::vector<std::optional<token>>> came;
  for (const token_sink* sink : run.sinks)
    if (sink != nullptr) came.push_back(sink->came());
  return came;
}

void a_graph_stepped_by_hand_is_the_same_again(facade_maker make) {
  const auto f = design_of<facade>(make);
  any_context x = f->context();
  const drawn_graph g = draw_graph();
  const std::uint64_t seed = draw_number("order of steps", 0, 9999);
  const std::vector<flow> on_edge = flows_of(g);
  const auto first = stepped(x, g, seed, on_edge);
  RC_ASSERT((stepped(x, g, seed, on_edge) == first));  // also where the order decides how merges mix
}

std::uint64_t moved(const run_report& r) {
  std::uint64_t sum = 0;
  for (const edge_report& e : r.edges) sum += e.sent + e.taken;
  for (const node_report& n : r.nodes) sum += n.in + n.out + n.skipped + n.retried;
  return sum;
}

void a_pause_changes_nothing(facade_maker make) {
  const auto f = design_of<facade>(make);
  any_context x = f->context();
  const drawn_graph g = draw_graph();
  const std::vector<flow> on_edge = flows_of(g);
  rng random = draw_rng("pauses");
  running_graph run(x, g, draw_executor());
  for (std::uint64_t n = draw_number("pauses", 1, 6); n > 0; --n) {
    run.go_on(random, random.below(200));
    if (const auto paused = run.r.pause(); !paused) {  // it had ended
      RC_ASSERT(paused.error().code == errc::not_running);
      break;
    }
    const std::uint64_t before = moved(run.r.report());
    run.go_on(random, random.below(100));
    RC_ASSERT(moved(run.r.report()) == before);
    const auto resumed = run.r.resume();
    RC_ASSERT((resumed.ok() || resumed.error().code == errc::not_paused));
  }
  RC_ASSERT(run.r.wait().ok());
  no_difference(run.difference_from(on_edge, compared::all));
  check_report(g, run.r.report(), on_edge);
}

std::vector<std::optional<std::uint64_t>> sent_by_sources(const drawn_graph& g, const run_report& report) {
  std::vector<std::optional<std::uint64_t>> sent(g.nodes.size());
  for (std::size_t i = 0; i < g.nodes.size(); ++i)
    if (g.nodes[i].what == op::source) sent[i] = report.nodes[i].out;
  return sent;
}

void a_stop_lets_everything_arrive(facade_maker make) {
  const auto f = design_of<facade>(make);
  any_context x = f->context();
  const drawn_graph g = draw_graph();
  rng random = draw_rng("time before");
  running_graph run(x, g, draw_executor());
  run.go_on(random, random.below(draw_one_of("turns before", {1, 50, 1'000})));
  if (draw_bool("paused")) (void)run.r.pause();  // it may have ended
  const auto stopped = run.r.stop(kNever);
  RC_ASSERT((stopped.ok() || stopped.error().code == errc::not_running));
  const run_report report = run.r.report();
  const std::vector<flow> on_edge = flows_of(g, sent_by_sources(g, report));
  no_difference(run.difference_from(on_edge, compared::all));
  check_report(g, report, on_edge);
}

void what_a_sudden_stop_loses_is_counted(facade_maker make) {
  const auto f = design_of<facade>(make);
  any_context x = f->context();
  const drawn_graph g = draw_graph();
  rng random = draw_rng("time before");
  running_graph run(x, g, draw_executor());
  run.go_on(random, random.below(draw_one_of("turns before", {1, 50, 1'000})));
  const auto stopped = run.r.stop_now();
  RC_ASSERT((stopped.ok() || stopped.error().code == errc::not_running));
  const run_report report = run.r.report();
  for (const edge_report& e : report.edges) RC_ASSERT((e.inside == 0 && e.sent == e.taken + e.dropped + e.left_out));
  no_difference(run.difference_from(flows_of(g, sent_by_sources(g, report)), compared::a_beginning));
  for (std::size_t e = 0; e < g.edges.size(); ++e)
    if (const token_sink* sink = run.sinks[g.edges[e].to]; sink != nullptr)
      RC_ASSERT(report.edges[e].taken == sink->came().size());
}

// source --> by hash --> a flip for each output --> merge --> sink: no marks, and the order of each key stays.
void the_order_of_a_key_stays(facade_maker make) {
  const auto f = design_of<facade>(make);
  any_context x = f->context();
  const auto ways = static_cast<unsigned>(draw_number("ways", 1, 6));  // fits: 6
  rng random = draw_rng("tokens");
  drawn_graph g;
  g.limits = {draw_one_of("items of a channel", {1, 8, 256}), 4096};
  graph_node source{op::source, 0, 1};
  const std::uint64_t count = draw_number("tokens", 0, 400), keys = draw_one_of("keys", {1, 3, 50});
  for (std::uint32_t i = 0; i < count; ++i) source.tokens.push_back({0, i, random.below(keys), kHead + 8});
  g.nodes = {source, {op::by_hash, 1, ways}};
  g.edges = {{0, 0, 1, 0}};
  const unsigned merge_at = 2 + ways;
  for (unsigned i = 0; i < ways; ++i) {
    g.nodes.push_back({op::flip});
    g.edges.push_back({1, i, 2 + i, 0});
    g.edges.push_back({2 + i, 0, merge_at, i});
  }
  g.nodes.push_back({op::merge, ways, 1, static_cast<unsigned>(draw_number("merge", 0, 1))});
  g.nodes.push_back({op::sink, 1, 0, 1});
  g.edges.push_back({merge_at, 0, merge_at + 1, 0});
  running_graph run(x, g, draw_executor());
  RC_ASSERT(run.r.wait().ok());
  std::map<std::uint64_t, std::vector<std::uint32_t>> expected, came;
  for (const token& t : source.tokens) expected[t.key].push_back(t.seq);
  for (const auto& t : run.sinks.back()->came()) {
    RC_ASSERT(t.has_value());
    RC_ASSERT(t->mask == 2 + output_of_key(t->key, ways));
    came[t->key].push_back(t->seq);
  }
  RC_ASSERT((came == expected));
}

}  // namespace

law_list running() {
  return {
      law_of<a_graph_gives_what_the_oracle_says>(
          "of a graph of routers, merges, transforms and nodes that fail each sink gets what a sequential oracle says",
          {.cost = 2, .draws = kGraphClasses, .threads = kThreads}),
      law_of<a_graph_stepped_by_hand_is_the_same_again>(
          "nodes that are stepped in the same order give the same items in the same order", {.cost = 4}),
      law_of<a_pause_changes_nothing>(
          "while a graph is paused nothing moves, and after it each sink gets what it gets without a pause",
          {.cost = 4, .threads = kThreads}),
      law_of<a_stop_lets_everything_arrive>("after stop() all that sources sent has arrived",
                                            {.cost = 4, .threads = kThreads}),
      law_of<what_a_sudden_stop_loses_is_counted>(
          "after stop_now() each item that was sent was taken or is counted, and what came is a beginning",
          {.cost = 4, .threads = kThreads}),
      law_of<the_order_of_a_key_stays>("items of a key that go by a router by hash come in the order of their source",
                                       {.cost = 4, .threads = kThreads}),
  };
}

}  // namespace copycost::graph::properties
