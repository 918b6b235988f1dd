// SPDX-License-Identifier: Apache-2.0
//
// Private to name_table.cc: the hash of a name under a secret that the process draws once, so that names from a
// peer do not collide on purpose. No number depends on it that leaves the process.
//
// Threads: safe.
// Cost: a wide multiplication for each 16 bytes.
// Source: the folded multiplication of Wang Yi's wyhash (public domain).
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <string_view>

namespace copycost::graph {
namespace detail {

inline std::uint64_t folded(std::uint64_t a, std::uint64_t b) {
  __extension__ using wide = unsigned __int128;
  const wide product = static_cast<wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}
template <class Word>
std::uint64_t word_at(const char* text) {
  Word word;
  std::memcpy(&word, text, sizeof word);
  return word;
}
struct two_words {
  std::uint64_t low, high;
};
// 1 to 16 bytes; all of them are in it, some of them twice.
inline two_words words_of(const char* text, std::size_t size) {
  if (size >= 8) return {word_at<std::uint64_t>(text), word_at<std::uint64_t>(text + size - 8)};
  if (size >= 4) return {word_at<std::uint32_t>(text), word_at<std::uint32_t>(text + size - 4)};
  return {word_at<std::uint8_t>(text) | word_at<std::uint8_t>(text + size / 2) << 8,
          word_at<std::uint8_t>(text + size - 1)};
}
// VALID UNTIL: the program ends.
inline const std::array<std::uint64_t, 3>& name_secret() {
  static const std::array<std::uint64_t, 3> secret = [] {
    std::random_device random;
    std::array<std::uint64_t, 3> drawn{};
    for (std::uint64_t& one : drawn) one = std::uint64_t{random()} << 32 | random() | 1;
    return drawn;
  }();
  return secret;
}

}  // namespace detail

inline std::uint32_t name_hash_of(std::string_view name) {
  const auto& secret = detail::name_secret();
  std::uint64_t sum = secret[0] ^ name.size();
  const char* at = name.data();
  for (std::size_t left = name.size(); left > 0;) {
    const std::size_t here = left < 16 ? left : 16;
    const auto [low, high] = detail::words_of(at, here);
    sum = detail::folded(sum ^ low ^ secret[1], sum ^ high ^ secret[2]);
    at += here;
    left -= here;
  }
  return static_cast<std::uint32_t>(detail::folded(sum, secret[1]) >> 32);
}

}  // namespace copycost::graph
