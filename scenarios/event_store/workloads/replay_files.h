// SPDX-License-Identifier: Apache-2.0
//
// replay_files: the log is replayed straight from its files, which no store has open: by reading them into memory
// (copy), by mapping them (slice), or as a peer does it. The page cache holds them (cache:warm) or nothing of them
// (cache:cold). Every byte is read. A design says how by
//
//   template <class F> static result<std::uint64_t> D::replay_files(const store_options&, F f);   // events seen
//
// One operation is one replay, opening and closing included.
#pragma once
#include "scenarios/event_store/workloads/parts/files.h"

namespace copycost::event_store::workloads {

struct replay_files : workload_defaults {
  static constexpr workload_traits traits{.name = "replay_files",
                                          .about = "replay the log straight from its files, every byte",
                                          .cls = workload_class::read_once,
                                          .payload = payload_use::read,
                                          .ops = op_kind::heavy,
                                          .with = beside::kernel,
                                          .unit = "replay"};

  template <class D>
  static std::vector<params> points_of(profile p) {
    std::vector<params> out;
    const auto add = [&](std::uint64_t events, std::string_view cache) {
      out.push_back(params{{"events", events}}.set("cache", cache));
    };
    if (p == profile::smoke) return out;
    add(10'000, "warm");
    add(10'000, "cold");
    if (p != profile::quick && !D::traits.fills_slowly) {
      add(1'000'000, "warm");
      add(1'000'000, "cold");
    }
    return out;
  }
  // Names of files are as long as the machine's directories.
  static shape shape_of(const params&) { return {.state = batch_state::fresh, .cost = op_cost::varies}; }
  template <class D>
  static constexpr bool offered = D::traits.durable && (D::traits.fills_slowly || D::traits.replays_files);
  static limit_sum limit(const params& at) { return least_read(log_bytes(at.number("events"))); }
  static double copied_cap(const params&) { return 0; }
  static double kernel_bytes(const params& at) { return 160 * static_cast<double>(at.number("events")) + 4 * kMiB; }
  static double syscalls(const params& at) { return 64 + static_cast<double>(at.number("events")) / 1000; }
  static double written(const params& at) { return static_cast<double>(at.number("events") * 2 * record_bytes(kSize)); }
  static std::uint64_t audit_ops(const params&) { return 1; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t) {
    return results_of_one_role(model_of_log(epoch, at.number("events")));
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
   public:
    explicit episode_of(const params& at)
        : loop_episode<episode_of>({at.number("events"), at.number("events") * kSize}),
          events_(at.number("events")),
          cold_(at.text("cache") == "cold"),
          names_(kEntities) {}
    void setup(window& w) override {
      options_ = durable_options(w, "each");
      write_store<D>(w, options_, events_, names_);
      if (cold_)
        forget_files(options_.dir);
      else
        must(walk([](const event_view&) {}));
    }
    template <class See>
    void loop(See& see, window&, std::uint64_t n) {
      COPYCOST_REQUIRE(n == 1);
      (void)done(walk([&](const event_view& e) { consume(see, e); }));
    }

   private:
    template <class F>
    result<std::uint64_t> walk(F f) {
      if constexpr (D::traits.replays_files) {
        return D::replay_files(options_, f);
      } else {
        auto store = D::store::open(options_);
        if (!store.ok()) return store.error();
        auto reader = store.value()->reader();
        if (!reader.ok()) return reader.error();
        auto list = reader->read(kStart);
        if (!list.ok()) return list.error();
        list->for_each(f);
        return static_cast<std::uint64_t>(list->size());
      }
    }

    std::uint64_t events_;
    bool cold_;
    store_options options_;
    entity_names names_;
  };
};

}  // namespace copycost::event_store::workloads
