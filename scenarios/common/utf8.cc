// SPDX-License-Identifier: Apache-2.0
#include "scenarios/common/utf8.h"

#include <algorithm>

#include "harness/base/check.h"
#include "harness/ledger/witness/counters.h"

namespace copycost::utf8 {
namespace {

constexpr std::uint64_t kTopBits = 0x8080808080808080ull;

std::uint64_t word_at(const std::byte* p) {
  std::uint64_t word;
  __builtin_memcpy(&word, p, sizeof word);  // a load; as a call it would be taken for a copy of payload
  return word;
}

// The first position from `i` on that is not ASCII, or `size`.
std::size_t skip_ascii(const std::byte* p, std::size_t i, std::size_t size) {
  for (; size - i >= 32; i += 32) {
    const std::uint64_t any = word_at(p + i) | word_at(p + i + 8) | word_at(p + i + 16) | word_at(p + i + 24);
    if ((any & kTopBits) != 0) break;
  }
  for (; size - i >= 8; i += 8)
    if ((word_at(p + i) & kTopBits) != 0) break;
  while (i < size && p[i] < std::byte{0x80}) ++i;
  return i;
}

// What a lead byte asks for: the length of its sequence (0: no lead byte) and the range of the second byte.
struct lead {
  std::uint8_t length, low, high;
};
lead lead_of(std::uint8_t b) {
  if (b < 0x80) return {1, 0, 0};
  if (b < 0xC2) return {0, 0, 0};  // a continuation, or the start of an overlong form
  if (b < 0xE0) return {2, 0x80, 0xBF};
  if (b < 0xF0)
    return {3, static_cast<std::uint8_t>(b == 0xE0 ? 0xA0 : 0x80), static_cast<std::uint8_t>(b == 0xED ? 0x9F : 0xBF)};
  if (b < 0xF5)
    return {4, static_cast<std::uint8_t>(b == 0xF0 ? 0x90 : 0x80), static_cast<std::uint8_t>(b == 0xF4 ? 0x8F : 0xBF)};
  return {0, 0, 0};
}

}  // namespace

character first_character(std::span<const std::byte> bytes) {
  COPYCOST_ASSERT(!bytes.empty());
  const lead l = lead_of(static_cast<std::uint8_t>(bytes[0]));
  if (l.length == 0) return {1, form::invalid};
  std::uint8_t low = l.low, high = l.high;
  for (std::size_t i = 1; i < l.length; ++i) {
    if (i == bytes.size()) return {i, form::incomplete};
    const auto b = static_cast<std::uint8_t>(bytes[i]);
    if (b < low || b > high) return {i, form::invalid};
    low = 0x80;
    high = 0xBF;
  }
  return {l.length, form::whole};
}

std::size_t valid_prefix(std::span<const std::byte> bytes) {
  const std::byte* p = bytes.data();
  const std::size_t size = bytes.size();
  for (std::size_t i = 0;;) {
    i = skip_ascii(p, i, size);
    if (i == size) return size;
    do {  // text in other scripts comes in runs
      const character c = first_character({p + i, size - i});
      if (c.what != form::whole) return i;
      i += c.length;
    } while (i < size && p[i] >= std::byte{0x80});
    if (i == size) return size;
  }
}

std::size_t complete_prefix(std::span<const std::byte> bytes) {
  const std::size_t size = bytes.size();
  for (std::size_t back = 1; back <= std::min(size, kCharacterMax - 1); ++back) {
    const auto b = static_cast<std::uint8_t>(bytes[size - back]);
    if ((b & 0xC0) == 0x80) continue;  // a continuation: the lead byte, if there is one, lies further in front
    return first_character(bytes.last(back)).what == form::incomplete ? size - back : size;
  }
  return size;
}

lossy_text to_lossy(std::span<const std::byte> bytes) {
  const char* text = reinterpret_cast<const char*>(bytes.data());
  if (valid_prefix(bytes) == bytes.size()) return lossy_text(std::string_view(text, bytes.size()));
  std::size_t size = 0;  // counted first, so that there is one allocation of the right size
  auto count = [&](std::string_view piece) { size += piece.size(); };
  decoder counting(mode::lossy);
  counting.feed(bytes, count);
  counting.finish(count);
  std::string out(size, '\0');
  std::size_t at = 0;
  auto put = [&](std::string_view piece) {
    counted_copy(out.data() + at, piece.data(), piece.size());
    at += piece.size();
  };
  decoder writing(mode::lossy);
  writing.feed(bytes, put);
  writing.finish(put);
  return lossy_text(std::move(out));
}

}  // namespace copycost::utf8
