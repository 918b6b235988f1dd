// SPDX-License-Identifier: Apache-2.0
//
// mix: a leader's traffic (mix_traffic.h: 70 % heartbeats, 25 % appends of 1-64 x 256 B, 4 % of 64-512 KiB, 1 %
// snapshots of 8 MiB) through a connection to a follower in a second thread, which decodes every message and reads
// every byte. As fast as it goes: the leader takes the next message when at most a megabyte waits. One operation is a
// round of 100 messages, so that every operation has the same work; items are messages.
//
// native: a snapshot goes in pieces behind the other lanes. compat: as one message, for a design that speaks nothing
// else.
#pragma once
#include <atomic>
#include <memory>

#include "scenarios/common/patience.h"
#include "scenarios/common/streams/pairs.h"
#include "scenarios/raft/workloads/parts/common.h"
#include "scenarios/raft/workloads/parts/mix_members.h"

namespace copycost::raft::workloads {

// What a follower's role has seen of so many messages, as a digest of both roles.
inline std::uint64_t mix_results(std::uint16_t epoch, std::uint64_t messages) {
  const auto payload = model_payload(epoch, mix_traffic::kSnapshotBytes);
  const mix_traffic traffic(payload);
  mix_digest seen;
  for (std::uint64_t i = 0; i < messages; ++i) seen.message(traffic[i]);
  digest follower;
  seen.add_to(follower);
  return results_of_roles({digest().value(), follower.value()});
}
// A connection of which each end has a thread.
template <class D>
struct mix_ends {
  // REQUIRES: the traffic outlives this.
  mix_ends(const params& at, const mix_traffic& traffic, window& w, std::size_t waiting, bool answers) {
    stream_pair ends = make_stream_pair(*stream_kind_named(at.text("by")));
    const wire_format format = *format_named(at.text("format"));
    leader = std::make_unique<mix_leader<D>>(leaders, std::move(ends.first), format, traffic, waiting);
    follower = std::make_unique<mix_follower<D>>(followers, std::move(ends.second), format,
                                                 w.watches() == watching::results, answers);
  }
  // The follower's part of a batch: until so many messages more have come.
  void follow(window& w, std::uint64_t messages) {
    const std::uint64_t target = follower->handled() + messages;
    w.open();
    while (follower->handled() != target || follower->link().wants_to_write()) {
      if (follower->turn()) continue;
      follower->link().wait(now_ns() + kNapNs);
      w.waiting();
    }
    handled.store(follower->handled(), std::memory_order_release);
    w.close();
    if (w.watches() == watching::results) follower->seen().add_to(w.seen());
  }
  // A turn of the leader, who waits for the stream if it has nothing to do.
  void lead(window& w) {
    if (leader->turn()) return;
    leader->link().wait(now_ns() + kNapNs);
    w.waiting();
  }
  // The leader waits until the follower has handled so many messages in all.
  void wait_for(std::uint64_t messages) const {
    for (patience wait("the following thread"); handled.load(std::memory_order_acquire) != messages;) wait.turn();
  }

  static constexpr std::int64_t kNapNs = 50'000'000;
  typename D::context leaders, followers;
  std::unique_ptr<mix_leader<D>> leader;
  std::unique_ptr<mix_follower<D>> follower;
  std::atomic<std::uint64_t> handled{0};
};

// Two roles, a leader and a follower, and the traffic between them.
template <class D>
class mix_episode : public counted_episode {
 public:
  void setup(window& w) override {
    traffic_ = std::make_unique<mix_traffic>(produced_payload(w, mix_traffic::kSnapshotBytes));
    ends_ = std::make_unique<mix_ends<D>>(at_, *traffic_, w, waiting_, answers_);
  }
  void run(window& w, unsigned role, std::uint64_t n) override try {
    role == 0 ? lead(w, n) : ends_->follow(w, n * messages_);
  } catch (...) {
    // The other thread must not wait for us.
    (role == 0 ? ends_->leader->link().close() : ends_->follower->link().close());
    throw;
  }

 protected:
  // `messages`: of an operation. At most `waiting` bytes wait to be written.
  mix_episode(const params& at, handled each, std::uint64_t messages, std::size_t waiting, bool answers)
      : counted_episode(each), at_(at), messages_(messages), waiting_(waiting), answers_(answers) {}
  // The leader's part of a batch.
  virtual void lead(window& w, std::uint64_t n) = 0;

  const params at_;
  const std::uint64_t messages_;
  const std::size_t waiting_;
  const bool answers_;
  std::unique_ptr<mix_traffic> traffic_;
  std::unique_ptr<mix_ends<D>> ends_;
};

struct mix : workload_defaults {
  static constexpr workload_traits traits{.name = "mix",
                                          .about = "100 messages of a leader's mix through a connection",
                                          .cls = workload_class::hand_over,
                                          .payload = payload_use::framed,
                                          .with = beside::kernel,
                                          .unit = "round"};
  template <class D>
  static constexpr bool offered = !D::traits.codec_only;
  static constexpr std::size_t kWaiting = kMiB;

  template <class D>
  static std::vector<params> points_of(profile p) {
    std::vector<params> out;
    const auto add = [&](const char* by, const char* format) {
      if (D::traits.speaks(*format_named(format))) out.push_back(params().set("by", by).set("format", format));
    };
    add("unix", "native");
    const bool opponent = !D::traits.zero_copy;  // in quick: `copy` beside `published`
    if (opponent || out.empty() || (p != profile::smoke && p != profile::quick)) add("unix", "compat");
    if (p == profile::smoke || p == profile::quick) return out;
    add("tcp", "native");
    add("tcp", "compat");
    return out;
  }
  static shape shape_of(const params&) { return {.threads = 2}; }
  static std::uint64_t audit_ops(const params&) { return 4; }
  // Payload of a round.
  static double round_bytes() {
    const std::vector<std::byte> payload(mix_traffic::kSnapshotBytes);
    return static_cast<double>(mix_traffic(payload).payload_bytes());
  }
  // The follower reads what has come, which the kernel has copied in and out.
  static limit_sum limit(const params&) {
    const auto bytes = static_cast<std::uint64_t>(round_bytes());
    return least_read_near(bytes) + least_copy_near(bytes);
  }
  // Small entries go beside the head; half a unit at the end of a receive block moves: at most half of what comes.
  static double copied_cap(const params&) { return round_bytes() / 2; }
  static double kernel_bytes(const params&) { return 2.5 * round_bytes(); }
  static double syscalls(const params&) { return 20 * mix_traffic::kMessages; }

  static std::uint64_t expected(const params&, std::uint16_t epoch, std::uint64_t n) {
    return mix_results(epoch, n * mix_traffic::kMessages);
  }

  template <class D>
  class episode_of final : public mix_episode<D> {
   public:
    explicit episode_of(const params& at)
        : mix_episode<D>(at, {mix_traffic::kMessages, static_cast<std::uint64_t>(round_bytes())},
                         mix_traffic::kMessages, kWaiting, false) {}

   private:
    void lead(window& w, std::uint64_t n) override {
      const std::uint64_t messages = n * mix_traffic::kMessages;
      mix_ends<D>& ends = *this->ends_;
      w.open();
      for (std::uint64_t i = 0; i < messages;) {
        const bool streams = this->traffic_->is_snapshot(i) && ends.leader->snapshots() != 0;
        if (!streams && ends.leader->offer(i))
          ++i;
        else
          ends.lead(w);
      }
      while (!ends.leader->is_done()) ends.lead(w);
      ends.wait_for(this->did() * mix_traffic::kMessages + messages);
      w.close();
      this->did(n);
    }
  };
};

}  // namespace copycost::raft::workloads
