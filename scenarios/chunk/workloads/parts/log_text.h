// SPDX-License-Identifier: Apache-2.0
//
// Generated log text: lines of 40 to 400 bytes, 5 % of it multi-byte UTF-8, the rest cells of the signature pattern, so
// that the witnesses recognise a copy of it. The last line is not terminated.
//
// Lifetime: owns its text.
// Threads: safe; pure functions.
// Cost: one pass.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace copycost::chunk {

struct log_text {
  std::string text;
  // Where each piece of at most the wanted size ends, the last at text.size(). Wherever it can be, a cut lies inside a
  // character.
  std::vector<std::size_t> cuts;
};

// `size` bytes of text. The epoch chooses the content of the cells only: lines and cuts lie at the same places for
// every epoch. REQUIRES: piece_bytes > 0.
log_text make_log_text(std::uint16_t epoch, std::size_t size, std::size_t piece_bytes);

}  // namespace copycost::chunk
