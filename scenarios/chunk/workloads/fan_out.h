// SPDX-License-Identifier: Apache-2.0
//
// fan_out: one message to several consumers. Each gets an owner of its own, then each reads every byte, then all drop
// theirs. One operation is one message to all of them.
#pragma once
#include "scenarios/chunk/workloads/parts/common.h"

namespace copycost::chunk::workloads {

struct fan_out : workload_defaults {
  static constexpr workload_traits traits{
      .name = "fan_out",
      .about = "one message to all consumers, each with its own owner, each reads every byte",
      .cls = workload_class::fan_out,
      .payload = payload_use::read,
      .with = beside::allocator,
      .unit = "message"};

  static std::vector<params> points(profile p) {
    std::vector<std::uint64_t> sizes = {256, 4 * kKiB, 64 * kKiB}, consumers = {4, 64};
    if (p == profile::smoke) {
      sizes = {4 * kKiB};
      consumers = {4};
    }
    if (p >= profile::full) consumers = {1, 2, 4, 16, 64};
    std::vector<params> out;
    for (const std::uint64_t size : sizes)
      for (const std::uint64_t c : consumers) out.push_back(params{{"size", size}, {"consumers", c}});
    return out;
  }
  static double times(const params& at) { return static_cast<double>(at.number("consumers")); }
  static limit_sum limit(const params& at) { return times(at) * least_read(at.number("size")); }
  // All are copied, then all are read, then all are freed: what one copy leaves in the cache, the next ones evict.
  static limit_sum floor(const params& at) {
    return {{times(at), "malloc_memcpy_read_free", at.number("size"), at.number("consumers")}};
  }
  static limit_sum reference(const params& at, ownership owns) {
    if (owns == ownership::counted) return limit_sum{{times(at), "refcount_pair"}} + limit(at);
    return owns == ownership::copies ? floor(at) : limit_sum{};
  }
  static double copied_cap(const params&) { return 0; }
  static bool design_reads(const params&) { return false; }  // the consumers do
  static std::uint64_t audit_ops(const params&) { return 16; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    const auto message = model_payload(epoch, at.number("size"), 0);
    digest seen;
    for (std::uint64_t i = 0; i < n * at.number("consumers"); ++i) seen.add(message);
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public buffer_episode<episode_of<D>, D> {
    using base = buffer_episode<episode_of<D>, D>;

   public:
    explicit episode_of(const params& at)
        : base(at, {at.number("consumers"), at.number("consumers") * at.number("size")}),
          consumers_(at.number("consumers")) {
      inboxes_.reserve(consumers_);
    }
    template <class See>
    COPYCOST_INLINED void loop(See& see, window&, std::uint64_t n) {
      const auto& message = this->sources_.front();
      for (std::uint64_t i = 0; i < n; ++i) {
        for (std::uint64_t c = 0; c < consumers_; ++c) inboxes_.push_back(message.share());
        for (const auto& received : inboxes_) see.read(received.view());
        inboxes_.clear();
      }
    }

   private:
    std::uint64_t consumers_;
    std::vector<typename D::chunk> inboxes_;  // one slot a consumer
  };
};

}  // namespace copycost::chunk::workloads
