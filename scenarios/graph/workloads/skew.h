// SPDX-License-Identifier: Apache-2.0
//
// skew: items go to four readers by a hash of their key (keys.h); each reader works for about 1 us, and a pool of two
// workers runs them. With one key all work is one reader's, and the other worker has none.
#pragma once
#include "scenarios/graph/workloads/keys.h"

namespace copycost::graph::workloads {

struct skew : workload_defaults {
  static constexpr workload_traits traits{.name = "skew",
                                          .about = "an item goes to one of 4 readers that work for 1 us, by its key",
                                          .cls = workload_class::hand_over,
                                          .payload = payload_use::read,
                                          .unit = "item"};

  static std::vector<params> points(profile p) {
    std::vector<params> out;
    for (const std::uint64_t n : {1u, 16u, 10000u})
      if (p >= profile::full || n == 16) out.push_back(params{{"keys", n}, {"work", 1000}}.set("by", "pool"));
    return out;
  }
  static shape shape_of(const params& at) { return shape_of_run(at); }
  static limit_sum limit(const params&) { return least_turn(); }
  static double copied_cap(const params& at) { return keys::copied_cap(at); }
  static bool design_reads(const params&) { return true; }  // the source copies
  static double written(const params& at) { return keys::written(at) + written_by_executor(at); }
  static double syscalls(const params&) { return 8; }  // the role wakes the source
  static std::uint64_t audit_ops(const params&) { return 256; }
  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    return keys::expected(at, epoch, n);
  }
  template <class D>
  using episode_of = keys::episode_of<D>;
};

}  // namespace copycost::graph::workloads
