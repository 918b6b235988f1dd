// SPDX-License-Identifier: Apache-2.0
//
// Base64 of RFC 4648, section 4, with padding: strict, so that there is one text for some bytes.
//
// Threads: safe; pure functions.
// Cost: some operations for each three bytes; no allocation.
// Source: RFC 4648.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "scenarios/common/bytes.h"

namespace copycost::graph::base64 {

constexpr std::size_t encoded_size(std::size_t bytes) { return (bytes + 2) / 3 * 4; }
// Appends the text.
void encode(bytes_view bytes, std::string& to);

// How many bytes a text of that length has at most.
constexpr std::size_t decoded_max(std::size_t characters) { return characters / 4 * 3; }
// What went wrong, or how many bytes were written.
struct decoded {
  std::size_t size = 0;
  std::optional<std::size_t> wrong_at;  // the first character that cannot stand there; the text's size: it ends early
};
// REQUIRES: `to` has decoded_max(text.size()) bytes; it may be what the text lies in.
decoded decode(std::string_view text, std::byte* to);

}  // namespace copycost::graph::base64
