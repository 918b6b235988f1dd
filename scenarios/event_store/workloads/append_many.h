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
                                          .reads_payload = true,
                                          .heavy = true,
                                          .unit = "store"};
  static constexpr std::size_t kPayloads = 16;

  template <class D>
  static std::vector<params> points_of(profile p) {
    std::vector<params> out;
    const auto add = [&](std::uint64_t events) { out.push_back({{"events", events}}); };
    if (p == profile::smoke) return out;
    add(1'000);
    add(p == profile::quick ? 4'000 : 10'000);
    if (fills_slowly<D>) return out;
    add(p == profile::quick ? 300'000 : 1'000'000);
    if (p != profile::quick) add(10'000'000);
    return out;
  }
  static shape shape_of(const params&) {
    shape s;
    s.repeatable = false;
    return s;
  }
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
    return results_of_roles({&seen});
  }

  template <class D>
  class episode_of final : public episode {
   public:
    explicit episode_of(const params& at) : events_(at.number("events")), names_(kEntities) {}
    void setup(window& w) override {
      store_options o = options_of(w);
      o.memory_bytes_max = std::size_t{16} << 30;
      store_ = must(D::store::open(o));
      std::vector<std::span<const std::byte>> payloads;
      for (std::size_t k = 0; k < kPayloads; ++k) payloads.push_back(w.payload(kSize, k));
      for (std::uint64_t i = 0; i < kLap; ++i) {
        drafts_.push_back(draft_of(i, names_[entity_of(i, kEntities)]));
        drafts_.back().payload = payloads[i % kPayloads];
      }
    }
    void run(window& w, unsigned, std::uint64_t n) override {
      COPYCOST_REQUIRE(n == 1);
      observed(w, [&](auto& see) {
        w.open();
        for (std::uint64_t i = 0; i < events_; ++i) done(store_->append({&drafts_[i % kLap], 1}));
        w.close();
        if constexpr (!std::is_same_v<std::decay_t<decltype(see)>, cost_observer>) {
          auto reader = must(store_->reader());
          must(reader.read(kStart)).for_each([&](const event_view& e) { consume(see, e); });
        }
      });
    }
    tally finish(window& w) override { return {1, events_, events_ * kSize, w.results()}; }
    std::uint64_t live_payload_bytes() const override { return events_ * kSize; }

   private:
    static constexpr std::uint64_t kLap = 4096;
    std::uint64_t events_;
    entity_names names_;
    std::vector<draft> drafts_;
    store_ptr<D> store_;
  };
};

}  // namespace copycost::event_store::workloads
