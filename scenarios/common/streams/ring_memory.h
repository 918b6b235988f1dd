// SPDX-License-Identifier: Apache-2.0
//
// Two byte rings, one a direction, as they lie in memory that both ends see.
//
//   page 0     ring_memory: way[0], way[1] (tail: written so far; head: read so far), side[0], side[1] (who sleeps)
//   then       bytes of way 0 (side 0 writes, side 1 reads), bytes of way 1
//   index      only grows; byte i lies at i % capacity; tail - head <= capacity
//
// All zero is a pair of empty rings. Every word that the other end writes is checked before it is believed: an index
// that cannot be is an error of the stream, never an access outside of the memory.
//
// Lifetime: the memory's.
// Threads: safe; words are atomic, and one side writes each.
// Cost: see ring_stream.h.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace copycost {

struct ring_memory_way {
  alignas(64) std::atomic<std::uint64_t> tail;  // the writer's
  std::atomic<std::uint32_t> writer_done;
  alignas(64) std::atomic<std::uint64_t> head;  // the reader's
  std::atomic<std::uint32_t> reader_done;
};
struct ring_memory_side {
  alignas(64) std::atomic<std::uint32_t> bell;  // changes when the sleeper should look
  std::atomic<std::uint32_t> sleeps;
  std::atomic<std::uint32_t> joined;  // holds its lock since then; gone when the lock is
};
struct byte_rings {
  static constexpr std::size_t kBytes = 4096;  // in front of the rings' bytes
  ring_memory_way way[2];
  ring_memory_side side[2];
};
static_assert(sizeof(byte_rings) <= byte_rings::kBytes);
static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<std::uint32_t>::is_always_lock_free);

inline constexpr std::size_t kRingBytes = std::size_t{256}
                                          << 10;  // of each direction, unless the caller asks otherwise
constexpr std::size_t ring_segment_bytes(std::size_t capacity) { return byte_rings::kBytes + 2 * capacity; }

}  // namespace copycost
