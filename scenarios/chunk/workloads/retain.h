// SPDX-License-Identifier: Apache-2.0
//
// retain: produce 64 KiB, keep 16 bytes of it, drop the rest. What the kept slices keep from being freed is the hidden
// cost of sharing; with compact:1 each kept slice is compacted at once. The payload is written inside the window.
// When kKept slices are kept they are all dropped and the next round begins, so memory is bounded.
#pragma once
#include "scenarios/chunk/derived/operations.h"
#include "scenarios/chunk/workloads/parts/common.h"

namespace copycost::chunk::workloads {

struct retain : workload_defaults {
  static constexpr workload_traits traits{.name = "retain",
                                          .about = "write 64 KiB, keep a slice of 16 bytes, drop the rest",
                                          .cls = workload_class::retain,
                                          .payload = payload_use::read,
                                          .with = beside::allocator};
  static constexpr std::size_t kSource = 64 * kKiB, kPiece = 16, kKept = 1024;

  static std::vector<params> points(profile p) {
    const params left{{"compact", 0}}, compacted{{"compact", 1}};
    if (p == profile::smoke) return {left};
    return {left, compacted};
  }
  // What is kept belongs to the batch that made it.
  static shape shape_of(const params&) { return {.state = batch_state::fresh}; }
  static limit_sum limit(const params&) { return least_write(kSource); }
  static limit_sum reference(const params&, ownership owns) {
    if (owns != ownership::copies && owns != ownership::counted) return {};
    return limit_sum{{1, "malloc_free", kSource}} + least_write(kSource);
  }
  static double copied_cap(const params& at) { return at.number("compact") != 0 ? kPiece : 0; }
  static double written(const params&) { return 2 * kSource + 512; }  // the producer does, into memory that is new
  static std::uint64_t audit_ops(const params&) { return 256; }
  static std::uint64_t batch_ops(const params&) { return 256; }

  static std::uint64_t expected(const params&, std::uint16_t epoch, std::uint64_t n) {
    digest seen;
    for (std::uint64_t id = 0; id < n; ++id) {
      const auto bytes = model_payload(epoch, kSource, id);
      seen.add(std::span(bytes).subspan(kSource / 2, kPiece));
    }
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
   public:
    explicit episode_of(const params& at)
        : loop_episode<episode_of>({.payload_bytes = kPiece}), compact_(at.number("compact") != 0) {}
    void setup(window&) override {
      stream_ = context_.intern("stream");
      kept_.reserve(kKept);
    }
    template <class See>
    void loop(See& see, window& w, std::uint64_t n) {
      const std::uint16_t epoch = w.epoch();
      const std::uint64_t first = this->did();
      for (std::uint64_t i = 0; i < n; ++i) {
        if (kept_.size() == kKept) {
          kept_.clear();
          end_of_round(context_);
        }
        auto source = write_one(see, w, epoch, first + i);
        kept_.push_back(done(source.slice(kSource / 2, kPiece)));
        if (compact_) done(compact<D>(context_, kept_.back()));
        see.handle(kept_.back().view());
      }
    }
    std::uint64_t live_payload_bytes() const override { return kPiece * kept_.size(); }

   private:
    template <class See>
    typename D::chunk write_one(See& see, window& w, std::uint16_t epoch, std::uint64_t id) {
      auto b = done(context_.build({stream_, id * kSource}, kSource));
      const std::span<std::byte> space = b.space().first(kSource);
      pattern::write(space.data(), space.size(), epoch, id);
      produced_in_window(see, w, space);
      done(b.wrote(kSource));
      return done(context_.seal(std::move(b)));
    }

    bool compact_;
    stream_id stream_ = 0;
    typename D::context context_;
    std::vector<typename D::chunk> kept_;
  };
};

}  // namespace copycost::chunk::workloads
