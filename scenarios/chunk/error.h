// SPDX-License-Identifier: Apache-2.0
//
// What can go wrong with a chunk, the same in every design.
//
// Threads: a value.
#pragma once
#include <cstdint>
#include <string>

#include "harness/base/result.h"

namespace copycost::chunk {

enum class errc : std::uint8_t {
  out_of_range,         // at: the position asked for; expected: the size there is
  offset_overflow,      // at: the offset; got: the length that does not fit behind it
  invalid_utf8,         // at: the length of the valid prefix
  stream_mismatch,      // expected, got: stream ids
  gap,                  // expected, got: offsets
  overlap,              // expected, got: offsets
  truncated_input,      // at: bytes there are; expected: bytes needed (at least)
  bad_checksum,         // expected, got: CRC32C
  bad_magic,            // got: the byte
  unsupported_version,  // got: the version
  bad_stream_name,      // at: position; the name is empty, too long or not UTF-8
  too_large,            // expected: the limit; got: the size asked for
  out_of_memory,        // got: the size asked for
  arena_exhausted,      // expected: bytes left; got: the size asked for
  not_unique,           // got: the number of owners
  expired,              // the memory behind a view was reset
};

struct error {
  errc code{};
  std::uint64_t at = 0, expected = 0, got = 0;
  friend bool operator==(const error&, const error&) = default;
};

// "gap: expected offset 100, got 120"; one line, no final period.
std::string to_string(const error&);
// Of the machine, not of the design: no memory. What it could not do is not wrong.
inline bool of_machine(const error& e) { return e.code == errc::out_of_memory; }
// VALID UNTIL: the program ends.
std::string_view to_string(errc);

template <class T>
using result = copycost::result<T, error>;

}  // namespace copycost::chunk
