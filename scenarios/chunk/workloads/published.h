// SPDX-License-Identifier: Apache-2.0
//
// published: the table that was published for a zero-copy chunk: 1,000 slices of the first half of 1,000, 10,000 and
// 100,000 bytes. With retained:0 each slice is dropped at once; with retained:1 all 1,000 are kept until the last one
// is made, and then dropped (inside the window, too). One operation is one slice. Handles only: no payload is read.
#pragma once
#include "scenarios/chunk/workloads/parts/common.h"

namespace copycost::chunk::workloads {

struct published : workload_defaults {
  static constexpr workload_traits traits{
      .name = "published",
      .about = "slice the first half, dropped at once or kept 1,000 at a time (handle only)",
      .cls = workload_class::share,
      .with = beside::allocator};
  static constexpr std::uint64_t kSlices = 1000;

  static std::vector<params> points(profile p) {
    std::vector<params> out;
    if (p == profile::smoke) return out;
    for (const std::uint64_t size : {1'000u, 10'000u, 100'000u})
      for (const std::uint64_t retained : {0u, 1u}) out.push_back(params{{"size", size}, {"retained", retained}});
    return out;
  }
  static limit_sum limit(const params&) { return least_turn(); }
  static limit_sum floor(const params& at) {
    return {{1, "malloc_memcpy_free", at.number("size") / 2, at.number("retained") != 0 ? kSlices : 0}};
  }
  static limit_sum reference(const params& at, ownership owns) { return handle_reference(owns, floor(at)); }
  static double copied_cap(const params&) { return 0; }
  static double written(const params&) { return 64; }  // a handle, where it is kept
  static std::uint64_t audit_ops(const params&) { return kSlices; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    const auto bytes = model_payload(epoch, at.number("size"), 0);
    digest seen;
    for (std::uint64_t i = 0; i < n; ++i) seen.add(std::span(bytes).first(bytes.size() / 2));
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public buffer_episode<episode_of<D>, D> {
    using base = buffer_episode<episode_of<D>, D>;

   public:
    explicit episode_of(const params& at)
        : base(at, {.payload_bytes = at.number("size") / 2}), retained_(at.number("retained") != 0) {
      kept_.reserve(kSlices);
    }
    template <class See>
    COPYCOST_INLINED void loop(See& see, window&, std::uint64_t n) {
      retained_ ? keep(see, n) : drop(see, n);
    }

   private:
    template <class See>
    void drop(See& see, std::uint64_t n) {
      const auto* source = this->sources_.data();
      const std::size_t half = this->size_ / 2;
      for (std::uint64_t i = 0; i < n; ++i) {
        const auto part = hidden(source)->slice(0, half);
        see.handle(part.value().view());
      }
    }
    template <class See>
    void keep(See& see, std::uint64_t n) {
      const auto* source = this->sources_.data();
      const std::size_t half = this->size_ / 2;
      for (std::uint64_t i = 0; i < n; ++i) {
        auto part = hidden(source)->slice(0, half);
        if (!part.ok()) [[unlikely]]
          operation_failed(part.error());
        kept_.push_back(std::move(part).value());
        see.handle(kept_.back().view());
        if (kept_.size() == kSlices) kept_.clear();
      }
      kept_.clear();
    }

    bool retained_;
    std::vector<typename D::chunk> kept_;
  };
};

}  // namespace copycost::chunk::workloads
