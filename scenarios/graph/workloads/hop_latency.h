// SPDX-License-Identifier: Apache-2.0
//
// hop_latency: an item goes to another thread and back, over an edge each way; both threads spin. One operation is one
// round trip: two hops.
#pragma once
#include "scenarios/common/patience.h"
#include "scenarios/graph/run/channel/channel.h"
#include "scenarios/graph/workloads/parts/common.h"

namespace copycost::graph::workloads {

struct hop_latency : workload_defaults {
  static constexpr workload_traits traits{.name = "hop_latency",
                                          .about = "one item to another thread and back, both spin",
                                          .cls = workload_class::hand_over,
                                          .unit = "round trip"};

  static std::vector<params> points(profile p) {
    std::vector<params> out;
    for (const std::uint64_t size : {64u, 65536u})
      if (size == 64 || p != profile::smoke) out.push_back(params{{"size", size}});
    return out;
  }
  static shape shape_of(const params&) { return {.threads = 2}; }
  static limit_sum limit(const params&) { return {{1, "cache_line_round_trip"}}; }
  static double copied_cap(const params&) { return 0; }
  static bool design_reads(const params&) { return false; }
  // A thread that finds the lock of a segment taken sleeps.
  static double syscalls(const params&) { return 1; }
  static double written(const params&) { return 512; }
  static std::uint64_t audit_ops(const params&) { return 64; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    return results_of_round_trips(at.number("size"), epoch, n);
  }

  template <class D>
  class episode_of final : public counted_episode {
    using item = typename D::item;

   public:
    explicit episode_of(const params& at)
        : counted_episode({.payload_bytes = at.number("size")}), size_(at.number("size")) {}
    void setup(window& w) override { travels_ = produce<D>(maker_, w, size_, 0); }
    void run(window& w, unsigned role, std::uint64_t n) override {
      observed(w, [&](auto& see) { role == 0 ? ask(see, w, n) : answer(see, w, n); });
    }

   private:
    template <class See>
    void ask(See& see, window& w, std::uint64_t n) {
      w.open();
      for (std::uint64_t i = 0; i < n; ++i) {
        done(there_.try_push(travels_));
        pop(back_, travels_);
        see.handle(travels_.bytes());
      }
      w.close();
      did(n);
    }
    template <class See>
    void answer(See& see, window& w, std::uint64_t n) {
      item one;
      w.open();
      for (std::uint64_t i = 0; i < n; ++i) {
        pop(there_, one);
        see.handle(one.bytes());
        done(back_.try_push(one));
      }
      w.close();
    }
    COPYCOST_INLINED static void pop(channel<item>& from, item& into) {
      for (patience wait("the other thread"); !from.try_pop(into).ok();) wait.turn();
    }

    const std::size_t size_;
    typename D::context context_;
    typename D::maker maker_{context_};
    item travels_;  // the asking thread's between two operations
    channel<item> there_{{.items = 2}}, back_{{.items = 2}};
  };
};

}  // namespace copycost::graph::workloads
