// SPDX-License-Identifier: Apache-2.0
//
// replay: k consumers, a thread each, replay the whole log from its beginning and read every byte of it. One operation
// is one replay by one consumer; all replay at once. With input:1 the log holds the real input.
#pragma once
#include "scenarios/event_store/input/input_events.h"
#include "scenarios/event_store/workloads/parts/common.h"

namespace copycost::event_store::workloads {

struct replay : workload_defaults {
  static constexpr workload_traits traits{.name = "replay",
                                          .about = "k threads replay the whole log, every byte",
                                          .cls = workload_class::fan_out,
                                          .payload = payload_use::read,
                                          .unit = "replay"};

  template <class D>
  static std::vector<params> points_of(profile p) {
    std::vector<params> out;
    const auto add = [&](std::uint64_t events, std::uint64_t consumers) {
      out.push_back({{"events", events}, {"consumers", consumers}});
    };
    add(10'000, 1);
    if (has_input_events()) out.push_back({{"input", 1}, {"consumers", 1}});
    if (p == profile::smoke) return out;
    add(10'000, 4);
    if (D::traits.fills_slowly) return out;
    add(300'000, 4);
    add(1'000'000, 1);
    if (p == profile::quick) return out;
    add(1'000'000, 4);
    add(1'000'000, 16);
    add(1'000'000, 64);
    add(10'000'000, 1);
    return out;
  }
  static shape shape_of(const params& at) { return {.threads = static_cast<unsigned>(at.number("consumers"))}; }
  static std::uint64_t events_of(const params& at) {
    return at.has("input") ? current_events()->drafts().size() : at.number("events");
  }
  // Of one replay: what events carry, records aside.
  static std::uint64_t payload_of(const params& at) {
    return at.has("input") ? current_events()->payload_bytes() : at.number("events") * kSize;
  }
  static std::uint64_t log_bytes_of(const params& at) {
    return at.has("input") ? current_events()->record_bytes() : at.number("events") * record_bytes(kSize);
  }
  // The processors share what there is to read; more consumers take turns. Of real input no more than its payload
  // counts.
  static limit_sum limit(const params& at) {
    const std::uint64_t bytes = at.has("input") ? current_events()->payload_bytes() : log_bytes_of(at);
    return at_once(at.number("consumers")) * least_read(bytes);
  }
  static double copied_cap(const params&) { return 0; }
  static bool design_reads(const params&) { return false; }  // the consumers do
  static std::uint64_t audit_ops(const params& at) { return events_of(at) > 100'000 ? 1 : 4; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    const std::shared_ptr<const input_events> real = at.has("input") ? current_events() : nullptr;
    digest seen;
    if (real == nullptr) seen = model_of_log(epoch, events_of(at), n);
    for (std::uint64_t i = 0; real != nullptr && i < n; ++i)
      for (std::uint64_t k = 0; k < real->drafts().size(); ++k) {
        seen.add(k);
        seen.add(real->drafts()[k].payload);
      }
    return results_of_equal_roles(seen, at.number("consumers"));
  }

  template <class D>
  class episode_of final : public store_episode<episode_of<D>, D> {
    using base = store_episode<episode_of<D>, D>;

   public:
    explicit episode_of(const params& at)
        : base({events_of(at), payload_of(at)}),
          real_(at.has("input") ? current_events() : nullptr),
          events_(events_of(at)) {}
    void setup(window& w) override {
      if (real_ == nullptr) return this->open(w, events_);
      this->open(options_of(w));
      append_all(*this->store_, real_->drafts());
    }
    template <class See, class Reader>
    void loop(See& see, window&, std::uint64_t n, Reader& reader) {
      for (std::uint64_t i = 0; i < n; ++i)
        done(reader.read(kStart)).for_each([&](const event_view& e) { consume(see, e); });
    }

   private:
    std::shared_ptr<const input_events> real_;  // null: generated
    std::uint64_t events_;
  };
};

}  // namespace copycost::event_store::workloads
