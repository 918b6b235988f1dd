// SPDX-License-Identifier: Apache-2.0
//
// What lies where in a segment with a slab on it. Offsets and numbers only: no pointer is ever stored in shared memory.
// Every process computes the same places, so finding a table needs nothing that a peer could write.
//
//   [slab_shared | rings | tenant's table | rows: one per block | counts: one table per process | .... data ....]
//
// The rows alone say what the data area holds: a row with an odd generation is a block in use, and all other memory is
// free. Free lists follow from them and can be made anew at any time (slab_repair.cc). A segment of zeros is an empty
// slab.
//
// Threads: safe; pure functions of the segment's size.
#pragma once
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "harness/base/check.h"
#include "impls/common/ring.h"
#include "impls/common/robust_lock.h"
#include "impls/common/shm_segment.h"

namespace copycost {

using block_id = std::uint32_t;

inline constexpr unsigned kSlabProcesses = 16;
inline constexpr unsigned kSlabRings = 8;
inline constexpr std::uint32_t kRingCapacity = 128;
inline constexpr std::uint64_t kGranule = 64;  // blocks begin at and are multiples of a cache line
inline constexpr unsigned kSizeClasses = 128;
inline constexpr block_id kNoBlock = 0xFFFFFFFFu;

// Size classes in granules: 1 2 3 4, then four to a doubling: 5 6 7 8, 10 12 14 16, 20 24 28 32, ... A block is at most
// a quarter larger than asked for (from 257 bytes on).
constexpr std::uint64_t class_granules(unsigned c) { return c < 4 ? c + 1 : std::uint64_t{5 + c % 4} << (c / 4 - 1); }
// The smallest class with room for `granules`. REQUIRES: 0 < granules < 2^33.
constexpr unsigned class_above(std::uint64_t granules) {
  COPYCOST_ASSERT(granules > 0 && granules < std::uint64_t{1} << 33);
  if (granules <= 4) return static_cast<unsigned>(granules) - 1;
  const unsigned shift = static_cast<unsigned>(std::bit_width(granules - 1)) - 3;
  const std::uint64_t quarter = (granules + (std::uint64_t{1} << shift) - 1) >> shift;  // 5 to 8
  return 4 * (shift + 1) + static_cast<unsigned>(quarter) - 5;
}
// The largest class that `granules` have room for.
constexpr unsigned class_below(std::uint64_t granules) {
  const unsigned c = class_above(granules);
  return class_granules(c) > granules ? c - 1 : c;
}

// One block: where it lies, and which processes hold it.
struct block_row {
  std::atomic<std::uint32_t> generation;  // odd: in use; one more at each allocation and each free
  std::atomic<std::uint32_t> holders;     // bit p: process p may have a count above zero
  std::atomic<std::uint64_t> offset;      // in the data area
  std::atomic<std::uint64_t> capacity;    // a multiple of kGranule; 0: this row stands for no memory
  std::atomic<std::uint64_t> requested;   // as asked for
  std::atomic<std::uint32_t> next;        // in a free list: id + 1, or 0
  std::uint32_t unused[7];
};
static_assert(sizeof(block_row) == 64);

// A block, or a part of one, on its way to another process.
struct block_message {
  block_id block = kNoBlock;     // kNoBlock: no memory goes with the message
  std::uint32_t generation = 0;  // of the block: an old message does not mean a new block
  std::uint64_t begin = 0;       // in the data area
  std::uint32_t size = 0;
  std::uint32_t tag = 0;     // the sender's and receiver's own
  std::uint64_t number = 0;  // the sender's and receiver's own
};

// The holder of an end of a ring: slot + 1; kEndNever before the first, kEndGone after the last. A sender that gave its
// end up while a receiver still takes its messages is slot + 1 with kEndLeft: gone, but the messages are in its counts.
inline constexpr std::uint32_t kEndNever = 0, kEndLeft = 1u << 31, kEndGone = 0xFFFFFFFFu;
struct slab_ring {
  ring_memory<block_message, kRingCapacity> queue;
  alignas(64) std::atomic<std::uint32_t> sender, receiver;
};

struct process_row {
  enum : std::uint32_t { kFree, kLive, kLeft };
  alignas(64) std::atomic<std::uint32_t> state;
  std::atomic<std::uint32_t> generation;  // one more each time that the slot is taken
  std::atomic<std::uint32_t> pid;         // for people; nothing is decided by it
};

struct slab_shared {
  std::byte header[shm_segment::kHeaderBytes];
  alignas(64) robust_lock lock;
  alignas(64) std::atomic<std::uint64_t> frontier;     // data before it has belonged to a block
  std::atomic<std::uint32_t> rows_made;                // rows before it have been used
  std::atomic<std::uint32_t> spare;                    // list of rows without memory
  std::atomic<std::uint32_t> corrupt;                  // not zero: nothing is allocated any more
  std::atomic<std::uint32_t> free_list[kSizeClasses];  // by class_below(capacity)
  process_row processes[kSlabProcesses];
};
static_assert(sizeof(slab_shared) <= 4096);

// Neighbouring blocks have their counts on different cache lines, so that threads which pass blocks on do not take
// turns on one line: ids 0..15 of each 256 lie on 16 lines. Its own inverse.
constexpr block_id spread(block_id id) { return (id & ~0xFFu) | (id & 15u) << 4 | (id >> 4 & 15u); }

struct slab_layout {
  std::uint64_t rings, tenant, tenant_bytes, rows, counts, counts_stride, data, data_bytes;
  std::uint32_t rows_max;

  static constexpr std::uint64_t page_up(std::uint64_t bytes) { return (bytes + 4095) & ~std::uint64_t{4095}; }
  // One row for every 512 bytes: smaller blocks than that run out of rows before memory.
  static constexpr slab_layout of(std::uint64_t bytes) {
    slab_layout l{};
    const std::uint64_t rows = bytes / 512 / 256 * 256;
    l.rows_max = static_cast<std::uint32_t>(rows < (1u << 31) ? rows : (1u << 31));
    l.rings = 4096;
    l.tenant = page_up(l.rings + kSlabRings * sizeof(slab_ring));
    l.tenant_bytes = bytes / 32 & ~std::uint64_t{4095};
    l.rows = l.tenant + l.tenant_bytes;
    l.counts = page_up(l.rows + l.rows_max * sizeof(block_row));
    l.counts_stride = page_up(l.rows_max * sizeof(std::uint32_t));
    l.data = l.counts + kSlabProcesses * l.counts_stride;
    l.data_bytes = (bytes - l.data) & ~(kGranule - 1);
    return l;
  }
};

}  // namespace copycost
