// SPDX-License-Identifier: Apache-2.0
//
// Beginning, pausing and ending a run of nodes, whatever runs them.
//
//   start() --> runs <--pause(), resume()--> stands
//                |--- by itself: sources are done, or their readers are gone ---> ended
//                |--- stop(): sources end, what is on its way arrives ----------> ended
//                '--- stop_now(), a node that fails: what is on its way drops --> ended
//
// Lifetime: executor, gate and nodes outlive it. Its destructor stops what runs.
// Threads: safe. Where the caller's threads step the nodes, wait(), stop(), stop_now() and the destructor step them
// too: then no other thread may.
// Cost: of waiting; a pause wakes no node that sleeps.
#pragma once
#include <mutex>
#include <utility>
#include <vector>

#include "scenarios/graph/run/executor.h"

namespace copycost::graph {

class lifecycle {
 public:
  // Nodes in an order in which each comes behind those that feed it. By hand: the caller's threads step them.
  lifecycle(executor& runs, gate& all, std::vector<runnable*> nodes, bool by_hand)
      : executor_(runs), gate_(all), nodes_(std::move(nodes)), by_hand_(by_hand) {}
  ~lifecycle();
  lifecycle(const lifecycle&) = delete;
  lifecycle& operator=(const lifecycle&) = delete;

  // Errors: already_running, and those of executor::start(); then everything has ended.
  result<void> start();
  // Returns when each node stands between two items, or waits for room. Channels keep what is in them. To pause twice
  // is to pause once. Errors: not_running (also: ended), stopped (a stop came in between).
  result<void> pause();
  // Errors: not_paused.
  result<void> resume();
  // Returns when all nodes have ended, at the latest at the deadline on the clock of now_ns(), and a paused run goes on
  // for it. Errors: not_running; late, and then it was stop_now(); the error of a node that ended the run.
  result<void> stop(std::int64_t deadline_ns);
  // Returns when all nodes have ended. A node is not interrupted in a call. Errors: not_running.
  result<void> stop_now();
  // Returns when all nodes have ended. Errors: not_running; the error of a node that ended the run; stopped, by
  // stop_now().
  result<void> wait();

  // What stop() and stop_now() ask for, without waiting.
  void request_stop();
  void request_stop_now() { gate_.ask(gate::kAbort); }

  // Steps each node once, in order. Answers `more` where one moved; else what keeps them: `paused`, `idle` (a source is
  // to be asked again), `waiting`, or `done`.
  progress step_all() noexcept;
  // Until none moves.
  progress run_until_idle() noexcept {
    for (;;)
      if (const progress p = step_all(); p != progress::more) return p;
  }

  bool is_running() const { return started_.load(std::memory_order_acquire) && !gate_.all_ended(); }

 private:
  // False: the deadline passed before all had ended.
  bool wait_for_end(std::int64_t deadline_ns);
  bool step_to_end(std::int64_t deadline_ns);

  executor& executor_;
  gate& gate_;
  const std::vector<runnable*> nodes_;
  const bool by_hand_;
  std::atomic<bool> started_{false};
  std::mutex joins_;
};

}  // namespace copycost::graph
