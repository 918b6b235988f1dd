// SPDX-License-Identifier: Apache-2.0
//
// Reads JSON from front to back, as its caller expects it: no tree is built, and a text without escapes is a view of
// the input. Strict: RFC 8259, UTF-8, nothing behind the last value.
//
//   {"key" : 12, "text" : "a b"}   open('{') string() take(':') number() take(',') ...
//
// After the first fault every call answers nothing, until the caller asks for its place.
//
// Lifetime: borrows the text; what has escapes lies in the scanner's own memory, as large as the text at most.
// Threads: one at a time.
// Cost: a look at each character; no allocation unless a text has an escape.
// Source: RFC 8259.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace copycost::graph {

class json_scanner {
 public:
  explicit json_scanner(std::string_view text) : text_(text) {}

  // Whether `c` comes next, behind blanks: it is passed over then.
  bool take(char c);
  // The same, but it must be there.
  void expect(char c);
  // A text. VALID UNTIL: the scanner is destroyed, and the input changes.
  std::string_view string();
  // The same, and whether it is a view of the input. VALID UNTIL: the same.
  struct found_text {
    std::string_view text;
    std::size_t at = 0;  // of its first character in the input
    bool is_borrowed = false;
  };
  found_text found();
  // A whole number from 0 to 2^64 - 1, without fraction and exponent.
  std::uint64_t number();
  // Nothing but blanks may follow.
  void end();

  std::size_t at() const { return at_; }
  bool failed() const { return fault_.has_value(); }
  void fail(std::size_t at) {
    if (!fault_) fault_ = at;
  }
  const std::optional<std::size_t>& fault() const { return fault_; }
  // Room of the scanner's own for what a text decodes to. REQUIRES: all of them together are not larger than the input.
  // VALID UNTIL: the scanner is destroyed.
  char* room(std::size_t size);

 private:
  void blanks();
  found_text unescaped(std::size_t begin, std::size_t first_escape);
  char* escape(char* to);  // VALID UNTIL: the scanner is destroyed
  std::uint32_t hex4();

  std::string_view text_;
  std::size_t at_ = 0, own_used_ = 0;
  std::unique_ptr<char[]> own_;  // as large as the text
  std::optional<std::size_t> fault_;
};

}  // namespace copycost::graph
