// SPDX-License-Identifier: Apache-2.0
//
// One edge of a run: its channel, and what each end counted.
//
//   producer's node [gathered ...] --> channel --> [held ...] consumer's node
//                    outputs.h                      inputs.h
//
// Lifetime: outlives both nodes' use of it.
// Threads: the producer counts in `out`, the consumer in `in`; report() from any.
// Cost: one cache line an end.
#pragma once
#include "scenarios/graph/build/plan.h"
#include "scenarios/graph/run/channel/channel.h"
#include "scenarios/graph/run/counter.h"
#include "scenarios/graph/run/report.h"

namespace copycost::graph {

template <class I>
struct edge {
  explicit edge(const plan_edge& e) : where(e), ring(e.limits) {}

  // Exact when both ends have ended.
  edge_report report() const {
    edge_report r{.from = where.from, .from_port = where.from_port, .to = where.to, .to_port = where.to_port};
    r.channel = ring.stats();
    r.taken = in.taken.get();
    r.dropped = in.dropped.get() + out.dropped.get() + r.channel.abandoned;
    r.left_out = out.left_out.get();
    r.sent = out.sent.get();
    const std::uint64_t gone = r.taken + r.dropped + r.left_out;
    r.inside = r.sent > gone ? r.sent - gone : 0;
    return r;
  }

  const plan_edge where;
  channel<I> ring;
  struct alignas(kApart) {
    counter sent, left_out, dropped;
  } out;
  struct alignas(kApart) {
    counter taken, dropped;
  } in;
};

}  // namespace copycost::graph
