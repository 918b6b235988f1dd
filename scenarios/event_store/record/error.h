// SPDX-License-Identifier: Apache-2.0
//
// What can go wrong with an event store, the same in every design.
//
// Threads: a value.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace copycost::event_store {

enum class errc : std::uint8_t {
  wrong_expected_version,  // seq: the last sequence there is; expected: the one that the caller expected
  checkpoint_not_found,    // seq: the checkpoint asked for; expected, got: the first and the last that there are
  entity_not_found,        // the store has never seen an event of that entity
  size_exceeded,           // got: bytes of the event; expected: the limit
  bad_name,                // got: length of an entity's, kind's or other name; expected: the limit. Also: no name
  empty_batch,             // an append of nothing
  store_full,              // got: bytes asked for; expected: the limit
  invalid_transition,      // seq: of the event; expected: the state before; got: the state asked for
  invalid_body,            // seq: of the event; at: byte in the payload
  lagged,                  // got: events that the subscriber has missed
  closed,                  // the subscription or the store is closed
  timed_out,               // nothing within the time given
  corrupt_record,          // seq: expected here; at: offset in the file
  torn_tail,               // seq: the first that is not whole; at: offset at which the file was cut
  foreign_file,            // at: offset; got: what stands there in place of the magic
  unsupported_version,     // got: the version; expected: the latest that is understood
  missing_segment,         // seq: the first that no file holds; expected: the next one that a file holds
  disk_full,               // the events were not appended; later appends may succeed
  sync_failed,             // sticky: what the disk holds is unknown, so the store refuses all later writes
  io_failed,               // got: errno
  locked,                  // another process writes to this store
  bad_options,             // got: which option, counted from 1 as they stand in store_options
  invalid_filter,          // it can fit nothing: it begins behind its end
};

struct error {
  errc code{};
  std::uint64_t seq = 0, at = 0, expected = 0, got = 0;
  friend bool operator==(const error&, const error&) = default;
};

// "corrupt_record: sequence 7 at offset 1024"; one line, no final period.
std::string to_string(const error&);
// Of the machine, not of the design: no room, and what the operating system refuses. What it could not do is not wrong.
inline bool of_machine(const error& e) {
  return e.code == errc::disk_full || e.code == errc::io_failed || e.code == errc::sync_failed;
}
// VALID UNTIL: the program ends.
std::string_view to_string(errc);

template <class T>
using result = copycost::result<T, error>;

}  // namespace copycost::event_store
