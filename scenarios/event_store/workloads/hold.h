// SPDX-License-Identifier: Apache-2.0
//
// hold: appends to a store that keeps its latest ten thousand events, while a reader holds a snapshot from before
// (held:1). What the held snapshot keeps from being freed is the hidden cost of views. One operation is one append.
#pragma once
#include <optional>

#include "scenarios/event_store/workloads/parts/common.h"

namespace copycost::event_store::workloads {

struct hold : workload_defaults {
  static constexpr workload_traits traits{.name = "hold",
                                          .about = "append to a bounded store while a snapshot is held",
                                          .cls = workload_class::retain,
                                          .payload = payload_use::read,
                                          .ops = op_kind::differ,
                                          .unit = "append"};
  static constexpr std::uint64_t kKept = 10'000, kPayloads = std::uint64_t{1} << 14;  // ids of patterns repeat then

  template <class D>
  static std::vector<params> points_of(profile p) {
    std::vector<params> out;
    const auto add = [&](std::uint64_t appends, std::uint64_t held) {
      out.push_back({{"appends", appends}, {"held", held}});
    };
    if (p == profile::smoke) return out;
    add(500, 0);
    add(500, 1);
    if (D::traits.fills_slowly) return out;
    add(100'000, 1);
    if (p != profile::quick) {
      add(1'000'000, 0);
      add(1'000'000, 1);
    }
    return out;
  }
  static shape shape_of(const params&) { return {.state = batch_state::fresh}; }
  static limit_sum limit(const params&) { return least_append(kSize, 1); }
  static limit_sum reference(const params&, ownership) { return append_reference(kSize, 1); }
  static double copied_cap(const params&) { return kSize; }
  static std::uint64_t audit_ops(const params& at) { return at.number("appends"); }
  static std::uint64_t batch_ops(const params& at) { return at.number("appends"); }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    digest seen;
    model_events events(epoch);
    events.repeat(kKept, kPayloads);
    const std::uint64_t first = at.number("held") != 0 ? 0 : n;
    for (std::uint64_t i = first; i < first + kKept; ++i) events.consume(seen, i);
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public store_episode<episode_of<D>, D> {
    using base = store_episode<episode_of<D>, D>;

   public:
    explicit episode_of(const params& at) : base({.payload_bytes = kSize}), held_(at.number("held") != 0) {}
    void setup(window& w) override {
      store_options o = options_of(w);
      o.events_max = kKept;
      this->open(o);
      filled<D>(*this->store_, w, kKept, this->names_);
      reader_.emplace(must(this->store_->reader()));
    }
    void run(window& w, unsigned role, std::uint64_t n) override {
      this->make_payloads(w, std::min(n, kPayloads), kKept);
      base::run(w, role, n);
    }
    void ready(window&) {}
    template <class See>
    void loop(See&, window&, std::uint64_t n) {
      if (held_) kept_.emplace(reader_->snapshot());
      const auto& payloads = this->payloads_;
      for (std::uint64_t i = 0; i < n; ++i) {
        draft one = draft_of(kKept + i, this->names_[entity_of(i, kEntities)]);
        one.payload = payloads[i % kPayloads];
        done(this->store_->append({&one, 1}));
      }
    }
    template <class See>
    void look(See& see) {
      if (!held_) kept_.emplace(reader_->snapshot());
      must(kept_->read(kStart)).for_each([&](const event_view& e) { consume(see, e); });
    }
    std::uint64_t live_payload_bytes() const override { return (held_ ? 2 : 1) * kKept * kSize; }

   private:
    using reader = std::decay_t<decltype(must(std::declval<typename D::store&>().reader()))>;
    using view = std::decay_t<decltype(std::declval<reader&>().snapshot())>;

    bool held_;
    std::optional<reader> reader_;
    std::optional<view> kept_;
  };
};

}  // namespace copycost::event_store::workloads
