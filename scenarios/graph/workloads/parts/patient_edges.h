// SPDX-License-Identifier: Apache-2.0
//
// Pushing onto an edge and popping from it by a role of a workload, which spins until the other side has made room or
// an item.
//
// Threads: as the edge says of pushes and pops.
// Cost: a batch is one publish where there is room for it.
#pragma once
#include <span>

#include "scenarios/common/must.h"
#include "scenarios/common/patience.h"
#include "scenarios/graph/run/channel/multicast.h"

namespace copycost::graph::workloads {

inline constexpr const char* kWaitsForRoom = "room on an edge";
inline constexpr const char* kWaitsForItem = "an item on an edge";

// All of them, in order. Edge: a channel of either kind, or a multicast. Throws failure when the other side hangs.
template <class Edge, class I>
void push_all(Edge& to, std::span<I> some) {
  for (patience wait(kWaitsForRoom); !some.empty();) {
    std::size_t pushed = 0;
    if constexpr (requires { to.publish_some(some); })
      pushed = done(to.publish_some(some));
    else
      pushed = done(to.push_some(some));
    some = some.subspan(pushed);
    pushed > 0 ? void(wait = patience(kWaitsForRoom)) : wait.turn();
  }
}
// One at least. Throws failure when the other side hangs.
template <class Edge, class I>
std::size_t pop_any(Edge& from, std::span<I> into) {
  for (patience wait(kWaitsForItem);; wait.turn())
    if (const std::size_t popped = from.pop_some(into); popped > 0) return popped;
}

}  // namespace copycost::graph::workloads
