// SPDX-License-Identifier: Apache-2.0
//
// Runs a graph: makes its channels, gives each node what it takes from and sends through, and lets an executor step
// them.
//
//   runner<D> r(std::move(graph), context, {.executor = executor_kind::pool});
//   r.start();  r.pause();  r.resume();  r.wait();  r.report()
//
//   by hand    {.executor = executor_kind::manual}; r.start(); then r.run_until_idle(), or in a thread of the caller's:
//              r.node(2).step(), r.node(2).run_to_end()
//
// Lifetime: owns the graph. The context and the clock outlive it. Its destructor is stop_now().
// Threads: as lifecycle.h says; report() is safe, and its counts belong together while the run stands or has ended.
// Cost: running_node.h says what an item costs.
#pragma once
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "scenarios/graph/run/lifecycle.h"
#include "scenarios/graph/run/pool.h"
#include "scenarios/graph/run/running_node.h"

namespace copycost::graph {

template <design D>
class runner {
  using item = typename D::item;

 public:
  // REQUIRES: turn is 1 to kTurnMax.
  runner(graph<D> what, typename D::context& context, const run_options& o = {})
      : graph_(std::move(what)), executor_(make_executor(graph_.nodes.size(), o)) {
    COPYCOST_REQUIRE(o.turn > 0 && o.turn <= kTurnMax);
    for (unsigned i = 0; i < graph_.nodes.size(); ++i) nodes_.push_back(make_node(i, context, o));
    connect();
    std::vector<runnable*> in_order;
    for (const unsigned i : graph_.shape.order) in_order.push_back(nodes_[i].get());
    life_ = std::make_unique<lifecycle>(*executor_, gate_, std::move(in_order), o.executor == executor_kind::manual);
  }

  // lifecycle.h says what these do.
  result<void> start() { return life_->start(); }
  result<void> pause() { return life_->pause(); }
  result<void> resume() { return life_->resume(); }
  result<void> stop(std::int64_t deadline_ns) { return life_->stop(deadline_ns); }
  result<void> stop_now() { return life_->stop_now(); }
  result<void> wait() { return life_->wait(); }
  void request_stop() { life_->request_stop(); }
  void request_stop_now() { life_->request_stop_now(); }
  bool is_running() const { return life_->is_running(); }
  progress step_all() noexcept { return life_->step_all(); }
  progress run_until_idle() noexcept { return life_->run_until_idle(); }

  // As the plan numbers them. VALID UNTIL: this is destroyed.
  running_node<D>& node(unsigned number) { return *nodes_[number]; }
  const plan& shape() const { return graph_.shape; }

  run_report report() const {
    run_report r;
    for (const auto& n : nodes_) r.nodes.push_back(n->report());
    for (const auto& e : edges_) r.edges.push_back(e->report());
    gate_.add_to(r);
    return r;
  }

 private:
  static std::unique_ptr<executor> make_executor(std::size_t nodes, const run_options& o) {
    if (o.executor == executor_kind::pool) return std::make_unique<pool>(nodes, o.workers);
    if (o.executor == executor_kind::manual) return std::make_unique<manual_executor>();
    return std::make_unique<thread_executor>();
  }
  std::unique_ptr<running_node<D>> make_node(unsigned number, typename D::context& context, const run_options& o) {
    const plan_node& in_plan = graph_.shape.nodes[number];
    node_place place{number, in_plan.name, graph_.options[number], graph_.dead_letter[number], in_plan.inputs.empty()};
    auto& what = *graph_.nodes[number];
    if (o.executor != executor_kind::pool)
      return std::make_unique<running_node<D>>(std::move(place), what, context, o, gate_, o.spins);
    auto& workers = static_cast<pool&>(*executor_);
    return std::make_unique<running_node<D>>(std::move(place), what, context, o, gate_, &pool::ring,
                                             workers.slot(place_in_order(number)));
  }
  // Where among the nodes that the executor starts.
  std::size_t place_in_order(unsigned number) const {
    const auto& order = graph_.shape.order;
    return static_cast<std::size_t>(std::ranges::find(order, number) - order.begin());
  }
  void connect() {
    for (const plan_edge& e : graph_.shape.edges) {
      edges_.push_back(std::make_unique<edge<item>>(e));
      edges_.back()->ring.set_events(&nodes_[e.to]->wake(), &nodes_[e.from]->wake());
    }
    for (unsigned i = 0; i < nodes_.size(); ++i) {
      const plan_node& n = graph_.shape.nodes[i];
      for (const unsigned from : n.inputs) nodes_[i]->add_input(from == kNoEdge ? nullptr : edges_[from].get());
      for (unsigned port = 0; port < n.outputs.size(); ++port) {
        std::vector<edge<item>*> to;
        for (const unsigned e : n.outputs[port]) to.push_back(edges_[e].get());
        nodes_[i]->add_output(to, port == graph_.dead_letter[i]);
      }
    }
  }

  graph<D> graph_;
  gate gate_;
  std::unique_ptr<executor> executor_;
  std::vector<std::unique_ptr<edge<item>>> edges_;
  std::vector<std::unique_ptr<running_node<D>>> nodes_;
  std::unique_ptr<lifecycle> life_;  // stops everything before the rest is destroyed
};

}  // namespace copycost::graph
