// SPDX-License-Identifier: Apache-2.0
//
// What one connection between two members is asked to keep, and what it counts.
//
// Threads: a value.
#pragma once
#include <array>
#include <bit>
#include <string_view>

#include "scenarios/raft/contract.h"

namespace copycost::raft {

// Lanes go out in this order; within a lane the order is that of sending.
enum class lane : std::uint8_t { control, append, snapshot };
inline constexpr std::size_t kLanes = 3;
constexpr lane lane_of(message_type t) {
  switch (t) {
    case message_type::append:
    case message_type::propose:
      return lane::append;
    case message_type::snapshot:
      return lane::snapshot;
    default:
      return lane::control;
  }
}

// What can take too long: `got` of errc::timed_out.
enum class operation : std::uint8_t { connect, read_frame, write, request, heartbeat, snapshot_send, snapshot_receive };
inline constexpr std::size_t kOperations = 7;
// "connect", "read_frame", ... VALID UNTIL: the program ends.
std::string_view name_of(operation);
constexpr error timed_out(operation o) { return {errc::timed_out, 0, 0, static_cast<std::uint64_t>(o)}; }

struct connection_options {
  wire_format format = wire_format::native;
  wire_limits limit;
  std::uint64_t self = 0, peer = 0;
  bool bound = false;          // a message whose `from` is not `peer` ends the connection: peer_mismatch
  std::size_t copy_below = 0;  // of the encoder
  std::size_t stream_above = ~std::size_t{0};  // payloads larger than that go to the handler in pieces, as they arrive
  std::int64_t heartbeat_every_ns = 0;         // 0: only when a caller asks
  unsigned missed_limit = 3;                   // so many heartbeats in a row without an answer: unreachable
  // A frame, a write, a snapshot must be done within its time and a second for every `min_bytes_per_s` that were moved.
  std::int64_t frame_timeout_ns = 5'000'000'000, write_timeout_ns = 5'000'000'000, snapshot_timeout_ns = 10'000'000'000;
  std::uint64_t min_bytes_per_s = 64 * kKiB;
  std::size_t piece = 64 * kKiB;    // of a snapshot
  std::size_t window = 256 * kKiB;  // bytes of one snapshot that were sent and not acknowledged
  std::size_t batch = 256 * kKiB;   // bytes gathered into one write, as far as whole frames allow
  std::size_t turn = kMiB;          // bytes read, and written, by one pump()
};
// The time by which an operation that began at `began_ns` and has moved `bytes` must have ended.
constexpr std::int64_t time_until(std::int64_t began_ns, std::int64_t timeout_ns, std::uint64_t bytes,
                                  std::uint64_t rate) {
  const double more = static_cast<double>(bytes) * 1e9 / static_cast<double>(rate);
  return began_ns + timeout_ns + static_cast<std::int64_t>(more);
}

inline constexpr std::size_t kSizeBuckets = 34;
// Bucket 0: empty; bucket b: sizes of 2^(b-1) to 2^b - 1.
constexpr std::size_t size_bucket(std::uint64_t n) {
  return std::min<std::size_t>(static_cast<std::size_t>(std::bit_width(n)), kSizeBuckets - 1);
}

struct traffic {
  std::array<std::uint64_t, kMessageTypes> messages{};  // by type
  std::array<std::uint64_t, kFrameTypes> frames{};      // by type; units of etcd's formats count as raft_message
  std::array<std::uint64_t, kSizeBuckets> sizes{};      // of payloads
  std::uint64_t units = 0, bytes = 0;
  std::uint64_t streams = 0, streamed_bytes = 0;  // snapshots, and large frames in pieces
};
struct connection_stats {
  traffic sent, received;
  // By lane: frames taken for sending; not taken, because the lane was full; taken, and not written to the end before
  // the connection (or the snapshot) ended. accepted = sent.units + lost + those that wait.
  std::array<std::uint64_t, kLanes> accepted{}, dropped{}, lost{};
  // Over limit.in_flight, or not encodable: the sender got an error.
  std::uint64_t refused = 0;
  std::uint64_t writes = 0;  // gather writes that moved something
  std::uint64_t requests = 0, requests_expired = 0, late_answers = 0, requests_answered = 0;
  std::uint64_t late_pieces = 0;            // of streams that had been given up
  std::uint64_t envelope_bytes_copied = 0;  // payload that was copied into envelopes and echoes
  std::uint64_t unreachable_reports = 0;
};

}  // namespace copycost::raft
