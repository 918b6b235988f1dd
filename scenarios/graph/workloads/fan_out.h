// SPDX-License-Identifier: Apache-2.0
//
// fan_out: one item to several branches. Each gets an item of its own, each reads a part of it, then all drop theirs.
// One operation is one item to all branches; one thread does all of it, so that nothing but ownership is measured.
#pragma once
#include "scenarios/graph/workloads/parts/common.h"

namespace copycost::graph::workloads {

struct fan_out : workload_defaults {
  static constexpr workload_traits traits{.name = "fan_out",
                                          .about = "one item to all branches; each reads a part of it and drops it",
                                          .cls = workload_class::fan_out,
                                          .payload = payload_use::read,
                                          .with = beside::allocator,
                                          .unit = "item"};

  static std::vector<params> points(profile p) {
    std::vector<std::uint64_t> sizes = {64, 4 * kKiB, 64 * kKiB}, branches = {4, 32}, reads = {kReadHead, kReadAll};
    if (p == profile::smoke) {
      sizes = {4 * kKiB};
      branches = {4};
    }
    if (p >= profile::full) {
      sizes = {8, 64, 256, 1 * kKiB, 4 * kKiB, 64 * kKiB, 1 * kMiB};
      branches = {1, 2, 4, 10, 32, 64};
      reads = {kReadHead, kReadSamples, kReadAll};
    }
    std::vector<params> out;
    for (const std::uint64_t size : sizes)
      for (const std::uint64_t b : branches)
        for (const std::uint64_t r : reads) out.push_back(params{{"size", size}, {"branches", b}, {"read", r}});
    return out;
  }
  static double times(const params& at) { return static_cast<double>(at.number("branches")); }
  static limit_sum limit(const params& at) {
    return times(at) * least_read_near(bytes_read(at.number("size"), at.number("read")));
  }
  // Each branch has a copy; all are alive at once.
  static limit_sum floor(const params& at) {
    const std::uint64_t size = at.number("size"), branches = at.number("branches");
    if (at.number("read") == kReadAll) return {{times(at), "malloc_memcpy_read_free", size, branches}};
    return limit_sum{{times(at), "malloc_memcpy_free", size, branches}} + limit(at);
  }
  static limit_sum reference(const params& at, ownership owns) {
    if (owns == ownership::counted) return limit_sum{{times(at), "refcount_pair"}} + limit(at);
    return owns == ownership::copies ? floor(at) : limit_sum{};
  }
  static double copied_cap(const params&) { return 0; }
  static bool design_reads(const params&) { return false; }  // the consumers do
  static std::uint64_t audit_ops(const params&) { return 16; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    const auto item = model_payload(epoch, at.number("size"), 0);
    digest seen;
    for (std::uint64_t i = 0; i < n * at.number("branches"); ++i)
      read_parts(item, at.number("read"), [&](std::span<const std::byte> part) { seen.add(part); });
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
    using base = loop_episode<episode_of<D>>;

   public:
    explicit episode_of(const params& at)
        : base({at.number("branches"), at.number("branches") * bytes_read(at.number("size"), at.number("read"))}),
          size_(at.number("size")),
          read_(at.number("read")),
          branches_(at.number("branches")) {}
    void setup(window& w) override { source_ = produce<D>(maker_, w, size_, 0); }
    template <class See>
    COPYCOST_INLINED void loop(See& see, window&, std::uint64_t n) {
      const std::span<typename D::item> to(branches_);
      for (std::uint64_t i = 0; i < n; ++i) {
        done(D::fan_out(source_.share(), to));
        for (const auto& one : to)
          read_parts(one.bytes(), read_, [&](std::span<const std::byte> part) { see.read(part); });
        D::drop(to);
      }
    }

   private:
    const std::size_t size_;
    const std::uint64_t read_;
    typename D::context context_;
    typename D::maker maker_{context_};
    typename D::item source_;
    std::vector<typename D::item> branches_;  // one place a branch
  };
};

}  // namespace copycost::graph::workloads
