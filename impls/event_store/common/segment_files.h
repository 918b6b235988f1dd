// SPDX-License-Identifier: Apache-2.0
//
// The files of a durable store: written, synced, found again after a crash. To be completed.
#pragma once
#include <memory>
#include <span>

#include "scenarios/event_store/contract.h"
#include "scenarios/event_store/disk.h"

namespace copycost::event_store {

// What recovery found beside the events.
struct recovery {
  sequence end = 0;            // the number of the next event
  std::uint64_t cut_bytes = 0;  // of a torn tail
  sequence cut_before = kStart;  // the first sequence that was cut; kStart: none
  ulid last_id{};
};

// Who takes the records that recovery finds.
class recovery_sink {
 public:
  // Room at the end of the memory for a record of `size` padded bytes or more. Errors: size_exceeded, store_full.
  virtual result<std::span<std::byte>> room(std::size_t size) = 0;
  // The record of `bytes` padded bytes at the front of that room stays. False: ask for room again, and read it again.
  virtual bool take(std::size_t bytes) = 0;

 protected:
  ~recovery_sink() = default;
};

class segment_files {
 public:
  static result<std::unique_ptr<segment_files>> open(const store_options& o, recovery_sink& sink, recovery& found);
  result<void> write(std::span<const bytes_view> pieces, sequence first, std::size_t events);
  result<void> sync();
  result<void> keep_from(sequence before);
  bool has_file_before(sequence first) const;
  std::uint64_t files() const;
  std::uint64_t syncs() const;
};

}  // namespace copycost::event_store
