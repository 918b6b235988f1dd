// SPDX-License-Identifier: Apache-2.0
//
// Heartbeats of one connection: when the next one is due, how long answers take, and when too many are missing.
//
// Lifetime: owns what it holds.
// Threads: one at a time; the clock is the caller's.
// Cost: a look through the few that wait for an answer.
// Source: the smoothed round trip as in RFC 6298 (alpha 1/8).
#pragma once
#include <array>
#include <cstdint>

#include "scenarios/raft/wire/frame.h"

namespace copycost::raft {

struct round_trips {
  std::uint64_t count = 0;
  std::int64_t last_ns = 0, min_ns = 0, max_ns = 0, smoothed_ns = 0;
  void add(std::int64_t ns);
};

class liveness {
 public:
  // every_ns 0: heartbeats are sent only when a caller asks.
  liveness(std::int64_t every_ns, unsigned missed_limit, std::int64_t now_ns)
      : every_ns_(every_ns), missed_limit_(missed_limit), next_ns_(now_ns) {}

  bool is_due(std::int64_t now_ns) const { return every_ns_ > 0 && now_ns >= next_ns_; }
  std::int64_t next_deadline() const { return every_ns_ > 0 ? next_ns_ : INT64_MAX; }
  // One goes out now: its id. If the one before has had no answer, that is a miss.
  request_id send(std::int64_t now_ns);
  // One goes out that is not answered.
  void send_unanswered(std::int64_t now_ns) { next_ns_ = now_ns + every_ns_; }
  // An answer came. False: to nothing that waits (answered twice, or given up).
  bool answered(const request_id& id, std::int64_t now_ns);

  bool is_alive() const { return missed_in_row_ < missed_limit_; }
  std::uint64_t sent() const { return sent_; }
  std::uint64_t missed() const { return missed_; }
  const round_trips& times() const { return times_; }  // VALID UNTIL: this is destroyed

 private:
  static constexpr std::size_t kWaiting = 64;  // older ones are given up
  struct waiting {
    std::uint64_t number = 0;  // 0: none
    std::int64_t sent_ns = 0;
  };
  std::int64_t every_ns_;
  unsigned missed_limit_;
  std::int64_t next_ns_;
  std::uint64_t sent_ = 0, missed_ = 0, missed_in_row_ = 0;
  bool latest_waits_ = false;
  std::array<waiting, kWaiting> waiting_{};
  round_trips times_;
};

}  // namespace copycost::raft
