// SPDX-License-Identifier: Apache-2.0
//
// follow: a subscriber begins in the middle of a log of a thousand events, catches up, and follows live what another
// thread publishes; it reads every byte. The bus makes the publisher wait when the subscriber is 1,024 events behind.
// One operation is one published event.
#pragma once
#include "scenarios/event_store/follow/bus.h"
#include "scenarios/event_store/workloads/parts/common.h"

namespace copycost::event_store::workloads {

struct follow : workload_defaults {
  static constexpr workload_traits traits{.name = "follow",
                                          .about = "publish one event to a thread that follows from the middle",
                                          .cls = workload_class::hand_over,
                                          .payload = payload_use::read,
                                          .ops = op_kind::differ,
                                          .unit = "event"};
  static constexpr std::uint64_t kEvents = 1000, kPayloads = 1024;
  static constexpr std::size_t kAtOnce = 256;

  static std::vector<params> points(profile p) {
    std::vector<params> out;
    if (p == profile::smoke) return out;
    out.push_back({{"batch", 16}});
    if (p != profile::quick) {
      out.push_back({{"batch", 1}});
      out.push_back({{"batch", 256}});
    }
    return out;
  }
  static shape shape_of(const params&) { return {.threads = 2, .state = batch_state::fresh}; }
  // The subscriber reads each record, while the publisher writes.
  static limit_sum limit(const params&) { return least_read(record_bytes(kSize)); }
  // The subscriber sees each batch.
  static limit_sum reference(const params& at, ownership) {
    const limit_sum heard{{1 / static_cast<double>(at.number("batch")), "cache_line_round_trip"}};
    return append_reference(kSize, 1) + heard;
  }
  static double copied_cap(const params&) { return kSize; }
  static std::uint64_t batch_ops(const params&) { return 2048; }

  static std::uint64_t expected(const params&, std::uint16_t epoch, std::uint64_t n) {
    digest subscriber;
    model_events events(epoch);
    events.repeat(kEvents, kPayloads);
    for (std::uint64_t i = kEvents / 2; i < kEvents + n; ++i) events.consume(subscriber, i);
    return results_of_roles({digest().value(), subscriber.value()});
  }

  template <class D>
  class episode_of final : public with_store<counted_episode, D> {
    using base = with_store<counted_episode, D>;

   public:
    explicit episode_of(const params& at) : base({.payload_bytes = kSize}), batch_(at.number("batch")) {}
    void setup(window& w) override {
      this->open(w, kEvents);
      this->make_payloads(w, kPayloads, kEvents);
      bus_ = std::make_unique<bus<D>>(*this->store_);
    }
    void run(window& w, unsigned role, std::uint64_t n) override {
      if (role == 0) return publish(w, n);
      auto me = must(bus_->subscribe(kEvents / 2 - 1));
      observed(w, [&](auto& see) {
        w.open();
        for (std::uint64_t seen = 0; seen < kEvents / 2 + n;) {
          const auto got = done(me.receive(kAtOnce, std::chrono::seconds(30)));
          got.for_each([&](const event_view& e) { consume(see, e); });
          seen += got.size();
        }
        w.close();
      });
    }

   private:
    void publish(window& w, std::uint64_t n) {
      std::vector<draft> batch;
      batch.reserve(batch_);
      w.open();
      for (std::uint64_t i = 0; i < n;) {
        batch.clear();
        for (const std::uint64_t end = std::min(n, i + batch_); i < end; ++i) {
          batch.push_back(draft_of(kEvents + i, this->names_[entity_of(i, kEntities)]));
          batch.back().payload = this->payloads_[i % kPayloads];
        }
        done(bus_->publish(batch, {}, std::chrono::seconds(30)));
      }
      w.close();
      this->did(n);
    }

    std::uint64_t batch_;
    std::unique_ptr<bus<D>> bus_;
  };
};

}  // namespace copycost::event_store::workloads
