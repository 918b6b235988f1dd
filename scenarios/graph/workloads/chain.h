// SPDX-License-Identifier: Apache-2.0
//
// chain: an item goes through nodes in a row, which do nothing or work for a while, and pass it on.
//
//   source --> node --> node ... --> reader       nodes: those in the middle; work: about so many ns in each
//
// The source makes each item anew, and one thread runs all nodes in turn; executors.h has it run by others.
#pragma once
#include "scenarios/graph/workloads/parts/graph_episode.h"

namespace copycost::graph::workloads {

struct chain : workload_defaults {
  static constexpr workload_traits traits{.name = "chain",
                                          .about = "an item is made and goes through nodes in a row",
                                          .cls = workload_class::hand_over,
                                          .payload = payload_use::read,
                                          .with = beside::allocator,
                                          .unit = "item"};
  static constexpr std::size_t kItems = 16;

  static std::vector<params> points(profile p) {
    std::vector<params> out;
    const auto add = [&](std::uint64_t size, std::uint64_t nodes, std::uint64_t work) {
      out.push_back(params{{"size", size}, {"nodes", nodes}, {"work", work}});
    };
    add(64, 3, 0);
    if (p == profile::smoke) return out;
    add(64, 8, 0);
    add(64, 3, 1000);
    if (p == profile::quick) return out;
    add(64, 1, 0);
    add(64, 3, 100);
    for (const std::uint64_t nodes : {1u, 8u})
      for (const std::uint64_t work : {100u, 1000u}) add(64, nodes, work);
    add(4 * kKiB, 3, 0);
    add(64 * kKiB, 3, 0);
    return out;
  }
  static limit_sum limit(const params&) { return least_turn(); }
  // As many are on their way as a node takes in a turn.
  static limit_sum floor(const params& at) { return {{1, "malloc_memcpy_free", at.number("size"), kTurn}}; }
  static double copied_cap(const params& at) { return static_cast<double>(at.number("size")); }
  static bool design_reads(const params&) { return true; }  // the source copies
  static double written(const params& at) { return 2 * static_cast<double>(at.number("size")) + 1024; }
  static std::uint64_t audit_ops(const params&) { return 256; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    digest seen;
    for (std::uint64_t i = 0; i < n; ++i)
      seen.add(std::span<const std::byte>(model_payload(epoch, at.number("size"), i % kItems)).first(kHeadBytes));
    return results_of_run(at, {seen.value()});
  }

  template <class D>
  class episode_of final : public graph_episode<D> {
    using base = graph_episode<D>;

   public:
    explicit episode_of(const params& at) : base(at, {1, at.number("size")}), at_(at) {}
    void setup(window& w) override {
      for (std::size_t id = 0; id < kItems; ++id) payload_.push_back(w.payload(at_.number("size"), id));
      const auto make = [this](typename D::maker& maker, std::uint64_t number) {
        return done(maker.copy({0, number, {}}, payload_[number % kItems]));
      };
      auto source = std::make_unique<feeding_node<D, decltype(make)>>(make);
      auto reader = std::make_unique<reading_node<D>>();
      auto& feeds = *source;
      auto& reads = *reader;
      graph_builder<D> made;
      must(made.add("source", std::move(source)));
      std::string before = "source";
      for (std::uint64_t i = 0; i < at_.number("nodes"); ++i) {
        const std::string name = "node" + std::to_string(i);
        must(made.add(name, std::make_unique<working_node<D>>(at_.number("work"))));
        must(made.connect(before, name));
        before = name;
      }
      must(made.add("reader", std::move(reader)));
      must(made.connect(before, "reader"));
      this->begin(std::move(made), feeds, {&reads});
    }

   private:
    const params at_;
    std::vector<std::span<std::byte>> payload_;
  };
};

}  // namespace copycost::graph::workloads
