// SPDX-License-Identifier: Apache-2.0
//
// The words for the values of an enumeration, in one table that the compiler checks: every value has its word.
//
//   constexpr worded<colour> kColourWords[] = {{colour::red, "red"}, {colour::blue, "blue"}};
//   static_assert(names_all(kColourWords, colour::blue));
//
// REQUIRES: values that count up from 0.
//
// Threads: safe; tables are constants.
#pragma once
#include <cstddef>
#include <string_view>

namespace copycost {

template <class E>
struct worded {
  E value;
  std::string_view text;
};

// Whether the table has each value up to `last` once, in order, with a word of its own.
template <class E, std::size_t N>
consteval bool names_all(const worded<E> (&table)[N], E last) {
  if (N != static_cast<std::size_t>(last) + 1) return false;
  for (std::size_t i = 0; i < N; ++i) {
    if (static_cast<std::size_t>(table[i].value) != i || table[i].text.empty()) return false;
    for (std::size_t k = 0; k < i; ++k)
      if (table[k].text == table[i].text) return false;
  }
  return true;
}

template <class E, std::size_t N>
constexpr std::string_view text_of(const worded<E> (&table)[N], E value) {
  return table[static_cast<std::size_t>(value)].text;
}

}  // namespace copycost
