// SPDX-License-Identifier: Apache-2.0
#include "scenarios/chunk/workloads/parts/log_text.h"

#include <algorithm>
#include <string_view>

#include "harness/base/rng.h"
#include "harness/ledger/witness/pattern.h"

namespace copycost::chunk {
namespace {

constexpr std::uint64_t kSeed = 0x10C7E57;
constexpr std::size_t kLineMin = 40, kLineMax = 400, kForeignOneIn = 20;

// Eight bytes each, of characters of two, three and four bytes.
constexpr std::string_view kForeign[] = {"éüßñ", "日本é", "€ü語", "😀🚀", "ж😀ω", "ÅÆØø"};

bool is_inside_character(const std::string& text, std::size_t at) {
  return (static_cast<unsigned char>(text[at]) & 0xC0u) == 0x80u;
}

void append_line(std::string& text, std::size_t length, rng& random, std::uint16_t epoch, std::uint64_t& cell) {
  for (; length >= pattern::kCellBytes; length -= pattern::kCellBytes) {
    if (random.below(kForeignOneIn) == 0) {
      text += kForeign[random.below(std::size(kForeign))];
      continue;
    }
    char out[pattern::kCellBytes];
    pattern::text_cell(out, epoch, cell++);
    text.append(out, sizeof out);
  }
  text.append(length, '.');
}

}  // namespace

log_text make_log_text(std::uint16_t epoch, std::size_t size, std::size_t piece_bytes) {
  log_text out;
  out.text.reserve(size);
  rng random(kSeed);
  std::uint64_t cell = 0;
  while (out.text.size() < size) {
    const std::size_t left = size - out.text.size();
    const std::size_t length = static_cast<std::size_t>(random.between(kLineMin, kLineMax));
    append_line(out.text, std::min(length, left), random, epoch, cell);
    if (length < left) out.text += '\n';
  }
  for (std::size_t begin = 0; begin < size;) {
    std::size_t end = std::min(size, begin + piece_bytes);
    if (end < size) {
      std::size_t inside = end;
      while (inside > begin && !is_inside_character(out.text, inside)) --inside;
      if (inside > begin) end = inside;
    }
    out.cuts.push_back(end);
    begin = end;
  }
  return out;
}

}  // namespace copycost::chunk
