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
                                          .allocator_matters = true};

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
    const std::size_t size = at.number("size"), count = buffers(at, size);
    digest seen;
    for (std::uint64_t i = 0; i < n; ++i) {
      const auto bytes = model_payload(epoch, size, i % count);
      seen.add(std::span(bytes).subspan(size / 4, size / 2));
    }
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public episode {
   public:
    explicit episode_of(const params& at) : size_(at.number("size")), count_(buffers(at, size_)) {}
    void setup(window& w) override {
      for (std::size_t id = 0; id < count_; ++id) sources_.push_back(produce<D>(context_, w, size_, id));
    }
    void run(window& w, unsigned, std::uint64_t n) override {
      observed(w, [&, n](auto& see) COPYCOST_INLINED {
        const auto* sources = sources_.data();
        const std::size_t pos = size_ / 4, len = size_ / 2, count = count_;
        w.open();
        for (std::uint64_t i = 0, k = next_; i < n; ++i, k = k + 1 < count ? k + 1 : 0) {
          auto part = sources[k].slice(pos, len);
          see.handle(part.value().view());
        }
        w.close();
      });
      done_ += n;
      next_ = (next_ + n) % count_;
    }
    tally finish(window& w) override { return {done_, done_, done_ * (size_ / 2), w.results()}; }

   private:
    std::size_t size_, count_;
    std::uint64_t done_ = 0, next_ = 0;  // where the walk over the buffers goes on
    typename D::context context_;
    std::vector<typename D::chunk> sources_;
  };
};

}  // namespace copycost::chunk::workloads
