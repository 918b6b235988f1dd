// SPDX-License-Identifier: Apache-2.0
//
// A text of bounded length that never allocates. It is for code that runs before the work of a program begins: tests
// compare two runs byte by byte (heaptrack's and ours), only one of which starts itself again, so this code must not
// add an allocation.
//
// Threads: a value.
// Cost: a copy of 1 KiB.
#pragma once
#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace copycost {

class short_text {
 public:
  short_text() = default;
  short_text(std::string_view text) { add(text); }  // NOLINT(google-explicit-constructor): it is a text
  short_text(const char* text) : short_text(std::string_view(text)) {}  // NOLINT(google-explicit-constructor)

  // What has no room any more is cut.
  short_text& add(std::string_view more) {
    const std::size_t n = std::min(more.size(), kSizeMax - size_);
    std::copy_n(more.data(), n, text_ + size_);
    size_ += n;
    return *this;
  }
  // One more of a list: "a, b".
  void list(std::initializer_list<std::string_view> parts) {
    if (!empty()) add(", ");
    for (const std::string_view part : parts) add(part);
  }
  bool empty() const { return size_ == 0; }
  std::string_view view() const { return {text_, size_}; }  // VALID UNTIL: this is changed or destroyed
  std::string str() const { return std::string(view()); }
  friend bool operator==(const short_text& a, std::string_view b) { return a.view() == b; }

 private:
  static constexpr std::size_t kSizeMax = 1000;
  char text_[kSizeMax] = {};
  std::size_t size_ = 0;
};

// A number in digits.
inline short_text digits(unsigned long long number) {
  char text[24];
  std::size_t at = sizeof text;
  do text[--at] = static_cast<char>('0' + number % 10);
  while ((number /= 10) != 0);
  return std::string_view(text + at, sizeof text - at);
}

}  // namespace copycost
