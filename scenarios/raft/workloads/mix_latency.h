// SPDX-License-Identifier: Apache-2.0
//
// mix_latency: the mix (mix.h), message by message at intended times, whatever became of those before: an open loop.
// What is recorded is a heartbeat's round trip, from its intended time until the leader has its answer: p50 to p99.9
// stand in the run's rows. Snapshots go in pieces behind the lanes of heartbeats and appends. One operation is one
// message; the clock chooses a period of twice the pace, so the connection is busy about half of the time.
//
// compat: snapshots are whole messages, and heartbeats wait behind them: lanes alone do not change that.
#pragma once
#include <memory>

#include "scenarios/raft/workloads/mix.h"

namespace copycost::raft::workloads {

struct mix_latency : workload_defaults {
  static constexpr workload_traits traits{.name = "mix_latency",
                                          .about = "one message of the mix at its time; heartbeats' round trips",
                                          .cls = workload_class::hand_over,
                                          .payload = payload_use::framed,
                                          .ops = op_kind::differ,
                                          .with = beside::kernel,
                                          .unit = "message"};
  template <class D>
  static constexpr bool offered = !D::traits.codec_only;
  static constexpr std::size_t kWaiting = 32 * kMiB;

  template <class D>
  static std::vector<params> points_of(profile p) {
    return mix::points_of<D>(p);
  }
  static shape shape_of(const params&) { return {.threads = 2, .start = op_start::intended}; }
  static std::uint64_t audit_ops(const params&) { return 4 * mix_traffic::kMessages; }
  static double copied_cap(const params& at) { return mix::copied_cap(at) / mix_traffic::kMessages; }
  static double kernel_bytes(const params& at) { return mix::kernel_bytes(at) / mix_traffic::kMessages; }
  // It asks while it waits.
  static double syscalls(const params& at) { return 1000 * mix::syscalls(at) / mix_traffic::kMessages; }

  static std::uint64_t expected(const params&, std::uint16_t epoch, std::uint64_t n) { return mix_results(epoch, n); }

  template <class D>
  class episode_of final : public mix_episode<D> {
   public:
    explicit episode_of(const params& at) : mix_episode<D>(at, {}, 1, kWaiting, true) {}

   private:
    static std::uint64_t payload_of(const message_view& m) {
      return m.context.size() + m.snapshot.data.size() + entry_bytes(m);
    }

    void lead(window& w, std::uint64_t n) override {
      beat_ = 0;
      w.open();
      const std::int64_t start = w.due(0);
      std::int64_t period = 0;
      for (std::uint64_t i = 0; i < n; ++i) {
        if (i == 1) period = w.due(1) - start;
        for (const std::int64_t intended = start + static_cast<std::int64_t>(i) * period; now_ns() < intended;) turn(w);
        (void)w.due(i);
        while (!this->ends_->leader->offer(done_ + i)) turn(w);
        turn(w);
      }
      while (!this->ends_->leader->is_done() || answered_ != beats(done_ + n)) {
        this->ends_->lead(w);
        record(w);
      }
      this->ends_->wait_for(done_ + n);
      w.close();
      std::uint64_t bytes = 0;
      for (const std::uint64_t end = done_ + n; done_ < end; ++done_) bytes += payload_of((*this->traffic_)[done_]);
      this->also({0, bytes});
      this->did(n);
    }
    void turn(window& w) {
      this->ends_->leader->turn();
      record(w);
    }
    // Heartbeats are answered in order: the next one that was sent is the one that was answered.
    void record(window& w) {
      for (; answered_ != this->ends_->leader->answered(); ++answered_, ++beat_) {
        while (!this->traffic_->is_heartbeat(done_ + beat_)) ++beat_;
        w.done(beat_);
      }
    }
    // Heartbeats among the first so many messages.
    std::uint64_t beats(std::uint64_t messages) const {
      std::uint64_t n = messages / mix_traffic::kMessages * mix_traffic::kHeartbeats;
      for (std::uint64_t i = 0; i < messages % mix_traffic::kMessages; ++i)
        n += this->traffic_->is_heartbeat(i) ? 1u : 0u;
      return n;
    }

    std::uint64_t done_ = 0, answered_ = 0;
    std::uint64_t beat_ = 0;  // number in the batch, from where the next answered heartbeat is looked for
  };
};

}  // namespace copycost::raft::workloads
