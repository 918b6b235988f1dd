// SPDX-License-Identifier: Apache-2.0
//
// recover: a store on the disk is opened: its files are read, checked and indexed. The files are in the page cache. One
// operation is one opening, and the closing behind it.
#pragma once
#include "scenarios/event_store/workloads/parts/files.h"

namespace copycost::event_store::workloads {

struct recover : workload_defaults {
  static constexpr workload_traits traits{.name = "recover",
                                          .about = "open a store on the disk, from the page cache, and close it",
                                          .cls = workload_class::recover,
                                          .payload = payload_use::read,
                                          .ops = op_kind::heavy,
                                          .with = beside::kernel,
                                          .unit = "opening"};

  template <class D>
  static std::vector<params> points_of(profile p) {
    std::vector<params> out;
    if (p == profile::smoke) return out;
    out.push_back({{"events", 10'000}});
    if (D::traits.fills_slowly) return out;
    out.push_back({{"events", 100'000}});
    if (p != profile::quick) out.push_back({{"events", 1'000'000}});
    if (p == profile::soak) out.push_back({{"events", 8'000'000}});
    return out;
  }
  // Names of files are as long as the machine's directories.
  static shape shape_of(const params&) { return {.state = batch_state::fresh, .cost = op_cost::varies}; }
  template <class D>
  static constexpr bool offered = D::traits.durable;
  // What is checked is read.
  static limit_sum limit(const params& at) { return least_read(log_bytes(at.number("events"))); }
  // Files that are read into memory are copied out of the page cache first.
  static limit_sum reference(const params& at, ownership owns) {
    return owns == ownership::copies ? least_copy(log_bytes(at.number("events"))) : limit_sum{};
  }
  static double copied_cap(const params&) { return 0; }
  // Files that are read, and what is found in them.
  static double kernel_bytes(const params& at) { return 160 * static_cast<double>(at.number("events")) + 4 * kMiB; }
  static double syscalls(const params& at) { return 64 + static_cast<double>(at.number("events")) / 1000; }
  static double written(const params& at) {
    return static_cast<double>(at.number("events") * (record_bytes(kSize) + 224));
  }
  static std::uint64_t audit_ops(const params&) { return 1; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t) {
    return results_of_one_role(model_of_log(epoch, at.number("events")));
  }

  template <class D>
  class episode_of final : public counted_episode {
   public:
    explicit episode_of(const params& at)
        : counted_episode({at.number("events"), at.number("events") * kSize}),
          events_(at.number("events")),
          names_(kEntities) {}
    void setup(window& w) override {
      options_ = durable_options(w, "each");
      write_store<D>(w, options_, events_, names_);
    }
    void run(window& w, unsigned, std::uint64_t n) override {
      COPYCOST_REQUIRE(n == 1);
      const bool looks = w.watches() == watching::results;
      w.open();
      auto store = done(D::store::open(options_));
      if (!looks) store.reset();
      w.close();
      did(n);
      if (!looks) return;
      results_observer see{w.seen()};
      auto reader = must(store->reader());
      must(reader.read(kStart)).for_each([&](const event_view& e) { consume(see, e); });
    }

   private:
    std::uint64_t events_;
    store_options options_;
    entity_names names_;
  };
};

}  // namespace copycost::event_store::workloads
