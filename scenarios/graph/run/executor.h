// SPDX-License-Identifier: Apache-2.0
//
// What gives the nodes of a run processor time until all have ended.
//
// Lifetime: the nodes outlive it.
// Threads: one at a time, the run.
#pragma once
#include <span>
#include <thread>
#include <vector>

#include "scenarios/graph/run/runnable.h"

namespace copycost::graph {

class executor {
 public:
  virtual ~executor() = default;
  // Errors: out_of_room (got: threads that could be started); the nodes that run then have to end.
  virtual result<void> start(std::span<runnable* const> nodes) = 0;
  // Returns when none of its threads is in a node. REQUIRES: all nodes that were begun have ended, or soon will.
  virtual void join() = 0;
};

// One thread a node: it sleeps where the node has nothing to do.
class thread_executor final : public executor {
 public:
  ~thread_executor() override { join(); }
  result<void> start(std::span<runnable* const> nodes) override;
  void join() override;

 private:
  std::vector<std::thread> threads_;
};

// The caller's threads step the nodes.
class manual_executor final : public executor {
 public:
  result<void> start(std::span<runnable* const>) override { return {}; }
  void join() override {}
};

}  // namespace copycost::graph
