// SPDX-License-Identifier: Apache-2.0
//
// hand_over: from thread to thread through a bounded ring of chunks. The sender gives away an owner of its message, the
// receiver reads every byte and drops it. One operation is one message.
#pragma once
#include "scenarios/chunk/workloads/parts/common.h"
#include "scenarios/common/patience.h"
#include "scenarios/common/spsc_ring.h"

namespace copycost::chunk::workloads {

struct hand_over : workload_defaults {
  static constexpr workload_traits traits{
      .name = "hand_over",
      .about = "one message to another thread through a ring, which reads every byte",
      .cls = workload_class::hand_over,
      .payload = payload_use::read,
      .unit = "message"};
  static constexpr std::size_t kRing = 64;      // messages on the way at most
  static constexpr std::size_t kMessages = 16;  // different ones, so that order shows

  static std::vector<params> points(profile p) {
    if (p == profile::smoke) return size_points({4 * kKiB}, {});
    if (p == profile::quick) return size_points({256, 4 * kKiB, 64 * kKiB}, {});
    return size_points({64, 256, 1 * kKiB, 4 * kKiB, 16 * kKiB, 64 * kKiB, 256 * kKiB}, {});
  }
  static shape shape_of(const params&) { return {.threads = 2}; }
  // The receiver reads. Handles travel many at a time, and whether a side waits depends on the machine.
  static limit_sum limit(const params& at) { return least_read(at.number("size")); }
  // Sender and receiver move the count of each message.
  static limit_sum reference(const params& at, ownership owns) {
    if (owns == ownership::counted) return limit_sum{{1, "refcount_pair_2t"}} + limit(at);
    return {};
  }
  static double copied_cap(const params&) { return 0; }
  static bool design_reads(const params&) { return false; }  // the consumer does

  static std::uint64_t expected(const params& at, std::uint16_t epoch, std::uint64_t n) {
    digest receiver;
    for (std::uint64_t i = 0; i < n; ++i) receiver.add(model_payload(epoch, at.number("size"), i % kMessages));
    return results_of_roles({digest().value(), receiver.value()});
  }

  template <class D>
  class episode_of final : public counted_episode {
   public:
    explicit episode_of(const params& at)
        : counted_episode({.payload_bytes = at.number("size")}), size_(at.number("size")), ring_(kRing) {}
    void setup(window& w) override {
      for (std::size_t id = 0; id < kMessages; ++id) messages_.push_back(produce<D>(context_, w, size_, id));
    }
    void run(window& w, unsigned role, std::uint64_t n) override {
      if (role == 0) return send(w, n);
      observed(w, [&](auto& see) { receive(see, w, n); });
    }

   private:
    using chunk_type = typename D::chunk;

    void send(window& w, std::uint64_t n) {
      w.open();
      const std::uint64_t first = did();
      for (std::uint64_t i = 0; i < n; ++i) {
        chunk_type one = messages_[(first + i) % kMessages].share();
        for (patience wait("the receiving thread"); !ring_.try_push(one);) wait.turn();
      }
      w.close();
      did(n);
    }
    template <class See>
    void receive(See& see, window& w, std::uint64_t n) {
      w.open();
      for (std::uint64_t i = 0; i < n; ++i) {
        const auto read = [&](chunk_type&& one) { see.read(one.view()); };
        for (patience wait("the sending thread"); !ring_.try_pop(read);) wait.turn();
      }
      w.close();
    }

    std::size_t size_;
    typename D::context context_;
    std::vector<chunk_type> messages_;
    spsc_ring<chunk_type> ring_;
  };
};

}  // namespace copycost::chunk::workloads
