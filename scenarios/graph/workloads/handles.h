// SPDX-License-Identifier: Apache-2.0
//
// handles: one more handle of an item, used and given back. Does a pool of handles that were made before pay?
//
//   premade 0   share the item, use it, drop it
//   premade 1   take a handle from a stack, use it, put it back: its count stays as it is
#pragma once
#include "scenarios/graph/workloads/parts/common.h"

namespace copycost::graph::workloads {

struct handles : workload_defaults {
  static constexpr workload_traits traits{.name = "handles",
                                          .about = "one more handle of an item, made anew or taken from a pool",
                                          .cls = workload_class::share,
                                          .with = beside::allocator};
  static constexpr std::size_t kPool = 64;

  static std::vector<params> points(profile p) {
    std::vector<std::uint64_t> sizes = {64, 4 * kKiB};
    if (p == profile::smoke) sizes = {64};
    if (p >= profile::full) sizes = {64, 4 * kKiB, 64 * kKiB};
    std::vector<params> out;
    for (const std::uint64_t size : sizes)
      for (const std::uint64_t premade : {0u, 1u}) out.push_back(params{{"size", size}, {"premade", premade}});
    return out;
  }
  static limit_sum limit(const params&) { return least_turn(); }
  static limit_sum floor(const params& at) {
    if (at.number("premade") != 0) return {};
    return {{1, "malloc_memcpy_free", at.number("size")}};
  }
  static limit_sum reference(const params& at, ownership owns) {
    if (at.number("premade") != 0) return {};
    if (owns == ownership::counted) return {{1, "refcount_pair"}};
    return owns == ownership::copies ? floor(at) : limit_sum{};
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
    explicit episode_of(const params& at)
        : base({1, at.number("size")}), size_(at.number("size")), is_premade_(at.number("premade") != 0) {}
    void setup(window& w) override {
      source_ = produce<D>(maker_, w, size_, 0);
      for (std::size_t i = 0; is_premade_ && i < kPool; ++i) pool_.push_back(source_.share());
    }
    template <class See>
    COPYCOST_INLINED void loop(See& see, window&, std::uint64_t n) {
      if (!is_premade_) {
        for (std::uint64_t i = 0; i < n; ++i) {
          const auto one = source_.share();
          see.handle(one.bytes());
        }
        return;
      }
      for (std::uint64_t i = 0; i < n; ++i) {
        auto one = std::move(pool_.back());
        pool_.pop_back();
        see.handle(one.bytes());
        pool_.push_back(std::move(one));
      }
    }

   private:
    const std::size_t size_;
    const bool is_premade_;
    typename D::context context_;
    typename D::maker maker_{context_};
    typename D::item source_;
    std::vector<typename D::item> pool_;
  };
};

}  // namespace copycost::graph::workloads
