// SPDX-License-Identifier: Apache-2.0
//
// append_many: a store that grows from nothing to so many events of 64 bytes, one append an event. What an append costs
// must not depend on how much is there already. One operation is one store: divide by the events (items) for one
// append.
#pragma once
#include "scenarios/event_store/workloads/parts/common.h"

namespace copycost::event_store::workloads {

struct append_many : workload_defaults {
  static constexpr workload_traits traits{.name = "append_many",
                                          .about = "fill a new store with events of 64 bytes, one by one",
                                          .cls = workload_class::ingest,
                                          .payload = payload_use::read,
                                          .ops = op_kind::heavy,
                                          .unit = "store"};
  static constexpr std::size_t kPayloads = 16;

  template <class D>
  static std::vector<params> points_of(profile p) {
    std::vector<params> out;
    const auto add = [&](std::uint64_t events) { out.push_back({{"events", events}}); };
    if (p == profile::smoke) return out;
    add(1'000);
    add(p == profile::quick ? 4'000 : 10'000);
    if (D::traits.fills_slowly) return out;
    add(p == profile::quick ? 300'000 : 1'000'000);
    if (p != profile::quick) add(10'000'000);
    return out;
  }
  static shape shape_of(const params&) { return {.state = batch_state::fresh}; }
  static limit_sum limit(const params& at) { return least_append(kSize, static_cast<double>(at.number("events"))); }
  static limit_sum reference(const params& at, ownership) {
    return append_reference(kSize, static_cast<double>(at.number("events")));
  }
  static double copied_cap(const params& at) { return static_cast<double>(at.number("events") * kSize); }
  static std::uint64_t audit_ops(const params&) { return 1; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t) {
    digest seen;
    std::vector<std::byte> bytes(kSize);
    for (std::uint64_t i = 0; i < at.number("events"); ++i) {
      pattern::write(bytes.data(), kSize, epoch, i % kPayloads);
      seen.add(i);
      seen.add(std::span<const std::byte>(bytes));
    }
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public store_episode<episode_of<D>, D> {
    using base = store_episode<episode_of<D>, D>;

   public:
    explicit episode_of(const params& at)
        : base({at.number("events"), at.number("events") * kSize}), events_(at.number("events")) {}
    void setup(window& w) override {
      store_options o = options_of(w);
      o.memory_bytes_max = std::size_t{16} << 30;
      this->open(o);
      this->make_payloads(w, kPayloads);
      this->make_drafts(kLap);
    }
    void ready(window&) {}
    template <class See>
    void loop(See&, window&, std::uint64_t n) {
      COPYCOST_REQUIRE(n == 1);
      for (std::uint64_t i = 0; i < events_; ++i) done(this->store_->append({&this->drafts_[i % kLap], 1}));
    }
    template <class See>
    void look(See& see) {
      this->look_at_log(see);
    }
    std::uint64_t live_payload_bytes() const override { return events_ * kSize; }

   private:
    static constexpr std::uint64_t kLap = 4096;
    std::uint64_t events_;
  };
};

}  // namespace copycost::event_store::workloads
