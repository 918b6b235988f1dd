// SPDX-License-Identifier: Apache-2.0
//
// What can go wrong between members of a raft group, the same in every design.
//
// Threads: a value.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace copycost::raft {

enum class errc : std::uint8_t {
  // Frames. `at` is the offset in the stream of bytes, counted from its beginning.
  header_too_large,     // got: declared bytes; expected: the limit
  header_malformed,     // got: the byte that cannot be there
  unknown_type,         // got: type of a frame, or of a message, or the first byte of an append stream's unit
  payload_too_large,    // got: declared bytes; expected: the limit
  truncated,            // the stream ended inside of a unit; expected: its bytes as far as known; got: those that came
  clean_eof,            // the stream ended between two units
  checksum_mismatch,    // expected: what the frame says; got: what its bytes say
  bad_magic,            // got: the first two bytes
  unsupported_version,  // got: the version; expected: the latest that is understood
  unknown_flags,        // got: the flags
  too_many_entries,     // got: declared or seen; expected: the limit
  // Messages. `at` as above, of the field's first byte.
  too_many_unknown_fields,  // got: seen; expected: the limit
  malformed_message,        // got: field number, 0 where not even that can be read
  wrong_wire_type,          // got: wire type; expected: that of the field
  // Streams of pieces.
  stream_out_of_order,  // expected, got: offset in the stream
  unknown_stream,       // got: its number
  too_many_streams,     // expected: the limit
  // Between peers.
  timed_out,           // got: which operation (connection.h)
  backpressure,        // got: bytes or messages that wait; expected: the limit
  closed,              // the peer or the connection is gone
  unknown_method,      // a request for a service or method that is not there
  peer_mismatch,       // expected: the peer's number; got: the one in the message
  duplicate_request,   // a request with an id that is outstanding
  too_many_requests,   // expected: the limit
  malformed_envelope,  // at: byte in the payload
  not_in_the_form,     // a message that this wire format cannot carry; got: field number
  out_of_memory,       // got: bytes asked for
  io_failed,           // got: errno
};

struct error {
  errc code{};
  std::uint64_t at = 0, expected = 0, got = 0;
  friend bool operator==(const error&, const error&) = default;
};

// "payload_too_large: at byte 13: 104857600 bytes declared, limit 16777216"; one line, no final period.
std::string to_string(const error&);
// Of the machine, not of the design: no memory, and what the operating system refuses. What it could not do is not
// wrong.
inline bool of_machine(const error& e) { return e.code == errc::out_of_memory || e.code == errc::io_failed; }
// VALID UNTIL: the program ends.
std::string_view to_string(errc);

template <class T>
using result = copycost::result<T, error>;

}  // namespace copycost::raft
