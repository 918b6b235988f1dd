// SPDX-License-Identifier: Apache-2.0
//
// slice: take the middle half of a chunk and drop it. Moves handles only: no payload is read.
#pragma once
#include "scenarios/chunk/workloads/parts/common.h"

namespace copycost::chunk::workloads {

struct slice : workload_defaults {
  static constexpr workload_traits traits{.name = "slice",
                                          .about = "slice the middle half of a chunk, drop it (handle only)",
                                          .cls = workload_class::share,
                                          .with = beside::allocator};

  static std::vector<params> points(profile p) {
    if (p == profile::smoke) return size_points({64, 4 * kKiB}, {});
    if (p == profile::quick) return size_points({32, 256, 1 * kKiB, 4 * kKiB, 64 * kKiB, 1 * kMiB}, {4 * kKiB});
    return size_points(
        {16, 32, 64, 256, 1 * kKiB, 4 * kKiB, 16 * kKiB, 64 * kKiB, 256 * kKiB, 1 * kMiB, 4 * kMiB, 16 * kMiB},
        {256, 4 * kKiB, 64 * kKiB, 1 * kMiB});
  }
  static limit_sum limit(const params&) { return least_turn(); }
  static limit_sum floor(const params& at) {
    return copied_out(at, at.number("size") / 2, at.number("size"), at.number("size") / 4);
  }
  static limit_sum reference(const params& at, ownership owns) { return handle_reference(owns, floor(at)); }
  static double copied_cap(const params&) { return 0; }
  static double written(const params& at) { return counts_written(at, at.number("size")); }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    return parts_of_buffers(at, epoch, n, at.number("size") / 4, at.number("size") / 2);
  }

  template <class D>
  class episode_of final : public buffer_episode<episode_of<D>, D> {
    using base = buffer_episode<episode_of<D>, D>;

   public:
    explicit episode_of(const params& at) : base(at, {.payload_bytes = at.number("size") / 2}) {}
    template <class See>
    COPYCOST_INLINED void loop(See& see, window&, std::uint64_t n) {
      const auto* sources = this->sources_.data();
      const std::size_t pos = this->size_ / 4, len = this->size_ / 2, count = this->count_;
      for (std::uint64_t i = 0, k = this->next(); i < n; ++i, k = k + 1 < count ? k + 1 : 0) {
        auto part = sources[k].slice(pos, len);
        see.handle(part.value().view());
      }
    }
  };
};

}  // namespace copycost::chunk::workloads
