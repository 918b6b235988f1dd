// SPDX-License-Identifier: Apache-2.0
//
// soak: items of many sizes through a small graph in which one branch changes its items and the other one keeps the
// last 64 of its own, for as long as the profile takes. What is held for what is kept must stay as it is.
//
//   source --> change --> key_hash --> reader 0, reader 1
//          --> keeper
//
// One operation is one item of the source.
#pragma once
#include <cstring>

#include "scenarios/graph/node/control/key_routers.h"
#include "scenarios/graph/node/control/transforms.h"
#include "scenarios/graph/workloads/parts/graph_episode.h"

namespace copycost::graph::workloads {

struct soak : workload_defaults {
  static constexpr workload_traits traits{
      .name = "soak",
      .about = "an item of 8 B to 64 KiB is made; a branch changes it, one keeps it",
      .cls = workload_class::retain,
      .payload = payload_use::read,
      .ops = op_kind::differ,
      .with = beside::allocator,
      .unit = "item"};
  static constexpr std::size_t kItems = 16, kKept = 64, kReaders = 2, kBatch = 1024;
  static constexpr std::uint64_t kMark = 0x5A5A5A5A5A5A5A5Aull;  // what `change` changes the first 8 bytes by

  // Of 16 items that follow each other: mostly small ones.
  static constexpr std::uint64_t kSizes[kItems] = {64,  256, 8,    1 * kKiB,  64,  4 * kKiB, 256, 64,
                                                   512, 64,  2048, 16 * kKiB, 128, 64,       8,   64 * kKiB};
  static std::uint64_t size_of(std::uint64_t number) { return kSizes[number % kItems]; }
  static double mean_size() {
    std::uint64_t sum = 0;
    for (const std::uint64_t size : kSizes) sum += size;
    return static_cast<double>(sum) / kItems;
  }

  static std::vector<params> points(profile) { return {params{}}; }
  // What is kept belongs to the batch that made it.
  static shape shape_of(const params&) { return {.state = batch_state::fresh}; }
  // The item is made of bytes that stay where they are, and changed while another branch has it.
  static limit_sum limit(const params&) { return 2 * least_copy_near(static_cast<std::uint64_t>(mean_size())); }
  static double copied_cap(const params&) { return 2 * mean_size(); }
  static bool design_reads(const params&) { return true; }
  static double written(const params&) { return 4 * mean_size() + 1024; }
  static std::uint64_t audit_ops(const params&) { return kBatch; }
  static std::uint64_t batch_ops(const params&) { return kBatch; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    digest changed[kReaders], kept;
    for (std::uint64_t i = 0; i < n; ++i) {
      const auto item = model_payload(epoch, kSizes[kItems - 1], i % kItems);
      kept.add(std::span<const std::byte>(item).first(kHeadBytes));
      std::uint64_t head;
      std::memcpy(&head, item.data(), sizeof head);
      head ^= kMark;
      changed[output_of_key(i, kReaders)].add(std::as_bytes(std::span(&head, 1)));
    }
    return results_of_run(at, {changed[0].value(), changed[1].value(), kept.value()});
  }

  // What the branch does that changes its items.
  struct mark {
    std::size_t operator()(std::span<std::byte> bytes) const {
      std::uint64_t head;
      std::memcpy(&head, bytes.data(), sizeof head);
      head ^= kMark;
      std::memcpy(bytes.data(), &head, sizeof head);
      return bytes.size();
    }
  };

  template <class D>
  class episode_of final : public graph_episode<D> {
    using base = graph_episode<D>;

   public:
    explicit episode_of(const params& at) : base(at, {1, static_cast<std::uint64_t>(mean_size())}) {}
    void setup(window& w) override {
      for (std::size_t id = 0; id < kItems; ++id) payload_.push_back(w.payload(kSizes[kItems - 1], id));
      const auto make = [this](typename D::maker& maker, std::uint64_t number) {
        return done(maker.copy({0, number, {}}, payload_[number % kItems].first(size_of(number))));
      };
      auto source = std::make_unique<feeding_node<D, decltype(make)>>(make);
      auto& feeds = *source;
      graph_builder<D> made;
      must(made.add("source", std::move(source)));
      must(made.add("change", make_in_place<D>(mark())));
      must(made.add("router", std::make_unique<key_hash<D>>(unsigned{kReaders})));
      must(made.connect("source", "change"));
      must(made.connect("change", "router"));
      std::vector<reading_node<D>*> readers;
      for (std::size_t i = 0; i <= kReaders; ++i) {
        const bool keeps = i == kReaders;
        const std::string name = keeps ? "keeper" : "reader" + std::to_string(i);
        auto reader = std::make_unique<reading_node<D>>(0, keeps ? kKept : 0);
        readers.push_back(keeper_ = reader.get());
        must(made.add(name, std::move(reader)));
        must(made.connect(keeps ? "source" : "router:" + std::to_string(i), name));
      }
      this->begin(std::move(made), feeds, std::move(readers), 2);
    }
    std::uint64_t live_payload_bytes() const override { return keeper_ == nullptr ? 0 : keeper_->kept_bytes(); }

   private:
    std::vector<std::span<std::byte>> payload_;
    reading_node<D>* keeper_ = nullptr;
  };
};

}  // namespace copycost::graph::workloads
