// SPDX-License-Identifier: Apache-2.0
//
// How records lie in a piece of memory: from the front, and their places from the back.
//
//   [record|record|record| ......free...... |place 2|place 1|place 0]      a place is 4 bytes, in units of 8
//
// Lifetime: borrows the memory.
// Threads: one writer; readers of what was published.
// Cost: nothing is kept but what lies there.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "scenarios/event_store/record/record.h"

namespace copycost::event_store {

struct segment_layout {
  std::byte* base = nullptr;
  std::size_t capacity = 0;  // a multiple of 8

  std::uint32_t& place(std::uint64_t i) const {
    return reinterpret_cast<std::uint32_t*>(base + capacity)[-1 - static_cast<std::ptrdiff_t>(i)];
  }
  // VALID UNTIL: the memory is
  const std::byte* record(std::uint64_t i) const { return base + std::size_t{8} * place(i); }
};

// The end of the log: where the next record goes.
struct segment_tail {
  segment_layout in;
  std::size_t used = 0;      // bytes of records
  std::uint64_t events = 0;  // and their number

  bool fits(std::size_t bytes) const { return used + bytes + 4 * (events + 1) <= in.capacity; }
  // Where records go, without the places that they will need: what is read into it stays whole while they are taken.
  // VALID UNTIL: the memory is.
  std::span<std::byte> space() const {
    const std::size_t taken = used + 4 * (events + 1);
    if (taken >= in.capacity) return {};
    return {in.base + used, (in.capacity - taken) / (kRecordHeader + 4) * kRecordHeader};
  }
  void stage(std::size_t bytes) {
    in.place(events++) = static_cast<std::uint32_t>(used / 8);
    used += bytes;
  }
};

}  // namespace copycost::event_store
