// SPDX-License-Identifier: Apache-2.0
//
// executors: the chain (chain.h) of three nodes, run by several threads: what hops and wake-ups cost beside work.
//
//   by roles     two roles that spin: the front half of the nodes, and the rest
//   by threads   a thread a node, which sleeps where there is nothing to do
//   by pool      two workers that steal from each other
#pragma once
#include "scenarios/graph/workloads/chain.h"

namespace copycost::graph::workloads {

struct executors : workload_defaults {
  static constexpr workload_traits traits{.name = "executors",
                                          .about = "an item is made and goes through 3 nodes, run by several threads",
                                          .cls = workload_class::hand_over,
                                          .payload = payload_use::read,
                                          .unit = "item"};

  static std::vector<params> points(profile p) {
    std::vector<params> out;
    for (const std::string_view by : {"roles", "threads", "pool"})
      for (const std::uint64_t work : {0u, 1000u})
        if (p >= profile::full || (work == 0 && (p == profile::quick || by == "threads")))
          out.push_back(params{{"size", 64}, {"nodes", 3}, {"work", work}}.set("by", by));
    return out;
  }
  static shape shape_of(const params& at) { return shape_of_run(at); }
  static limit_sum limit(const params&) { return least_turn(); }
  static double copied_cap(const params& at) { return chain::copied_cap(at); }
  static bool design_reads(const params&) { return true; }  // the source copies
  static double written(const params& at) { return chain::written(at) + written_by_executor(at); }
  static double syscalls(const params&) { return 8; }  // the role wakes the source
  static std::uint64_t audit_ops(const params&) { return 256; }
  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    return chain::expected(at, epoch, n);
  }
  template <class D>
  using episode_of = chain::episode_of<D>;
};

}  // namespace copycost::graph::workloads
