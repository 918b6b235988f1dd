// SPDX-License-Identifier: Apache-2.0
//
// latency: items go to another thread and back at intended times, whatever became of those before: an open loop. What
// is recorded is the time from when an item was to leave until it is back: p50 to p99.9 stand in the run's rows. The
// clock chooses a period of twice the pace, so that the other thread is busy about half of the time. Both threads spin.
//
//   role 0  due(i) --> share --> there --> role 1
//           done(i) <----------- back <---'
#pragma once
#include "scenarios/common/patience.h"
#include "scenarios/graph/run/channel/channel.h"
#include "scenarios/graph/workloads/parts/common.h"

namespace copycost::graph::workloads {

struct latency : workload_defaults {
  static constexpr workload_traits traits{.name = "latency",
                                          .about = "one item to another thread and back, at its time",
                                          .cls = workload_class::hand_over,
                                          .unit = "round trip"};
  static constexpr std::size_t kEdge = 1024;

  static std::vector<params> points(profile p) {
    std::vector<params> out;
    for (const std::uint64_t size : {64u, 65536u})
      if (size == 64 || p >= profile::full) out.push_back(params{{"size", size}});
    return out;
  }
  static shape shape_of(const params&) { return {.threads = 2, .start = op_start::intended}; }
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
    void setup(window& w) override { source_ = produce<D>(maker_, w, size_, 0); }
    void run(window& w, unsigned role, std::uint64_t n) override {
      observed(w, [&](auto& see) { role == 0 ? ask(see, w, n) : answer(see, w, n); });
    }

   private:
    template <class See>
    void ask(See& see, window& w, std::uint64_t n) {
      came_ = 0;
      w.open();
      const std::int64_t start = w.due(0);
      std::int64_t period = 0;
      for (std::uint64_t i = 0; i < n; ++i) {
        if (i == 1) period = w.due(1) - start;
        for (const std::int64_t intended = start + static_cast<std::int64_t>(i) * period; now_ns() < intended;)
          take(see, w);
        (void)w.due(i);
        item one = source_.share();
        for (patience wait(kOther); !there_.try_push(one).ok(); wait.turn()) take(see, w);
      }
      for (patience wait(kOther); came_ < n; wait.turn()) take(see, w);
      w.close();
      did(n);
    }
    // What is back.
    template <class See>
    void take(See& see, window& w) {
      for (item one; back_.try_pop(one).ok(); one = item()) {
        w.done(came_++);
        see.handle(one.bytes());
      }
    }
    template <class See>
    void answer(See& see, window& w, std::uint64_t n) {
      item one;
      w.open();
      for (std::uint64_t i = 0; i < n; ++i) {
        for (patience wait(kOther); !there_.try_pop(one).ok();) wait.turn();
        see.handle(one.bytes());
        for (patience wait(kOther); !back_.try_push(one).ok();) wait.turn();
      }
      w.close();
    }
    static constexpr const char* kOther = "the other thread";

    const std::size_t size_;
    std::uint64_t came_ = 0;  // of this batch
    typename D::context context_;
    typename D::maker maker_{context_};
    item source_;
    channel<item> there_{{.items = kEdge}}, back_{{.items = kEdge}};
  };
};

}  // namespace copycost::graph::workloads
