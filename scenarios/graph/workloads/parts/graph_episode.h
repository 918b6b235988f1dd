// SPDX-License-Identifier: Apache-2.0
//
// An episode that runs a graph. A batch tells the source how many items it is to make, and ends when all have come to
// the nodes that read them. A parameter of the cell says what runs the nodes:
//
//   (nothing)    the role runs all nodes in turn
//   by roles     two roles: the first runs the front half of the nodes, the other one the rest
//   by threads   a thread a node, which sleeps where there is nothing to do; the role waits
//   by pool      two workers that steal from each other; the role waits
//
// Lifetime: the graph ends before the context of its items.
// Threads: as the seam says.
// Cost: beside the graph, a look at one counter for each turn of all nodes.
#pragma once
#include <optional>
#include <string_view>

#include "scenarios/common/patience.h"
#include "scenarios/graph/run/runner.h"
#include "scenarios/graph/workloads/parts/graph_nodes.h"

namespace copycost::graph::workloads {

// By the threads of an executor: what they allocate and copy happens in no role.
inline bool by_executor(const params& at) { return at.text("by") == "threads" || at.text("by") == "pool"; }
// Bytes that an executor's threads may write in pages of their own beside items: stacks, tasks, counters, queues.
inline double written_by_executor(const params& at) { return by_executor(at) ? 256 * 4096 : 0; }
inline shape shape_of_run(const params& at) {
  return {.threads = at.text("by") == "roles" ? 2u : 1u,
          .cost = at.text("by").empty() ? op_cost::exact : op_cost::varies};
}
// The result of a run, when its readers have seen this.
inline std::uint64_t results_of_run(const params& at, std::initializer_list<std::uint64_t> readers) {
  digest first;
  for (const std::uint64_t seen : readers) first.add(seen);
  return at.text("by") == "roles" ? results_of_roles({first.value(), digest().value()}) : results_of_one_role(first);
}

template <design D>
class graph_episode : public counted_episode {
 public:
  void run(window& w, unsigned role, std::uint64_t n) final {
    if (role == 0) {
      for (auto* one : readers_) one->look_through(w.watches(), by_.empty() ? &w : nullptr);
      wanted_ += n * ends_;
    }
    w.open();
    if (role == 0) feed_(n);
    drive(role);
    w.close();
    if (role != 0) return;
    did(n);
    if (w.watches() == watching::results)
      for (const auto* one : readers_) w.seen().add(one->seen().value());
  }

 protected:
  graph_episode(const params& at, handled each) : counted_episode(each), by_(at.text("by")) {}
  typename D::context& context() { return context_; }
  // Begins to run it. `source` is its first node; `readers` are where items end, each item at so many of them.
  template <class Source>
  void begin(graph_builder<D>&& made, Source& source, std::vector<reading_node<D>*> readers, std::uint64_t ends = 1) {
    readers_ = std::move(readers);
    ends_ = ends;
    feed_ = [&source](std::uint64_t n) { source.feed(n); };
    const auto kind = by_ == "threads" ? executor_kind::threads
                      : by_ == "pool"  ? executor_kind::pool
                                       : executor_kind::manual;
    runner_.emplace(must(std::move(made).build()), context_, run_options{.executor = kind, .workers = 2});
    must(runner_->start());
  }

 private:
  bool all_came() const {
    std::uint64_t taken = 0;
    for (const auto* one : readers_) taken += one->taken();
    return taken == wanted_;
  }
  // Until all items that the source was asked for have come.
  void drive(unsigned role) {
    patience wait("the nodes of the graph");
    const unsigned nodes = static_cast<unsigned>(runner_->shape().nodes.size());  // fits: a few nodes
    const bool by_role = by_ == "roles" || by_.empty();
    const unsigned middle = by_ == "roles" ? nodes / 2 : role == 0 ? nodes : 0;
    if (!by_role) runner_->node(0).wake().notify();
    while (!all_came()) {
      bool moved = false;
      for (unsigned i = role == 0 ? 0 : middle; by_role && i < (role == 0 ? middle : nodes); ++i)
        moved |= runner_->node(i).step() == progress::more;
      if (moved) continue;
      if (!runner_->is_running()) failed();
      wait.turn();
    }
  }
  [[noreturn]] void failed() const {
    const run_report r = runner_->report();
    throw refused(exit_code::incorrect,
                  r.failures.empty() ? "the graph ended" : r.failures[0].name + ": " + r.failures[0].text);
  }

  const std::string by_;
  typename D::context context_;
  std::uint64_t wanted_ = 0;  // by all batches, at all readers; written before a window opens
  std::uint64_t ends_ = 1;
  std::vector<reading_node<D>*> readers_;
  std::function<void(std::uint64_t)> feed_;
  std::optional<runner<D>> runner_;
};

}  // namespace copycost::graph::workloads
