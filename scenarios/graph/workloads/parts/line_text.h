// SPDX-License-Identifier: Apache-2.0
//
// Texts whose lines become items: made ones, and the real input.
//
//   [first line\n][second line\n] ... [last line, maybe without an end]
//
// Lifetime: a made text is the caller's; the real input's lives until the input is set again.
// Threads: safe; pure functions.
// Cost: one pass.
#pragma once
#include <algorithm>
#include <string>

#include "harness/base/input/input.h"
#include "harness/base/rng.h"
#include "harness/ledger/witness/pattern.h"
#include "scenarios/common/bytes.h"
#include "scenarios/graph/contract.h"

namespace copycost::graph::workloads {

// `size` bytes of lines of 40 to 400 bytes, which the witnesses recognise. The epoch chooses what they say, not where
// they end. The last line has no end.
inline std::string make_line_text(std::uint16_t epoch, std::size_t size) {
  constexpr std::uint64_t kSeed = 0x11E5, kShortest = 40, kLongest = 400;
  std::string text;
  text.reserve(size);
  rng random(kSeed);
  for (std::uint64_t cells = 0; text.size() < size;) {
    const std::size_t end = text.size() + static_cast<std::size_t>(random.between(kShortest, kLongest));
    for (char cell[pattern::kCellBytes]; text.size() + sizeof cell < std::min(end, size);) {
      pattern::text_cell(cell, epoch, cells++);
      text.append(cell, sizeof cell);
    }
    text.resize(std::min(end, size), '.');
    if (end < size) text.back() = '\n';
  }
  return text;
}

// Calls line(begin, size) for each line; its end belongs to it.
template <class Line>
void each_line(bytes_view text, Line line) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(find_byte(text, '\n', begin) + 1, text.size());
    line(begin, end - begin);
    begin = end;
  }
}

// Real input is offered when it has at least one byte and is no larger than an item may be.
inline bool has_input() {
  const input_file* const in = current_input("graph");
  return in != nullptr && !in->bytes.empty() && in->bytes.size() <= kItemMax;
}
// REQUIRES: has_input(). VALID UNTIL: the input is set again.
inline bytes_view input_text() { return current_input("graph")->bytes; }

}  // namespace copycost::graph::workloads
