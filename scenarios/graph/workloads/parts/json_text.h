// SPDX-License-Identifier: Apache-2.0
//
// JSON strings as a reader meets them: found in a text, and decoded where they have escapes; and texts to find them in.
//
//   ["plain","with \"\u00e9","plain"]
//    ^at 1   raw: what lies between the quotes; a plain one is what it says, the others are decoded
//
// Lifetime: places refer to the caller's text.
// Threads: safe; pure functions.
// Cost: a text is read eight bytes at a time; runs between escapes are copied whole.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/common/bytes.h"
#include "scenarios/graph/error.h"

namespace copycost::graph::workloads {

// Places in the text: behind the first quote, and of the last one.
struct json_string {
  std::size_t begin = 0, end = 0;
  bool has_escapes = false;
};
// The string whose first quote lies at `at`. What its escapes say is not looked at, nor whether it is UTF-8.
// Errors: bad_text, with the byte where no string is.
result<json_string> string_at(bytes_view text, std::size_t at);

// What the raw string says, as UTF-8, which is never longer. Answers how many bytes that are. REQUIRES: `to` is as
// large as `raw`. COPIES: what it answers. Errors: bad_text, with the byte of an escape that says nothing.
result<std::size_t> decode(bytes_view raw, std::span<std::byte> to);

// A text with an array of strings, and what they say. Of 100 of them so many have escapes: 8 of each 32 bytes, which
// say 3.
struct json_strings_text {
  std::string text;
  std::vector<std::string> strings;
};
inline constexpr std::size_t kEscapeEvery = 32, kEscapeBytes = 8, kEscapeSays = 3;
// REQUIRES: each size, of a string in the text, is a multiple of 32; at most 100 have escapes.
json_strings_text make_json_strings(std::uint16_t epoch, std::size_t strings, std::size_t size,
                                    std::uint64_t escaped_of_100);

}  // namespace copycost::graph::workloads
