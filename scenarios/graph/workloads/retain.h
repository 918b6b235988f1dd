// SPDX-License-Identifier: Apache-2.0
//
// retain: items that are made in the window and wait in the queues of all branches: what is held for what is live. One
// operation makes an item and gives one to each branch; when kKept items wait, all branches drop theirs.
#pragma once
#include "scenarios/graph/workloads/parts/common.h"

namespace copycost::graph::workloads {

struct retain : workload_defaults {
  static constexpr workload_traits traits{.name = "retain",
                                          .about = "make an item, which then waits in the queue of each branch",
                                          .cls = workload_class::retain,
                                          .payload = payload_use::read,
                                          .with = beside::allocator,
                                          .unit = "item"};
  static constexpr std::size_t kKept = 64;

  static std::vector<params> points(profile p) {
    std::vector<std::uint64_t> sizes = {64, 1 * kKiB, 64 * kKiB}, branches = {10};
    if (p == profile::smoke) sizes = {1 * kKiB};
    if (p >= profile::full) branches = {1, 10, 64};
    std::vector<params> out;
    for (const std::uint64_t size : sizes)
      for (const std::uint64_t b : branches) out.push_back(params{{"size", size}, {"branches", b}});
    return out;
  }
  // What waits belongs to the batch that made it.
  static shape shape_of(const params&) { return {.state = batch_state::fresh}; }
  static limit_sum limit(const params& at) { return least_write(at.number("size")); }
  static limit_sum reference(const params& at, ownership owns) {
    if (owns != ownership::copies && owns != ownership::counted) return {};
    return limit_sum{{1, "malloc_free", at.number("size")}} + limit(at);
  }
  static double copied_cap(const params&) { return 0; }
  // The producer writes into memory that is new, and each branch has a handle that waits.
  static double written(const params& at) {
    return 2 * static_cast<double>(at.number("size")) + 96 * static_cast<double>(at.number("branches")) + 512;
  }
  static std::uint64_t audit_ops(const params&) { return kKept; }
  static std::uint64_t batch_ops(const params&) { return kKept; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    digest seen;
    for (std::uint64_t id = 0; id < n; ++id) {
      const auto bytes = model_payload(epoch, at.number("size"), id);
      seen.add(bytes);
    }
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
    using base = loop_episode<episode_of<D>>;

   public:
    explicit episode_of(const params& at)
        : base({1, at.number("size")}), size_(at.number("size")), branches_(at.number("branches")) {}
    void setup(window&) override { waiting_.resize(kKept * branches_); }
    template <class See>
    void loop(See& see, window& w, std::uint64_t n) {
      for (std::uint64_t i = 0, first = this->did(); i < n; ++i) {
        if (kept_ == kKept) let_go();
        const std::span<typename D::item> to = std::span(waiting_).subspan(kept_ * branches_, branches_);
        done(D::fan_out(written_item<D>(see, maker_, w, size_, first + i), to));
        see.handle(to.back().bytes());
        ++kept_;
      }
      maker_.end_batch();
    }
    std::uint64_t live_payload_bytes() const override { return kept_ * size_; }

   private:
    void let_go() {
      D::drop(std::span(waiting_));
      maker_.end_batch();
      kept_ = 0;
    }

    const std::size_t size_, branches_;
    typename D::context context_;
    typename D::maker maker_{context_};
    std::vector<typename D::item> waiting_;  // the queues of all branches, item after item
    std::size_t kept_ = 0;
  };
};

}  // namespace copycost::graph::workloads
