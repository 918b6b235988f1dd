// SPDX-License-Identifier: Apache-2.0
//
// hop: items of 8 bytes from one thread to another over an edge, in batches. One operation is one item.
//
//   counted 0   the sender makes each batch anew; the receiver reads and drops it as a whole
//   counted 1   the sender gives one more owner of an item that stays: a count up here and a count down there
#pragma once
#include "scenarios/common/patience.h"
#include "scenarios/graph/run/channel/channel.h"
#include "scenarios/graph/workloads/parts/common.h"

namespace copycost::graph::workloads {

struct hop : workload_defaults {
  static constexpr workload_traits traits{.name = "hop",
                                          .about = "one item of 8 bytes to another thread over an edge, in batches",
                                          .cls = workload_class::hand_over,
                                          .payload = payload_use::read,
                                          .unit = "item"};
  static constexpr std::size_t kSize = 8, kBatchMax = 32, kEdge = 1024, kItems = 16;

  static std::vector<params> points(profile p) {
    std::vector<params> out;
    for (const std::uint64_t batch : {1u, 32u})
      for (const std::uint64_t counted : {0u, 1u})
        if (p != profile::smoke || (batch == kBatchMax && counted == 0))
          out.push_back(params{{"batch", batch}, {"counted", counted}});
    return out;
  }
  static shape shape_of(const params&) { return {.threads = 2}; }
  static limit_sum limit(const params&) { return least_turn(); }
  static limit_sum reference(const params& at, ownership owns) {
    if (owns != ownership::counted || at.number("counted") == 0) return {};
    return {{1, "refcount_pair_2t"}};
  }
  static double copied_cap(const params& at) { return at.number("counted") != 0 ? 0 : kSize; }
  static bool design_reads(const params&) { return true; }
  // A thread that finds the lock of a segment taken sleeps.
  static double syscalls(const params&) { return 1; }
  static double written(const params&) { return 256; }
  static std::uint64_t audit_ops(const params&) { return 256; }

  static std::uint64_t expected(const params&, std::uint16_t epoch, std::uint64_t n) {
    digest receiver;
    for (std::uint64_t i = 0; i < n; ++i) receiver.add(model_payload(epoch, kSize, i % kItems));
    return results_of_roles({digest().value(), receiver.value()});
  }

  template <class D>
  class episode_of final : public counted_episode {
    using item = typename D::item;

   public:
    explicit episode_of(const params& at)
        : counted_episode({.payload_bytes = kSize}),
          batch_(at.number("batch")),
          is_counted_(at.number("counted") != 0),
          edge_({.items = kEdge}) {}
    void setup(window& w) override {
      for (std::size_t id = 0; id < kItems; ++id) {
        payload_.push_back(w.payload(kSize, id));
        items_.push_back(produce<D>(maker_, w, kSize, id));
      }
      warm_up<D>(maker_, kSize);
    }
    void run(window& w, unsigned role, std::uint64_t n) override {
      if (role == 0) return send(w, n);
      observed(w, [&](auto& see) { receive(see, w, n); });
    }

   private:
    void send(window& w, std::uint64_t n) {
      std::array<item, kBatchMax> batch;
      w.open();
      for (std::uint64_t i = 0, first = did(); i < n;) {
        const std::size_t many = std::min<std::uint64_t>(batch_, n - i);
        for (std::size_t k = 0; k < many; ++k) batch[k] = one_of(first + i + k);
        for (std::size_t pushed = 0; pushed < many;) pushed += push(std::span(batch).subspan(pushed, many - pushed));
        i += many;
        if (!is_counted_) end_turn(maker_, first + i - 1);
      }
      w.close();
      did(n);
    }
    COPYCOST_INLINED item one_of(std::uint64_t i) {
      if (is_counted_) return items_[i % kItems].share();
      return done(maker_.copy({0, i, {}}, payload_[i % kItems]));
    }
    std::size_t push(std::span<item> some) {
      for (patience wait("the receiving thread");; wait.turn())
        if (const std::size_t pushed = done(edge_.push_some(some)); pushed > 0) return pushed;
    }
    template <class See>
    void receive(See& see, window& w, std::uint64_t n) {
      std::array<item, kBatchMax> batch;
      w.open();
      for (std::uint64_t i = 0; i < n;) {
        const std::size_t many = pop(std::span(batch).first(std::min<std::uint64_t>(batch_, n - i)));
        const std::span<item> came = std::span(batch).first(many);
        for (const item& one : came) see.read(one.bytes());
        D::drop(came);
        i += many;
      }
      w.close();
    }
    std::size_t pop(std::span<item> into) {
      for (patience wait("the sending thread");; wait.turn())
        if (const std::size_t popped = edge_.pop_some(into); popped > 0) return popped;
    }

    const std::size_t batch_;
    const bool is_counted_;
    typename D::context context_;
    typename D::maker maker_{context_};
    std::vector<std::span<std::byte>> payload_;
    std::vector<item> items_;
    channel<item> edge_;
  };
};

}  // namespace copycost::graph::workloads
