// SPDX-License-Identifier: Apache-2.0
//
// publish: one item onto the edges to all consumers, which are idle: the call alone. What the edges hold is taken out
// between the rounds, untimed. One operation is one item on all edges.
#pragma once
#include <memory>

#include "scenarios/graph/run/channel/channel.h"
#include "scenarios/graph/workloads/parts/common.h"

namespace copycost::graph::workloads {

struct publish : workload_defaults {
  static constexpr workload_traits traits{.name = "publish",
                                          .about = "one item onto the edges to all consumers, which are idle",
                                          .cls = workload_class::fan_out,
                                          .with = beside::allocator,
                                          .unit = "item"};
  static constexpr std::size_t kRound = 32;  // items that wait on an edge at most

  static std::vector<params> points(profile p) {
    std::vector<std::uint64_t> sizes = {64, 64 * kKiB}, branches = {4, 64};
    if (p == profile::smoke) {
      sizes = {4 * kKiB};
      branches = {4};
    }
    if (p >= profile::full) {
      sizes = {8, 64, 1 * kKiB, 4 * kKiB, 64 * kKiB};
      branches = {1, 2, 4, 10, 32, 64};
    }
    std::vector<params> out;
    for (const std::uint64_t size : sizes)
      for (const std::uint64_t b : branches) out.push_back(params{{"size", size}, {"branches", b}});
    return out;
  }
  static double times(const params& at) { return static_cast<double>(at.number("branches")); }
  static limit_sum limit(const params& at) { return times(at) * least_turn(); }
  static limit_sum floor(const params& at) {
    const std::uint64_t others = at.number("branches") - 1;  // the last branch gets the item itself
    if (others == 0) return {};
    return limit_sum{{times(at) - 1, "malloc_memcpy_free", at.number("size"), kRound * others}} + limit(at);
  }
  static limit_sum reference(const params& at, ownership owns) {
    if (owns == ownership::counted) return limit_sum{{1, "refcount_pair"}} + limit(at);
    return owns == ownership::copies ? floor(at) : limit_sum{};
  }
  static double copied_cap(const params&) { return 0; }
  static bool design_reads(const params&) { return false; }
  // A handle and counts on each edge, each edge in a page of its own.
  static double written(const params& at) { return 4 * kKiB * times(at); }
  static std::uint64_t audit_ops(const params&) { return kRound; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    const auto item = model_payload(epoch, at.number("size"), 0);
    digest seen;
    for (std::uint64_t i = 0; i < n * at.number("branches"); ++i) seen.add(item);
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
    using base = loop_episode<episode_of<D>>;
    using item = typename D::item;

   public:
    explicit episode_of(const params& at)
        : base({at.number("branches"), at.number("branches") * at.number("size")}),
          size_(at.number("size")),
          branches_(at.number("branches")) {}
    void setup(window& w) override {
      source_ = produce<D>(maker_, w, size_, 0);
      for (std::size_t b = 0; b < branches_.size(); ++b)
        edges_.push_back(std::make_unique<channel<item>>(channel_limits{.items = kRound}));
    }
    // What is published is there before, as it is when a node has just made it.
    void ready(window&) { refill(); }
    template <class See>
    void loop(See& see, window& w, std::uint64_t n) {
      for (std::uint64_t i = 0; i < n;) {
        if (i > 0) {
          w.pause();
          consume(see);
          refill();
          w.resume();
        }
        for (const std::uint64_t end = std::min(n, i + kRound); i < end; ++i) publish_one(ready_[i % kRound]);
      }
      w.pause();
      consume(see);
      w.resume();
    }

   private:
    void refill() {
      for (item& one : ready_) one = source_.share();
    }
    COPYCOST_INLINED void publish_one(item& one) {
      done(D::fan_out(std::move(one), std::span(branches_)));
      for (std::size_t b = 0; b < branches_.size(); ++b) done(edges_[b]->try_push(branches_[b]));
    }
    // All that waits on the edges, edge after edge.
    template <class See>
    void consume(See& see) {
      for (const auto& edge : edges_)
        for (item one; edge->try_pop(one).ok();) see.handle(one.bytes());
    }

    const std::size_t size_;
    typename D::context context_;
    typename D::maker maker_{context_};
    item source_;
    std::array<item, kRound> ready_;
    std::vector<item> branches_;  // one place a branch
    std::vector<std::unique_ptr<channel<item>>> edges_;
  };
};

}  // namespace copycost::graph::workloads
