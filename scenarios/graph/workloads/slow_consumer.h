// SPDX-License-Identifier: Apache-2.0
//
// slow_consumer: one item to four consumers over bounded edges, one of which is ten times slower than the others. What
// does it cost them, and what is held for it? One operation is an item that is made and given to all. Consumers take
// turns in one thread, so that the row shows memory and no scheduling.
//
//   maker --> edge --> consumer 0 .. 2   take what has come, after each item
//         --> edge --> consumer 3        slow 0: the same; slow 1: takes one after ten items, and one more each time
//                                        that the producer finds no room
//
// What waits on the edges afterwards is what is live; what is held for it stands in the audit as `retained`, and the
// most of it as `peak_live_bytes`.
#pragma once
#include <memory>

#include "scenarios/graph/run/channel/channel.h"
#include "scenarios/graph/workloads/parts/common.h"

namespace copycost::graph::workloads {

struct slow_consumer : workload_defaults {
  static constexpr workload_traits traits{.name = "slow_consumer",
                                          .about = "make an item, to 4 consumers over edges, one of them slow",
                                          .cls = workload_class::retain,
                                          .payload = payload_use::read,
                                          .with = beside::allocator,
                                          .unit = "item"};
  static constexpr std::size_t kConsumers = 4, kEdge = 64, kTimesSlower = 10, kItems = 240;

  static std::vector<params> points(profile p) {
    std::vector<std::uint64_t> sizes = {1 * kKiB};
    if (p >= profile::full) sizes = {1 * kKiB, 64 * kKiB};
    std::vector<params> out;
    for (const std::uint64_t size : sizes)
      for (const std::uint64_t slow : {0u, 1u})
        if (p != profile::smoke || slow == 1) out.push_back(params{{"size", size}, {"slow", slow}});
    return out;
  }
  // What waits belongs to the batch that made it.
  static shape shape_of(const params&) { return {.state = batch_state::fresh}; }
  static limit_sum limit(const params& at) { return least_write(at.number("size")); }
  static limit_sum reference(const params& at, ownership owns) {
    if (owns != ownership::copies && owns != ownership::counted) return {};
    return limit_sum{{1, "malloc_free", at.number("size")}} + limit(at);
  }
  static double copied_cap(const params&) { return 0; }
  // The producer writes into memory that is new, and a handle waits on each edge.
  static double written(const params& at) { return 2 * static_cast<double>(at.number("size")) + 4 * 96 + 512; }
  static std::uint64_t audit_ops(const params&) { return kItems; }
  static std::uint64_t batch_ops(const params&) { return kItems; }

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    digest seen;
    std::uint64_t behind = 0;  // what the slow consumer takes next
    const auto take = [&](std::uint64_t id) { seen.add(model_payload(epoch, at.number("size"), id)); };
    for (std::uint64_t id = 0; id < n; ++id) {
      if (at.number("slow") != 0 && id - behind == kEdge) take(behind++);
      for (std::size_t c = 0; c + 1 < kConsumers; ++c) take(id);
      if (at.number("slow") == 0) take(id);
      if (at.number("slow") != 0 && id % kTimesSlower == kTimesSlower - 1) take(behind++);
    }
    return results_of_one_role(seen);
  }

  template <class D>
  class episode_of final : public loop_episode<episode_of<D>> {
    using base = loop_episode<episode_of<D>>;
    using item = typename D::item;

   public:
    explicit episode_of(const params& at)
        : base({kConsumers, at.number("size")}), size_(at.number("size")), is_slow_(at.number("slow") != 0) {}
    void setup(window&) override {
      for (auto& edge : edges_) edge = std::make_unique<channel<item>>(channel_limits{.items = kEdge});
    }
    template <class See>
    void loop(See& see, window& w, std::uint64_t n) {
      for (std::uint64_t i = 0, first = this->did(); i < n; ++i) {
        publish(see, written_item<D>(see, maker_, w, size_, first + i));
        for (std::size_t c = 0; c + 1 < kConsumers; ++c) take(see, c);
        if (!is_slow_ || (first + i) % kTimesSlower == kTimesSlower - 1) take(see, kConsumers - 1);
        end_turn(maker_, first + i);
      }
      maker_.end_batch();
    }
    std::uint64_t live_payload_bytes() const override { return edges_.back()->bytes(); }

   private:
    template <class See>
    void publish(See& see, item one) {
      done(D::fan_out(std::move(one), std::span(each_)));
      for (std::size_t c = 0; c < kConsumers; ++c) {
        if (edges_[c]->size() == kEdge) take(see, c);  // the producer waits for its consumer
        done(edges_[c]->try_push(each_[c]));
      }
    }
    // The oldest item of an edge. REQUIRES: there is one.
    template <class See>
    void take(See& see, std::size_t consumer) {
      item one;
      done(edges_[consumer]->try_pop(one));
      see.handle(one.bytes());
    }

    const std::size_t size_;
    const bool is_slow_;
    typename D::context context_;
    typename D::maker maker_{context_};
    std::array<item, kConsumers> each_;
    std::array<std::unique_ptr<channel<item>>, kConsumers> edges_;  // the last one's consumer may be slow
  };
};

}  // namespace copycost::graph::workloads
