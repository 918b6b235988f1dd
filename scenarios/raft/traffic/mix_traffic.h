// SPDX-License-Identifier: Apache-2.0
//
// The mix of a leader's traffic, in rounds of 100 messages: 70 heartbeats with a context of 0 to 64 bytes, 25 appends
// of 1 to 64 entries of 256 bytes, 4 appends of one entry of 64 to 512 KiB, and a snapshot of 8 MiB. Sizes are spread
// evenly over their ranges, so every round costs the same; their order is drawn from a seed and is the same for every
// design.
//
// Lifetime: views of the payload, which outlives this.
// Threads: safe; immutable.
// Cost: set-up code.
#pragma once
#include <vector>

#include "scenarios/raft/wire/message.h"

namespace copycost::raft {

class mix_traffic {
 public:
  static constexpr std::size_t kMessages = 100, kHeartbeats = 70, kAppends = 25, kLarge = 4, kSnapshots = 1;
  static constexpr std::size_t kContext = 64, kEntry = 256, kEntries = 64, kSnapshotBytes = 8u << 20;
  static constexpr std::uint64_t kSeed = 4;

  // REQUIRES: payload.size() == kSnapshotBytes; all messages are pieces of it.
  explicit mix_traffic(bytes_view payload, std::uint64_t seed = kSeed);
  mix_traffic(const mix_traffic&) = delete;
  mix_traffic& operator=(const mix_traffic&) = delete;

  // Message `i` of the stream: the rounds repeat. VALID UNTIL: this is destroyed.
  const message_view& operator[](std::uint64_t i) const { return messages_[i % kMessages]; }
  bool is_heartbeat(std::uint64_t i) const { return (*this)[i].head.type == message_type::heartbeat; }
  bool is_snapshot(std::uint64_t i) const { return (*this)[i].head.type == message_type::snapshot; }
  // The snapshot without its data, as it is announced where the data goes in pieces. VALID UNTIL: as above.
  const message_view& opening() const { return opening_; }
  bytes_view snapshot() const { return payload_; }  // its data. VALID UNTIL: the payload is gone
  // Bytes that contexts, entries and the snapshot of one round carry.
  std::uint64_t payload_bytes() const { return payload_bytes_; }

 private:
  void add_appends(bytes_view payload, std::size_t count, std::size_t entries_max, std::size_t size_min,
                   std::size_t size_max);

  bytes_view payload_;
  std::vector<std::vector<entry_view>> entries_;
  std::vector<message_view> messages_;
  message_view opening_;
  std::uint64_t payload_bytes_ = 0;
};

}  // namespace copycost::raft
