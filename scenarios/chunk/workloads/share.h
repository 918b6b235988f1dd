// SPDX-License-Identifier: Apache-2.0
//
// share: give a chunk one more owner and drop that owner. Moves handles only: no payload is read.
//
// scenarios/README.md explains each member.
#pragma once
#include "scenarios/chunk/workloads/parts/common.h"

namespace copycost::chunk::workloads {

struct share : workload_defaults {
  static constexpr workload_traits traits{.name = "share",
                                          .about = "one more owner of a chunk, drop it (handle only)",
                                          .cls = workload_class::share,
                                          .with = beside::allocator};

  // Which sizes become cells; the second list walks over buffers that no private cache holds (cold:1).
  static std::vector<params> points(profile p) {
    if (p == profile::smoke) return size_points({4 * kKiB}, {});
    if (p == profile::quick) return size_points({32, 256, 4 * kKiB, 64 * kKiB, 1 * kMiB}, {4 * kKiB});
    return size_points({16, 32, 64, 256, 1 * kKiB, 4 * kKiB, 16 * kKiB, 64 * kKiB, 256 * kKiB, 1 * kMiB},
                       {256, 4 * kKiB, 64 * kKiB, 1 * kMiB});
  }
  // What stands beside a time: the least that any design needs, an honest copy, what owning costs at best.
  static limit_sum limit(const params&) { return least_turn(); }
  static limit_sum floor(const params& at) { return copied_out(at, at.number("size"), at.number("size")); }
  static limit_sum reference(const params& at, ownership owns) { return handle_reference(owns, floor(at)); }
  // What the ledger holds designs to: payload bytes copied, and pages of counts written.
  static double copied_cap(const params&) { return 0; }
  static double written(const params& at) { return counts_written(at, at.number("size")); }

  // The oracle: the digest of what the consumer sees, without any design.
  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    return parts_of_buffers(at, epoch, n, 0, at.number("size"));
  }

  // The work, for a design D: `sources_` are its chunks, made at set-up; the loop is what is timed.
  template <class D>
  class episode_of final : public buffer_episode<episode_of<D>, D> {
    using base = buffer_episode<episode_of<D>, D>;

   public:
    explicit episode_of(const params& at) : base(at, {.payload_bytes = at.number("size")}) {}
    template <class See>
    COPYCOST_INLINED void loop(See& see, window&, std::uint64_t n) {
      const auto* sources = this->sources_.data();
      const std::size_t count = this->count_;
      for (std::uint64_t i = 0, k = this->next(); i < n; ++i, k = k + 1 < count ? k + 1 : 0) {
        const auto other = sources[k].share();
        see.handle(other.view());
      }
    }
  };
};

}  // namespace copycost::chunk::workloads
