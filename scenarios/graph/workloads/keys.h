// SPDX-License-Identifier: Apache-2.0
//
// keys: items whose keys are drawn like words of a text (Zipf) go to four readers, by a hash of the key. One thread
// runs all of it: the row shows what routing costs. skew.h shows what it costs that some keys are drawn more often.
//
//   source --> key_hash --> reader 0 .. 3
#pragma once
#include "scenarios/common/zipf.h"
#include "scenarios/graph/node/control/key_routers.h"
#include "scenarios/graph/workloads/parts/graph_episode.h"

namespace copycost::graph::workloads {

struct keys : workload_defaults {
  static constexpr workload_traits traits{.name = "keys",
                                          .about = "an item is made and goes to one of 4 readers, by its key",
                                          .cls = workload_class::hand_over,
                                          .payload = payload_use::read,
                                          .with = beside::allocator,
                                          .unit = "item"};
  static constexpr std::size_t kSize = 64, kItems = 16, kReaders = 4, kDrawn = 4096;
  static constexpr std::uint64_t kSeed = 0x5EED;

  static std::vector<params> points(profile p) {
    std::vector<params> out;
    for (const std::uint64_t n : {1u, 16u, 10000u})
      if (p >= profile::full || n == 16) out.push_back(params{{"keys", n}});
    return out;
  }
  static limit_sum limit(const params&) { return least_turn(); }
  static limit_sum floor(const params&) { return {{1, "malloc_memcpy_free", kSize, kTurn}}; }
  static double copied_cap(const params&) { return kSize; }
  static bool design_reads(const params&) { return true; }  // the source copies
  static double written(const params&) { return 2 * kSize + 1024; }
  static std::uint64_t audit_ops(const params&) { return 256; }

  static std::vector<std::uint64_t> drawn(const params& at) {
    const zipf ranks(at.number("keys"));
    rng random(kSeed);
    std::vector<std::uint64_t> out;
    for (std::size_t i = 0; i < kDrawn; ++i) out.push_back(ranks(random));
    return out;
  }
  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    const auto all = drawn(at);
    digest seen[kReaders];
    for (std::uint64_t i = 0; i < n; ++i)
      seen[output_of_key(all[i % kDrawn], kReaders)].add(
          std::span<const std::byte>(model_payload(epoch, kSize, i % kItems)).first(kHeadBytes));
    return results_of_run(at, {seen[0].value(), seen[1].value(), seen[2].value(), seen[3].value()});
  }

  template <class D>
  class episode_of final : public graph_episode<D> {
    using base = graph_episode<D>;

   public:
    explicit episode_of(const params& at)
        : base(at, {1, kSize}), drawn_(keys::drawn(at)), work_(at.has("work") ? at.number("work") : 0) {}
    void setup(window& w) override {
      for (std::size_t id = 0; id < kItems; ++id) payload_.push_back(w.payload(kSize, id));
      const auto make = [this](typename D::maker& maker, std::uint64_t number) {
        return done(maker.copy({0, drawn_[number % kDrawn], {}}, payload_[number % kItems]));
      };
      auto source = std::make_unique<feeding_node<D, decltype(make)>>(make);
      auto& feeds = *source;
      graph_builder<D> made;
      must(made.add("source", std::move(source)));
      must(made.add("router", std::make_unique<key_hash<D>>(unsigned{kReaders})));
      must(made.connect("source", "router"));
      std::vector<reading_node<D>*> readers;
      for (std::size_t i = 0; i < kReaders; ++i) {
        auto reader = std::make_unique<reading_node<D>>(work_);
        readers.push_back(reader.get());
        must(made.add("reader" + std::to_string(i), std::move(reader)));
        must(made.connect("router:" + std::to_string(i), "reader" + std::to_string(i)));
      }
      this->begin(std::move(made), feeds, std::move(readers));
    }

   private:
    const std::vector<std::uint64_t> drawn_;
    const std::uint64_t work_;
    std::vector<std::span<std::byte>> payload_;
  };
};

}  // namespace copycost::graph::workloads
