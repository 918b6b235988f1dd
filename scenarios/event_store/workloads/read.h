// SPDX-License-Identifier: Apache-2.0
//
// read: a range of events out of a store of ten thousand: the last ones,
// or some in the middle; every byte is read. One operation is one read.
#pragma once
#include "scenarios/event_store/workloads/parts/common.h"

namespace copycost::event_store::workloads {

struct read : workload_defaults {
  static constexpr workload_traits traits{.name = "read",
                                          .about = "read the last events, or a range in the middle, every byte",
                                          .cls = workload_class::read_once,
                                          .payload = payload_use::read,
                                          .unit = "read"};

  static std::vector<params> points(profile p) {
    std::vector<params> out;
    const auto add = [&](std::uint64_t events, std::uint64_t count, std::string_view from) {
      out.push_back(params{{"events", events}, {"count", count}}.set("from", from));
    };
    add(10'000, 100, "last");
    if (p == profile::smoke) return out;
    add(10'000, 1, "last");
    add(10'000, 1000, "middle");
    if (p != profile::quick) {
      add(10'000, 1, "middle");
      add(10'000, 100, "middle");
      add(10'000, 1000, "last");
    }
    return out;
  }
  static limit_sum limit(const params& at) { return least_read(at.number("count") * record_bytes(kSize)); }
  static double copied_cap(const params&) { return 0; }
  static bool design_reads(const params&) { return false; }  // the consumer does
  static sequence after_of(const params& at) {
    const std::uint64_t events = at.number("events");
    return at.text("from") == "last" ? events - at.number("count") - 1 : events / 2 - 1;
  }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    digest seen;
    model_events events(epoch);
    for (std::uint64_t i = 0; i < n; ++i)
      for (std::uint64_t k = 0; k < at.number("count"); ++k) events.consume(seen, after_of(at) + 1 + k);
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public store_episode<episode_of<D>, D> {
    using base = store_episode<episode_of<D>, D>;

   public:
    explicit episode_of(const params& at)
        : base({at.number("count"), at.number("count") * kSize}),
          events_(at.number("events")),
          count_(at.number("count")),
          after_(after_of(at)) {}
    void setup(window& w) override { this->open(w, events_); }
    template <class See, class Reader>
    void loop(See& see, window&, std::uint64_t n, Reader& reader) {
      for (std::uint64_t i = 0; i < n; ++i) {
        const auto list = done(reader.read(after_, count_));
        list.for_each([&](const event_view& e) { consume(see, e); });
      }
    }

   private:
    std::uint64_t events_, count_;
    sequence after_;
  };
};

}  // namespace copycost::event_store::workloads
