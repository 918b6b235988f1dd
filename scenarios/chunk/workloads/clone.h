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
                                          .reads_payload = true,
                                          .allocator_matters = true};

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
    const std::size_t size = at.number("size"), count = buffers(at, size);
    digest seen;
    for (std::uint64_t i = 0; i < n; ++i) seen.add(model_payload(epoch, size, i % count));
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public episode {
   public:
    explicit episode_of(const params& at) : size_(at.number("size")), count_(buffers(at, size_)) {}
    void setup(window& w) override {
      for (std::size_t id = 0; id < count_; ++id) sources_.push_back(produce<D>(context_, w, size_, id));
      clones_.intern("stream");
    }
    void run(window& w, unsigned, std::uint64_t n) override {
      observed(w, [&](auto& see) COPYCOST_INLINED {
        const auto* sources = sources_.data();
        std::uint64_t k = next_;
        w.open();
        in_rounds(n, round_of(size_), clones_, [&](std::uint64_t) {
          const auto own = chunk::clone<D>(clones_, sources[k]);
          if (!own.ok()) [[unlikely]]
            operation_failed(own.error());
          see.handle(own.value().view());
          k = k + 1 < count_ ? k + 1 : 0;
        });
        w.close();
      });
      done_ += n;
      next_ = (next_ + n) % count_;
    }
    tally finish(window& w) override { return {done_, done_, done_ * size_, w.results()}; }

   private:
    std::size_t size_, count_;
    std::uint64_t done_ = 0, next_ = 0;  // where the walk over the buffers goes on
    typename D::context context_;        // of the sources
    typename D::context clones_;
    std::vector<typename D::chunk> sources_;
  };
};

}  // namespace copycost::chunk::workloads
