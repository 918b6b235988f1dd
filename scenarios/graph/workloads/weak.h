// SPDX-License-Identifier: Apache-2.0
//
// weak: a weak handle of an item becomes an owner, which is used and dropped: what a cache of items does that does not
// keep them. Beside `handles`, which shares an owner.
#pragma once
#include "scenarios/graph/workloads/parts/common.h"

namespace copycost::graph::workloads {

struct weak : workload_defaults {
  static constexpr workload_traits traits{.name = "weak",
                                          .about = "a weak handle becomes an owner, which is dropped",
                                          .cls = workload_class::share,
                                          .with = beside::allocator};

  static std::vector<params> points(profile) { return {params{{"size", 64}}}; }
  template <class D>
  static constexpr bool offered = D::traits.weak_handles;
  static limit_sum limit(const params&) { return least_turn(); }
  static limit_sum reference(const params&, ownership owns) {
    return owns == ownership::counted ? limit_sum{{1, "refcount_pair"}} : limit_sum{};
  }
  static double copied_cap(const params&) { return 0; }
  static bool design_reads(const params&) { return false; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    const auto item = model_payload(epoch, at.number("size"), 0);
    digest seen;
    for (std::uint64_t i = 0; i < n; ++i) seen.add(item);
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
    using base = loop_episode<episode_of<D>>;

   public:
    explicit episode_of(const params& at) : base({1, at.number("size")}), size_(at.number("size")) {}
    void setup(window& w) override {
      source_ = produce<D>(maker_, w, size_, 0);
      weak_ = source_.downgrade();
    }
    template <class See>
    COPYCOST_INLINED void loop(See& see, window&, std::uint64_t n) {
      for (std::uint64_t i = 0; i < n; ++i)
        if (const auto one = weak_.upgrade()) see.handle(one->bytes());
    }

   private:
    const std::size_t size_;
    typename D::context context_;
    typename D::maker maker_{context_};
    typename D::item source_;
    typename D::item::weak weak_;
  };
};

}  // namespace copycost::graph::workloads
