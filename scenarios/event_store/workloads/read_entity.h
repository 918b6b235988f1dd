// SPDX-License-Identifier: Apache-2.0
//
// read_entity: the events of one entity, the first hundred at most, of a store whose events belong to 1, 10, 1,000 or
// 100,000 entities; few of them have most events (Zipf), and are asked for most often. Every byte is read. One
// operation is one read.
#pragma once
#include "scenarios/common/zipf.h"
#include "scenarios/event_store/workloads/parts/common.h"

namespace copycost::event_store::workloads {

struct read_entity : workload_defaults {
  static constexpr workload_traits traits{.name = "read_entity",
                                          .about = "read up to 100 events of one entity, every byte",
                                          .cls = workload_class::read_once,
                                          .payload = payload_use::read,
                                          .ops = op_kind::differ,
                                          .unit = "read"};
  static constexpr std::size_t kLimit = 100, kAsked = 1024;

  template <class D>
  static std::vector<params> points_of(profile p) {
    std::vector<params> out;
    const auto add = [&](std::uint64_t entities, std::uint64_t events) {
      out.push_back({{"entities", entities}, {"events", events}});
    };
    if (p == profile::smoke) return out;
    add(10, 10'000);
    add(1000, 10'000);
    if (p == profile::quick) return out;
    add(1, 10'000);
    if (!D::traits.fills_slowly) {
      add(1000, 200'000);
      add(100'000, 200'000);
    }
    return out;
  }
  static limit_sum limit(const params& at) { return mean_events(at) * least_read(record_bytes(kSize)); }
  static double copied_cap(const params&) { return 0; }
  static bool design_reads(const params&) { return false; }  // the consumer does
  static std::uint64_t audit_ops(const params&) { return kAsked; }

  // Which entity event i belongs to, and which entities are asked for.
  struct plan {
    explicit plan(const params& at) {
      const auto entities = static_cast<std::size_t>(at.number("entities"));
      const zipf ranks(entities);
      rng random(entities);
      for (std::uint64_t i = 0; i < at.number("events"); ++i) of.push_back(static_cast<std::uint32_t>(ranks(random)));
      for (std::size_t i = 0; i < kAsked; ++i) asked.push_back(of[random.below(of.size())]);
    }
    std::vector<std::uint32_t> of, asked;
  };
  // Events that one read gives on average: what is asked for follows the same law as what is there.
  static double mean_events(const params& at) {
    const plan all(at);
    std::vector<std::uint64_t> count(at.number("entities"));
    for (const std::uint32_t e : all.of) ++count[e];
    double sum = 0;
    for (const std::uint32_t e : all.asked) sum += static_cast<double>(std::min<std::uint64_t>(kLimit, count[e]));
    return sum / kAsked;
  }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    const plan all(at);
    std::vector<std::vector<std::uint64_t>> events(at.number("entities"));
    for (std::uint64_t i = 0; i < all.of.size(); ++i)
      if (auto& row = events[all.of[i]]; row.size() < kLimit) row.push_back(i);
    digest seen;
    model_events model(epoch);
    for (std::uint64_t i = 0; i < n; ++i)
      for (const std::uint64_t e : events[all.asked[i % kAsked]]) model.consume(seen, e);
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public store_episode<episode_of<D>, D> {
    using base = store_episode<episode_of<D>, D>;

   public:
    explicit episode_of(const params& at)
        : base({0, 0}, at.number("entities")), plan_(at), events_(at.number("events")) {}
    void setup(window& w) override {
      this->open(options_of(w));
      filled<D>(*this->store_, w, events_, this->names_, [&](std::uint64_t i) { return plan_.of[i]; });
    }
    template <class See, class Reader>
    void loop(See& see, window&, std::uint64_t n, Reader& reader) {
      const std::uint64_t first = this->did();
      std::uint64_t items = 0;
      for (std::uint64_t i = 0; i < n; ++i) {
        const auto list = done(reader.read_entity(this->names_[plan_.asked[(first + i) % kAsked]], kStart, kLimit));
        items += list.size();
        list.for_each([&](const event_view& e) { consume(see, e); });
      }
      this->also({items, items * kSize});
    }

   private:
    plan plan_;
    std::uint64_t events_;
  };
};

}  // namespace copycost::event_store::workloads
