// SPDX-License-Identifier: Apache-2.0
//
// Limits that both sides of a connection keep: the writer refuses what it must not send, the reader what it must not
// accept. A length that a peer claims is compared with these before anything else, and memory follows the bytes that
// have arrived, never the claim (kFirstRoom, kRoomFactor).
//
// Threads: a value.
#pragma once
#include <cstddef>
#include <cstdint>

namespace copycost::raft {

inline constexpr std::size_t kKiB = 1024, kMiB = 1024 * 1024;

struct wire_limits {
  std::size_t header = 256;           // bytes of a compatible frame's header
  std::size_t payload = 16 * kMiB;    // bytes of one message; larger ones go as a stream of pieces
  std::size_t streamed = 0xFFFFFFFF;  // bytes of one frame that goes to a sink piece by piece
  std::size_t entries = 1u << 20;     // of one message
  std::size_t unknown_fields = 4096;  // of one message, those of its entries and snapshot included
  std::size_t in_flight = 64 * kMiB;  // bytes that wait to be written on one connection
  std::size_t streams = 8;            // of pieces, at a time, each way
  std::size_t requests = 4096;        // outstanding
  std::size_t lane = 4096;            // messages that wait in one lane
  friend bool operator==(const wire_limits&, const wire_limits&) = default;
};

// Room for a unit: so many bytes at first, and when it is full, so many times what has arrived, up to what the unit
// needs. A hostile peer pays a byte for every 17 that it makes us ask the allocator for, and for every one that is
// touched; growing copies at most an eighth of the unit and one read, where doubling would copy all of it. With 16, a
// payload of a power of two, whose unit is a head larger, would miss the room for all of it by a hair, and have two of
// them at a time. The first room is 64 KiB with the head that a counted block has.
inline constexpr std::size_t kFirstRoom = 64 * kKiB - 64, kRoomFactor = 17;
// Room that an idle connection keeps; more is given back when it is empty.
inline constexpr std::size_t kKeptRoom = kMiB;

}  // namespace copycost::raft
