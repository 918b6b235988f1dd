// SPDX-License-Identifier: Apache-2.0
//
// A few workers for all nodes: each takes a node that has something to do, steps it some times, and takes the next.
//
//   event of a node rings --> to the worker that made it ring; others steal it     (so the item is warm)
//   too many of those, a node that goes on, other threads --> a queue for all       (so that all get their turn)
//
//   node   resting --ring--> queued --worker--> running --nothing to do--> resting
//                               ^                  |ring, or goes on
//                               '------------------'
//
// Lifetime: the nodes outlive it.
// Threads: a node is stepped by one worker at a time, by any in turn.
// Cost: a task a start of a node, and some microseconds when a node comes to rest (event.h). At most kSteps turns lie
// between two looks at other nodes.
#pragma once
#include <memory>

#include "scenarios/graph/run/executor.h"

namespace copycost::graph {

class pool final : public executor {
 public:
  static constexpr unsigned kSteps = 8;    // of a node, before another one has its turn
  static constexpr unsigned kInARow = 16;  // starts that a worker keeps to itself, until one goes to the queue for all

  // For so many nodes; 0 workers: as many as the machine has processors.
  pool(std::size_t count, unsigned workers_wanted);
  ~pool() override;

  // For the event of the node that start() gets at place `number`.
  static void ring(void* slot) noexcept;
  void* slot(std::size_t number);  // VALID UNTIL: the pool is destroyed

  result<void> start(std::span<runnable* const> all) override;
  void join() override;

 private:
  class nodes;
  std::unique_ptr<nodes> is_;
};

}  // namespace copycost::graph
