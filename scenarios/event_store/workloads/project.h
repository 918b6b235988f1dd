// SPDX-License-Identifier: Apache-2.0
//
// project: the projection of the work items is made anew from the whole log: each event is read, its body decoded, and
// applied. With input:1 the log holds the real input. One operation is one projection.
#pragma once
#include "scenarios/event_store/follow/replay.h"
#include "scenarios/event_store/input/input_events.h"
#include "scenarios/event_store/work_items/life.h"
#include "scenarios/event_store/work_items/projection.h"
#include "scenarios/event_store/workloads/parts/common.h"

namespace copycost::event_store::workloads {

struct project : workload_defaults {
  static constexpr workload_traits traits{.name = "project",
                                          .about = "make a projection anew from the whole log",
                                          .cls = workload_class::read_many,
                                          .payload = payload_use::read,
                                          .ops = op_kind::heavy,
                                          .unit = "projection"};

  template <class D>
  static std::vector<params> points_of(profile p) {
    std::vector<params> out;
    if (p == profile::smoke) return out;
    if (has_input_events()) out.push_back({{"input", 1}});
    out.push_back({{"events", 10'000}});
    if (p != profile::quick && !D::traits.fills_slowly) out.push_back({{"events", 300'000}});
    return out;
  }
  // The head of every record is read.
  static limit_sum limit(const params& at) { return least_read(events_of(at) * kRecordHeader); }
  static double copied_cap(const params&) { return 0; }
  static double written(const params& at) { return 400 * static_cast<double>(events_of(at)); }  // the projection
  static std::uint64_t audit_ops(const params&) { return 1; }

  // The events, and memory that they borrow.
  struct source {
    explicit source(const params& at) {
      if (at.has("input")) {
        input = current_events();
        drafts.assign(input->drafts().begin(), input->drafts().end());
        return;
      }
      owned = life({.seed = 1, .items = 1000}).next(at.number("events"));
      drafts = views(owned);
    }
    std::shared_ptr<const input_events> input;
    std::vector<owned_draft> owned;
    std::vector<draft> drafts;
  };
  static std::uint64_t events_of(const params& at) {
    return at.has("input") ? current_events()->drafts().size() : at.number("events");
  }
  static handled handled_by(const params& at) {
    const source from(at);
    handled all{from.drafts.size(), 0};
    for (const draft& d : from.drafts) all.payload_bytes += d.payload.size();
    return all;
  }

  // The same projection, of records that no store has seen.
  static std::uint64_t expected(const params& at, std::uint16_t, std::uint64_t) {
    const source from(at);
    projection made;
    std::vector<std::byte> record;
    for (sequence i = 0; i < from.drafts.size(); ++i) {
      record.resize(padded(record_size(from.drafts[i], from.drafts[i].payload.size())));
      write_record(record.data(), i, {}, from.drafts[i]);
      (void)made.apply(event_view(record.data()));  // what is refused is counted in it
    }
    digest seen;
    seen.add(std::string_view(made.digest()));
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public counted_episode {
   public:
    explicit episode_of(const params& at) : counted_episode(handled_by(at)), from_(at) {}
    void setup(window& w) override {
      store_ = must(D::store::open(options_of(w)));
      append_all(*store_, from_.drafts);
    }
    void run(window& w, unsigned, std::uint64_t n) override {
      COPYCOST_REQUIRE(n == 1);
      auto reader = must(store_->reader());
      projection made;
      w.open();
      {
        const auto s = reader.snapshot();
        const auto done_to = done(event_store::replay(s, {}, [&](const event_view& e) { (void)made.apply(e); }));
        escape(static_cast<std::size_t>(done_to.applied));
      }
      w.close();
      did(n);
      if (w.watches() == watching::results) w.seen().add(std::string_view(made.digest()));
    }

   private:
    source from_;
    store_ptr<D> store_;
  };
};

}  // namespace copycost::event_store::workloads
