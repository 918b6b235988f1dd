// SPDX-License-Identifier: Apache-2.0
//
// Private to the shm design: what lies where in the shared memory. Offsets and numbers only, no pointers.
//
//   0        header: magic, version, sizes | front: what readers load | rows' head and tail
//   64 KiB   pins: one line for each reader, the only part that readers may write
//   ...      rows: ring of [first sequence|place] of the segments that there are, oldest first
//            index areas, of which one is the present index
//            segments [records ......... places]
//
// All of it is zero at first, and memory is taken as it is touched.
//
// Threads: safe; atomics and constants.
#pragma once
#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "scenarios/event_store/contract.h"

namespace copycost::event_store {

struct shm_layout {
  static constexpr std::uint64_t kMagic = 0x3153545645434F43;  // "COCEVTS1" as it lies in memory
  static constexpr std::uint64_t kVersion = 1;
  static constexpr unsigned kReaders = 512;  // of all processes, at one time
  static constexpr unsigned kAreas = 4;      // of indexes: the present one, and those that old snapshots look into
  static constexpr std::uint64_t kPage = std::uint64_t{64} << 10;  // no machine has larger pages
  static constexpr std::uint64_t kHuge = std::uint64_t{2} << 20;
  static constexpr std::uint64_t kIndexMax = std::uint64_t{32} << 30;  // what 32-bit places of 8 bytes reach

  std::uint64_t segment_bytes, segments, index_bytes;  // what the others follow from
  std::uint64_t pins, pins_bytes, rows, rows_mask, areas, data, bytes;

  static constexpr std::uint64_t up(std::uint64_t n, std::uint64_t to) { return (n + to - 1) / to * to; }
  static constexpr shm_layout of(std::uint64_t segment_bytes, std::uint64_t segments, std::uint64_t index_bytes);
  static constexpr shm_layout of(const store_options& o) {
    const std::uint64_t index = std::min(up(o.memory_bytes_max / 8, kPage), kIndexMax);
    return of(o.segment_bytes, std::min<std::uint64_t>(o.memory_bytes_max / o.segment_bytes, 1u << 31),
              std::max(index, std::uint64_t{1} << 20));
  }
  std::uint64_t area(std::uint64_t generation) const { return areas + generation % kAreas * index_bytes; }
  std::uint64_t segment(std::uint64_t place) const { return data + place * segment_bytes; }
};

// Written once, the magic last.
struct shm_header {
  std::atomic<std::uint64_t> magic, version, segment_bytes, segments, index_bytes, bytes;
  std::atomic<std::uint64_t> barriers;  // 1: writers send readers through a barrier before they look at the pins
};

// The log as it is now. A snapshot loads all of it; only the writer stores.
struct alignas(64) shm_front {
  std::atomic<sequence> first, end;
  // How often something was put aside that readers may still look at, and 1. What was put aside at t may be used anew
  // when no reader has pinned t or less.
  std::atomic<std::uint64_t> epoch;
  std::atomic<std::uint64_t> generation;  // of the index; its area follows from it
};

// Segment numbers are never used again; those from `head` to `tail` have a row each, and are not used for anything
// else.
struct alignas(64) shm_span {
  std::atomic<std::uint64_t> head, tail;
};

struct shm_row {
  std::atomic<sequence> first;       // of the segment
  std::atomic<std::uint64_t> place;  // of the segment, in segments
};

// One reader's. Two lines, because processors fetch lines in pairs.
struct alignas(128) shm_pin {
  std::atomic<std::uint64_t> epoch;  // 0: looks at nothing
  std::atomic<std::uint32_t> pid;    // for people; nothing is decided by it
};
struct alignas(128) shm_pins {
  std::atomic<std::uint64_t> used;  // no reader has ever had a pin from here on
  shm_pin pins[shm_layout::kReaders];
};

struct shm_top {
  shm_header header;
  shm_front front;
  shm_span span;
};
static_assert(sizeof(shm_header) <= 64 && sizeof(shm_top) == 192);

constexpr shm_layout shm_layout::of(std::uint64_t segment_bytes, std::uint64_t segments, std::uint64_t index_bytes) {
  shm_layout l{};
  l.segment_bytes = segment_bytes;
  l.segments = segments;
  l.index_bytes = index_bytes;
  l.pins = kPage;
  l.pins_bytes = up(sizeof(shm_pins), kPage);
  l.rows = l.pins + l.pins_bytes;
  const std::uint64_t rows = std::bit_ceil(segments);
  l.rows_mask = rows - 1;
  l.areas = up(l.rows + rows * sizeof(shm_row), kPage);
  l.data = up(l.areas + kAreas * index_bytes, segment_bytes >= kHuge ? kHuge : kPage);
  l.bytes = l.data + segments * segment_bytes;
  return l;
}

}  // namespace copycost::event_store
