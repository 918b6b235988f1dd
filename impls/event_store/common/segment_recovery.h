// SPDX-License-Identifier: Apache-2.0
//
// What a durable store finds in its directory: which files are there, the records in them, and, where a record is not
// whole, whether a crash or damage is the cause.
//
//   last file  [header|e 7|e 8|e 9|??????|e 11, behind 2|...     11 was written when 9 was known to be on the disk and
//                              ^ 10 may be missing: a hole       10 was not: cut here. Had 11 said `behind 0`, event 10
//                                                                would have been on the disk: damage
//
// A batch is found as a whole or not at all: where one of its records is not whole, the log ends in front of its first.
//
// Records are read straight into the memory that they stay in.
//
// Lifetime: borrows everything.
// Threads: one.
// Cost: a read for each piece of memory, two checksums a record.
#pragma once
#include <string>
#include <vector>

#include "impls/event_store/common/durable_file.h"

namespace copycost::event_store {

// What recovery found beside the events.
struct recovery {
  sequence end = 0;              // the number of the next event
  std::uint64_t cut_bytes = 0;   // of a torn tail
  sequence cut_before = kStart;  // the first sequence that was cut; kStart: none
  ulid last_id{};                // of the event in front of `end`; zero: there was none
};

// Takes the records that recovery finds.
class recovery_sink {
 public:
  // Called once, in front of everything else: the first event will have this number.
  virtual void start(sequence first) = 0;
  // Room at the end of the memory for a record of `size` padded bytes or more. VALID UNTIL: it is asked for again.
  // Errors: size_exceeded, store_full.
  virtual result<std::span<std::byte>> room(std::size_t size) = 0;
  // The record of `bytes` padded bytes at the front of that room stays. False: ask for room again, and read it again.
  // It may be seen when the last record of its append was taken (event_view::more()).
  virtual bool take(std::size_t bytes) = 0;
  // What was taken from `end` on, of an append that has no end, is not there.
  virtual void give_back(sequence end) = 0;

 protected:
  ~recovery_sink() = default;
};

// The names in a directory that mean something.
struct directory_content {
  std::vector<sequence> firsts;  // of the segment files, rising
  bool has_mark = false;
};
// Removes files that were being made. Errors: io_failed.
result<directory_content> look_into(disk& on, const std::string& dir);

// Where reading a file came to its end.
struct reading {
  std::uint64_t at = 0, size = 0;  // of the file; behind the last whole append; at == size: it ends there
  sequence next = 0;               // the event that begins here, or would
  ulid last_id{};                  // of the one in front
  std::uint64_t torn_at = 0;       // the first record that is not whole: here, or later in the same append
  sequence torn = 0;               // its number
};
// Reads the file that begins with `first` and gives its events from `from` on to the sink. Errors: io_failed, those of
// decode_header() and of the sink.
result<reading> read_segment(disk_file& file, sequence first, sequence from, recovery_sink& sink);

// Whether something behind the place where reading stopped says that the event there was on the disk once: then it was
// damaged. Otherwise it is a write that a crash cut short. Errors: io_failed.
result<bool> was_on_disk(disk_file& file, const reading& stopped);

}  // namespace copycost::event_store
