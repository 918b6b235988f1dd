// SPDX-License-Identifier: Apache-2.0
//
// mix: one thread reads the last ten events again and again, and appends one now and then: `reads` reads, then `writes`
// appends, from 1:10 to 1000:1. Where does a design whose reads are free stop being worth its appends? The store begins
// with ten thousand events and keeps that many. One operation is one read or one append.
#pragma once
#include "scenarios/event_store/workloads/parts/common.h"

namespace copycost::event_store::workloads {

struct mix : workload_defaults {
  static constexpr workload_traits traits{.name = "mix",
                                          .about = "read the last 10 events or append one, at a given ratio",
                                          .cls = workload_class::read_many,
                                          .payload = payload_use::read,
                                          .ops = op_kind::differ};
  static constexpr std::uint64_t kEvents = 10'000, kCount = 10, kPayloads = 1024;

  static std::vector<params> points(profile p) {
    std::vector<params> out;
    const auto add = [&](std::uint64_t reads, std::uint64_t writes) {
      out.push_back({{"reads", reads}, {"writes", writes}});
    };
    if (p == profile::smoke) return out;
    add(1, 10);
    add(10, 1);
    add(1000, 1);
    if (p != profile::quick) {
      add(1, 1);
      add(100, 1);
    }
    return out;
  }
  static shape shape_of(const params&) { return {.state = batch_state::fresh}; }
  // By how many of the operations read.
  static limit_sum shares(const params& at, limit_sum read, limit_sum append) {
    const auto r = static_cast<double>(at.number("reads")), a = static_cast<double>(at.number("writes"));
    return r / (r + a) * std::move(read) + a / (r + a) * std::move(append);
  }
  static limit_sum limit(const params& at) {
    return shares(at, least_read(kCount * record_bytes(kSize)), least_append(kSize, 1));
  }
  static limit_sum reference(const params& at, ownership) {
    return shares(at, least_read(kCount * record_bytes(kSize)), append_reference(kSize, 1));
  }
  static double copied_cap(const params&) { return kSize; }
  // Whole turns: the same number of appends an operation in every audit.
  static std::uint64_t audit_ops(const params& at) {
    const std::uint64_t turn = at.number("reads") + at.number("writes");
    return turn * std::max<std::uint64_t>(1, 64 / turn);
  }
  // Whole turns here, too: twenty of short ones.
  static std::uint64_t batch_ops(const params& at) {
    const std::uint64_t turn = at.number("reads") + at.number("writes");
    return turn * std::clamp<std::uint64_t>(220 / turn, 3, 20);
  }
  // Appends among the first n operations: a turn reads first.
  static std::uint64_t appends_in(const params& at, std::uint64_t n) {
    const std::uint64_t reads = at.number("reads"), turn = reads + at.number("writes"), rest = n % turn;
    return n / turn * at.number("writes") + (rest > reads ? rest - reads : 0);
  }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    digest seen;
    model_events events(epoch);
    events.repeat(kEvents, kPayloads);
    const std::uint64_t reads = at.number("reads"), turn = reads + at.number("writes");
    std::uint64_t end = kEvents;
    for (std::uint64_t i = 0; i < n; ++i) {
      if (i % turn >= reads) {
        seen.add(end++);
        continue;
      }
      for (std::uint64_t k = end - kCount; k < end; ++k) events.consume(seen, k);
    }
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public store_episode<episode_of<D>, D> {
    using base = store_episode<episode_of<D>, D>;

   public:
    explicit episode_of(const params& at)
        : base({.payload_bytes = kSize}), reads_(at.number("reads")), turn_(reads_ + at.number("writes")) {}
    void setup(window& w) override {
      store_options o = options_of(w);
      o.events_max = kEvents;
      this->open(o);
      filled<D>(*this->store_, w, kEvents, this->names_);
      this->make_payloads(w, kPayloads, kEvents);
    }
    template <class See, class Reader>
    void loop(See& see, window&, std::uint64_t n, Reader& reader) {
      for (std::uint64_t i = 0; i < n; ++i) i % turn_ < reads_ ? look_at_last(see, reader) : add(see);
    }

   private:
    template <class See, class Reader>
    void look_at_last(See& see, Reader& reader) {
      done(reader.read(end_ - kCount - 1)).for_each([&](const event_view& e) { consume(see, e); });
    }
    template <class See>
    void add(See& see) {
      draft one = draft_of(end_, this->names_[entity_of(end_, kEntities)]);
      one.payload = this->payloads_[(end_ - kEvents) % kPayloads];
      see.number(done(this->store_->append({&one, 1})).last);
      ++end_;
    }

    std::uint64_t reads_, turn_;
    sequence end_ = kEvents;
  };
};

}  // namespace copycost::event_store::workloads
