// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/link/batch/json/base64.h"

#include <array>
#include <cstdint>

namespace copycost::graph::base64 {
namespace {

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNone = 64;
constexpr auto kValues = [] {
  std::array<std::uint8_t, 256> all{};
  all.fill(kNone);
  for (std::uint8_t i = 0; i < kNone; ++i) all[static_cast<unsigned char>(kLetters[i])] = i;
  return all;
}();

std::uint8_t value_of(char c) { return kValues[static_cast<unsigned char>(c)]; }

// The first of four characters that is no letter; 4: all are.
std::size_t first_wrong(const char* four) {
  std::size_t i = 0;
  while (i < 4 && value_of(four[i]) != kNone) ++i;
  return i;
}

void put(std::uint32_t bits, std::size_t bytes, std::byte* to) {
  for (std::size_t i = 0; i < bytes; ++i) to[i] = static_cast<std::byte>(bits >> (16 - 8 * i));
}

}  // namespace

void encode(bytes_view bytes, std::string& to) {
  const std::size_t begin = to.size();
  to.resize(begin + encoded_size(bytes.size()), '=');
  char* out = to.data() + begin;
  for (std::size_t at = 0; at < bytes.size(); at += 3, out += 4) {
    const std::size_t here = bytes.size() - at < 3 ? bytes.size() - at : 3;
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < here; ++i) bits |= std::to_integer<std::uint32_t>(bytes[at + i]) << (16 - 8 * i);
    for (std::size_t i = 0; i <= here; ++i) out[i] = kLetters[bits >> (18 - 6 * i) & 63];
  }
}

decoded decode(std::string_view text, std::byte* to) {
  decoded out;
  for (std::size_t at = 0; at < text.size(); at += 4) {
    const char* const four = text.data() + at;
    const bool is_last = text.size() - at <= 4;
    if (text.size() - at < 4) return {out.size, text.size()};
    std::size_t letters = first_wrong(four);
    const bool is_padded = is_last && four[3] == '=' && (letters == 3 || (letters == 2 && four[2] == '='));
    if (letters < 4 && !is_padded) return {out.size, at + letters};
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < letters; ++i) bits |= std::uint32_t{value_of(four[i])} << (18 - 6 * i);
    const std::size_t bytes = letters * 6 / 8;
    // Bits that no byte has are 0, or two texts would say the same.
    if ((bits & (0xFFFFFFu >> (8 * bytes))) != 0) return {out.size, at + letters - 1};
    put(bits, bytes, to + out.size);
    out.size += bytes;
  }
  return out;
}

}  // namespace copycost::graph::base64
