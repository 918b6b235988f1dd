// SPDX-License-Identifier: Apache-2.0
//
// How a store is opened, and what it says of itself.
//
// Threads: a value.
#pragma once
#include <cstdint>
#include <string>

#include "scenarios/event_store/record/record.h"

namespace copycost {
class disk;  // scenarios/common/disk/disk.h: where files are; the machine's own unless a test puts another in its place
}

namespace copycost::event_store {

// When what was written must be on the disk. An append under `each` is on the disk when it returns; one under the
// others when a later sync() returns, or when as much time or as many events have passed.
enum class sync_policy : std::uint8_t { each, interval, batch };

// Milliseconds since 1970, of the coarse clock.
std::uint64_t wall_clock_ms();

struct store_options {
  sequence first = 0;                                    // number of the first event of a new store
  std::size_t segment_bytes = std::size_t{2} << 20;      // memory is taken in pieces of up to this many; 4 KiB or more
  std::size_t event_bytes_max = std::size_t{256} << 10;  // of a record; at most a quarter of segment_bytes
  std::size_t memory_bytes_max = std::size_t{16} << 30;  // address space reserved by designs that reserve
  std::uint64_t seed = 1;                                // of the ids
  std::uint64_t (*now_ms)() = &wall_clock_ms;            // of the ids

  // Retention: after an append the oldest events go until no more than this is left. 0: they stay.
  std::uint64_t events_max = 0;
  std::uint64_t bytes_max = 0;  // padded records; the latest event stays

  // Durable designs only.
  std::string dir;  // empty: memory only
  sync_policy sync = sync_policy::each;
  std::uint32_t interval_ms = 100;    // of `interval`
  std::uint64_t batch_events = 1024;  // of `batch`
  std::size_t file_bytes = std::size_t{64} << 20;
  disk* files = nullptr;  // null: the machine's

  // Shared memory only: a descriptor to work in; -1: a new one.
  int memory_fd = -1;
};
// Errors: bad_options.
result<void> check_options(const store_options& o);

struct store_stats {
  std::uint64_t events = 0;      // that are there
  std::uint64_t bytes = 0;       // of their padded records
  std::uint64_t held_bytes = 0;  // memory that the store itself keeps for them, index included
  std::uint64_t syncs = 0;       // calls of fdatasync by appends and sync()
  std::uint64_t files = 0;       // segment files
  std::uint64_t cut_bytes = 0;   // of a torn tail, when the store was opened
  sequence cut_before = kStart;  // the first sequence that was cut; kStart: none
};

// What an append answers.
struct appended {
  sequence first = 0, last = 0;
  ulid id;  // of the last one
};

}  // namespace copycost::event_store
