// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/link/batch/json/scanner.h"

#include <limits>

#include "harness/base/check.h"
#include "harness/ledger/witness/counters.h"
#include "scenarios/common/utf8.h"

namespace copycost::graph {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
// What ends a run of characters that stand for themselves.
bool is_special(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }

// Answers the character behind it. REQUIRES: there is room for 4, and it is no surrogate.
char* put_utf8(char* to, std::uint32_t c) {
  const auto tail = [&](unsigned shift) { *to++ = static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) {
    *to++ = static_cast<char>(c);
  } else if (c < 0x800) {
    *to++ = static_cast<char>(0xC0 | c >> 6);
    tail(0);
  } else if (c < 0x10000) {
    *to++ = static_cast<char>(0xE0 | c >> 12);
    tail(6);
    tail(0);
  } else {
    *to++ = static_cast<char>(0xF0 | c >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
  return to;
}

}  // namespace

void json_scanner::blanks() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t'))
    ++at_;
}

bool json_scanner::take(char c) {
  if (failed()) return false;
  blanks();
  if (at_ >= text_.size() || text_[at_] != c) return false;
  ++at_;
  return true;
}

void json_scanner::expect(char c) {
  if (!take(c)) fail(at_);
}

void json_scanner::end() {
  blanks();
  if (at_ != text_.size()) fail(at_);
}

std::uint64_t json_scanner::number() {
  if (failed()) return 0;
  blanks();
  const std::size_t begin = at_;
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t value = 0;
  for (; at_ < text_.size() && is_digit(text_[at_]); ++at_) {
    const auto digit = static_cast<std::uint64_t>(text_[at_] - '0');
    const bool has_leading_zero = at_ == begin + 1 && text_[begin] == '0';
    if (has_leading_zero || value > (kMost - digit) / 10) {
      fail(at_);
      return 0;
    }
    value = value * 10 + digit;
  }
  if (at_ == begin || (at_ < text_.size() && (text_[at_] == '.' || (text_[at_] | 0x20) == 'e'))) fail(at_);
  return failed() ? 0 : value;
}

std::string_view json_scanner::string() { return found().text; }

json_scanner::found_text json_scanner::found() {
  expect('"');
  if (failed()) return {};
  const std::size_t begin = at_;
  while (at_ < text_.size() && !is_special(text_[at_])) ++at_;
  if (at_ >= text_.size() || (text_[at_] != '"' && text_[at_] != '\\')) {
    fail(at_);
    return {};
  }
  const bool is_borrowed = text_[at_] == '"';
  const found_text out =
      is_borrowed ? found_text{text_.substr(begin, at_++ - begin), begin, true} : unescaped(begin, at_);
  if (failed()) return {};
  const std::size_t valid = utf8::valid_prefix(std::as_bytes(std::span(out.text)));
  if (valid == out.text.size()) return out;
  fail(is_borrowed ? begin + valid : begin);
  return {};
}

json_scanner::found_text json_scanner::unescaped(std::size_t begin, std::size_t first_escape) {
  // An escape is longer than what it stands for: a closing quote is enough to know the most room it takes.
  char* const from = room(0);
  char* to = from;
  at_ = begin;
  for (std::size_t run_end = first_escape;;) {
    counted_copy(to, text_.data() + at_, run_end - at_);
    to += run_end - at_;
    at_ = run_end;
    if (at_ >= text_.size() || static_cast<unsigned char>(text_[at_]) < 0x20) {
      fail(at_);
      return {};
    }
    if (text_[at_++] == '"') break;
    to = escape(to);
    if (failed()) return {};
    for (run_end = at_; run_end < text_.size() && !is_special(text_[run_end]);) ++run_end;
  }
  const auto size = static_cast<std::size_t>(to - from);
  room(size);
  return {{from, size}, begin, false};
}

// REQUIRES: the backslash was passed over.
char* json_scanner::escape(char* to) {
  const std::size_t at = at_;
  const char c = at_ < text_.size() ? text_[at_++] : '\0';
  switch (c) {
    case '"':
    case '\\':
    case '/':
      *to = c;
      return to + 1;
    case 'b':
      *to = '\b';
      return to + 1;
    case 'f':
      *to = '\f';
      return to + 1;
    case 'n':
      *to = '\n';
      return to + 1;
    case 'r':
      *to = '\r';
      return to + 1;
    case 't':
      *to = '\t';
      return to + 1;
    case 'u':
      break;
    default:
      fail(at);
      return to;
  }
  std::uint32_t unit = hex4();
  if (unit >= 0xD800 && unit < 0xDC00 && text_.substr(at_, 2) == "\\u") {
    at_ += 2;
    const std::uint32_t low = hex4();
    if (low < 0xDC00 || low > 0xDFFF) fail(at);
    unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
  }
  if (unit >= 0xD800 && unit <= 0xDFFF) fail(at);  // half of a pair is no character
  return failed() ? to : put_utf8(to, unit);
}

std::uint32_t json_scanner::hex4() {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    const char c = at_ < text_.size() ? text_[at_] : '\0', lower = static_cast<char>(c | 0x20);
    if (!is_digit(c) && !(lower >= 'a' && lower <= 'f')) {
      fail(at_);
      return 0;
    }
    value = value << 4 | static_cast<std::uint32_t>(is_digit(c) ? c - '0' : lower - 'a' + 10);
  }
  return value;
}

char* json_scanner::room(std::size_t size) {
  if (own_ == nullptr) own_.reset(new char[text_.size() + 1]);
  COPYCOST_REQUIRE(size <= text_.size() - own_used_);
  char* const begin = own_.get() + own_used_;
  own_used_ += size;
  return begin;
}

}  // namespace copycost::graph
