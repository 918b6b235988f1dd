// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/workloads/parts/json_text.h"

#include <algorithm>
#include <bit>
#include <string_view>

#include "harness/ledger/witness/counters.h"
#include "harness/ledger/witness/pattern.h"

namespace copycost::graph::workloads {
namespace {

error bad_at(std::size_t at) { return {errc::bad_text, at}; }

// The top bit of each byte that ends a run or must not be in it; those above the lowest may be wrong.
// Source: Anderson, "Bit Twiddling Hacks": bytes that are zero, bytes that are less than n.
std::uint64_t notable(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101, kTops = 0x8080808080808080;
  const std::uint64_t quote = word ^ kOnes * '"', backslash = word ^ kOnes * '\\';
  const std::uint64_t control = (word - kOnes * 0x20) & ~word;
  return (((quote - kOnes) & ~quote) | ((backslash - kOnes) & ~backslash) | control) & kTops;
}
// The first quote, backslash or control character from `at` on, or the size.
std::size_t next_notable(bytes_view text, std::size_t at) {
  for (std::uint64_t word; at + sizeof word <= text.size(); at += sizeof word) {
    __builtin_memcpy(&word, text.data() + at, sizeof word);  // a load, also where memcpy is a call
    if (const std::uint64_t found = notable(word); found != 0)
      return at + static_cast<std::size_t>(std::countr_zero(found)) / 8;
  }
  const auto is_notable = [](std::byte b) {
    return b == std::byte{'"'} || b == std::byte{'\\'} || b < std::byte{0x20};
  };
  return static_cast<std::size_t>(std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_notable) -
                                  text.begin());
}

// What the letter behind a backslash stands for; 0 for none of them.
char simple_escape(std::byte letter) {
  constexpr std::string_view kLetters = "\"\\/bfnrt", kMeans = "\"\\/\b\f\n\r\t";
  const auto found = kLetters.find(static_cast<char>(letter));
  return found == kLetters.npos ? '\0' : kMeans[found];
}

constexpr std::uint32_t kNone = ~0u;
// The number of "uXXXX" at `at`.
std::uint32_t unit_at(bytes_view raw, std::size_t at) {
  if (at + 5 > raw.size() || raw[at] != std::byte{'u'}) return kNone;
  std::uint32_t unit = 0;
  for (std::size_t i = 1; i <= 4; ++i) {
    const auto c = static_cast<char>(raw[at + i]);
    const auto digit = std::string_view("0123456789abcdef").find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
    if (digit == std::string_view::npos) return kNone;
    unit = unit << 4 | static_cast<std::uint32_t>(digit);
  }
  return unit;
}
// The character of the escape whose 'u' lies at `at`, which moves behind it: one unit, or a pair of surrogates.
std::uint32_t character_at(bytes_view raw, std::size_t& at) {
  const std::uint32_t first = unit_at(raw, at);
  at += 5;
  if (first == kNone || first < 0xD800 || first > 0xDFFF) return first;
  const bool pair = first < 0xDC00 && at < raw.size() && raw[at] == std::byte{'\\'};
  const std::uint32_t second = pair ? unit_at(raw, at + 1) : kNone;
  if (second == kNone || second < 0xDC00 || second > 0xDFFF) return kNone;
  at += 6;
  return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
}
std::size_t put_utf8(std::uint32_t c, std::byte* to) {
  const auto tail = [c](unsigned shift) { return static_cast<std::byte>(0x80u | (c >> shift & 0x3Fu)); };
  const std::size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  constexpr std::uint32_t kLead[] = {0, 0, 0xC0, 0xE0, 0xF0};
  to[0] = static_cast<std::byte>(kLead[n] | c >> (6 * (n - 1)));
  for (std::size_t i = 1; i < n; ++i) to[i] = tail(static_cast<unsigned>(6 * (n - 1 - i)));
  return n;
}

}  // namespace

result<json_string> string_at(bytes_view text, std::size_t at) {
  if (at >= text.size() || text[at] != std::byte{'"'}) return bad_at(at);
  json_string found{at + 1, at + 1, false};
  for (;; found.end += 2) {
    found.end = next_notable(text, found.end);
    if (found.end >= text.size()) return bad_at(text.size());
    if (text[found.end] == std::byte{'"'}) return found;
    if (text[found.end] != std::byte{'\\'}) return bad_at(found.end);
    found.has_escapes = true;
    if (found.end + 1 >= text.size()) return bad_at(text.size());
  }
}

result<std::size_t> decode(bytes_view raw, std::span<std::byte> to) {
  std::size_t out = 0;
  for (std::size_t at = 0; at < raw.size();) {
    const std::size_t end = next_notable(raw, at);
    if (end > at) counted_copy(to.data() + out, raw.data() + at, end - at);
    out += end - at;
    if (end == raw.size()) break;
    at = end + 1;
    if (raw[end] != std::byte{'\\'} || at == raw.size()) return bad_at(end);
    if (const char means = simple_escape(raw[at]); means != '\0') {
      count_register_copy(1);
      to[out++] = static_cast<std::byte>(means);
      ++at;
      continue;
    }
    const std::uint32_t character = character_at(raw, at);
    if (character == kNone) return bad_at(end);
    const std::size_t bytes = put_utf8(character, to.data() + out);
    count_register_copy(bytes);
    out += bytes;
  }
  return out;
}

json_strings_text make_json_strings(std::uint16_t epoch, std::size_t strings, std::size_t size,
                                    std::uint64_t escaped_of_100) {
  json_strings_text made;
  std::uint64_t cells = 0;
  for (std::uint64_t i = 0; i < strings; ++i) {
    const bool has_escapes = (i + 1) * escaped_of_100 / 100 != i * escaped_of_100 / 100;
    std::string raw, says;
    while (raw.size() < size) {
      if (has_escapes && raw.size() % kEscapeEvery == kEscapeEvery / 2) {
        raw += "\\\"\\u00e9";
        says += "\"é";
        continue;
      }
      char cell[pattern::kCellBytes];
      pattern::text_cell(cell, epoch, cells++);
      raw.append(cell, sizeof cell);
      says.append(cell, sizeof cell);
    }
    made.text += i == 0 ? '[' : ',';
    made.text.append(1, '"').append(raw).append(1, '"');
    made.strings.push_back(std::move(says));
  }
  made.text += ']';
  return made;
}

}  // namespace copycost::graph::workloads
