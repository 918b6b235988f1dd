// SPDX-License-Identifier: Apache-2.0
//
// clone: new bytes of a chunk's size, dropped at once: what every design pays when sharing will not do.
#pragma once
#include "scenarios/chunk/derived/operations.h"
#include "scenarios/chunk/workloads/parts/common.h"

namespace copycost::chunk::workloads {

struct clone : workload_defaults {
  static constexpr workload_traits traits{.name = "clone",
                                          .about = "new bytes of the chunk's size, drop them",
                                          .cls = workload_class::share,
                                          .payload = payload_use::read,
                                          .with = beside::allocator};

  static std::vector<params> points(profile p) {
    if (p == profile::smoke) return {};
    if (p == profile::quick) return size_points({256, 4 * kKiB, 64 * kKiB}, {});
    return size_points({16, 32, 64, 256, 1 * kKiB, 4 * kKiB, 16 * kKiB, 64 * kKiB, 256 * kKiB, 1 * kMiB},
                       {4 * kKiB, 64 * kKiB});
  }
  // COPIES: size. A region has the memory already.
  static limit_sum limit(const params& at) { return least_copy(at.number("size")); }
  static limit_sum floor(const params& at) { return copied_out(at, at.number("size"), at.number("size")); }
  static limit_sum reference(const params& at, ownership owns) {
    return owns == ownership::copies || owns == ownership::counted ? floor(at) : limit_sum{};
  }
  static double copied_cap(const params& at) { return static_cast<double>(at.number("size")); }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    return parts_of_buffers(at, epoch, n, 0, at.number("size"));
  }

  template <class D>
  class episode_of final : public buffer_episode<episode_of<D>, D> {
    using base = buffer_episode<episode_of<D>, D>;

   public:
    explicit episode_of(const params& at) : base(at, {.payload_bytes = at.number("size")}) {}
    void setup(window& w) override {
      base::setup(w);
      clones_.intern("stream");
    }
    template <class See>
    COPYCOST_INLINED void loop(See& see, window&, std::uint64_t n) {
      const auto* sources = this->sources_.data();
      const std::size_t count = this->count_;
      std::size_t k = this->next();
      in_rounds(n, round_of(this->size_), clones_, [&](std::uint64_t) {
        const auto own = chunk::clone<D>(clones_, sources[k]);
        if (!own.ok()) [[unlikely]]
          operation_failed(own.error());
        see.handle(own.value().view());
        k = k + 1 < count ? k + 1 : 0;
      });
    }

   private:
    typename D::context clones_;
  };
};

}  // namespace copycost::chunk::workloads
