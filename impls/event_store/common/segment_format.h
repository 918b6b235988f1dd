// SPDX-License-Identifier: Apache-2.0
//
// The bytes of a durable store's files that are not records, and the names of the files. README.md has them as tables.
//
//   00000000000000000123.events   [header 64][record|record|record ...]   events from number 123 on
//   first                         [mark ... 4096][mark]                   the first event that is there, twice
//
// Threads: safe; pure functions.
// Cost: a checksum of some bytes.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "scenarios/event_store/record/record.h"

namespace copycost::event_store {

inline constexpr std::uint32_t kFormatVersion = 1;
inline constexpr std::size_t kFileHeader = 64, kMark = 24;
// The two marks are so far apart that a write of one cannot tear the other.
inline constexpr std::size_t kMarkPlaces[] = {0, 4096};

// What stands in front of the records of a file.
struct file_header {
  sequence first = 0;            // of the first record
  std::uint64_t created_ms = 0;  // since 1970; for people
  ulid before;                   // the id of the event in front of the first one; zero: there was none
  friend bool operator==(const file_header&, const file_header&) = default;
};
std::array<std::byte, kFileHeader> encode(const file_header& h);
// `bytes`: the front of the file, as far as it goes. Errors: foreign_file, unsupported_version, corrupt_record (with
// `first`, which the file's name says, and the offset of what is wrong).
result<file_header> decode_header(bytes_view bytes, sequence first);

// Where the log begins, which is not always where a file does.
std::array<std::byte, kMark> encode_mark(sequence first);
// Errors: as decode_header().
result<sequence> decode_mark(bytes_view bytes);

// "00000000000000000123.events": in the order of their names, files are in the order of their events.
std::string file_name(sequence first);
// Nothing for another name.
std::optional<sequence> first_of(std::string_view file_name);
inline constexpr std::string_view kMarkName = "first";
// A file that is being made has this at the end of its name. What is found under it was never used.
inline constexpr std::string_view kUnfinished = ".new";

}  // namespace copycost::event_store
