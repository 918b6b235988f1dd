// SPDX-License-Identifier: Apache-2.0
//
// The primitives of protobuf's wire format: varints and tags.
//
// Threads: safe; pure functions.
// Cost: one byte values a compare; longer ones are packed and unpacked eight bytes at a time, without a loop.
// Source: Protocol Buffers documentation, "Encoding"; the packing is the usual SWAR gathering of 7-bit groups.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace copycost::raft::wire {

inline constexpr unsigned kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5;
inline constexpr std::size_t kVarintMax = 10;

constexpr std::uint8_t tag(unsigned field, unsigned type) { return static_cast<std::uint8_t>(field << 3 | type); }
constexpr std::size_t varint_size(std::uint64_t v) {
  return (static_cast<std::size_t>(std::bit_width(v)) * 9 + 64) / 64;
}

namespace detail {
inline std::uint64_t gathered(std::uint64_t x) {  // eight 7-bit groups to 56 bits
  x &= 0x7F7F7F7F7F7F7F7Full;
  x = (x & 0x007F007F007F007Full) | (x & 0x7F007F007F007F00ull) >> 1;
  x = (x & 0x00003FFF00003FFFull) | (x & 0x3FFF00003FFF0000ull) >> 2;
  return (x & 0x000000000FFFFFFFull) | (x & 0x0FFFFFFF00000000ull) >> 4;
}
inline std::uint64_t scattered(std::uint64_t v) {  // the low 56 bits to eight 7-bit groups
  std::uint64_t x = (v & 0x000000000FFFFFFFull) | (v & 0x00FFFFFFF0000000ull) << 4;
  x = (x & 0x00003FFF00003FFFull) | (x & 0x0FFFC0000FFFC000ull) << 2;
  return (x & 0x007F007F007F007Full) | (x & 0x3F803F803F803F80ull) << 1;
}
}  // namespace detail

// The bytes that put_varint may write behind the varint's own; the caller leaves that much more room.
inline constexpr std::size_t kSlack = 8;

// Writes a varint and answers where it ends. REQUIRES: room for kVarintMax + kSlack bytes. VALID UNTIL: the room is
// gone.
inline std::byte* put_varint(std::byte* at, std::uint64_t v) {
  if (v < 0x80) {
    *at = static_cast<std::byte>(v);
    return at + 1;
  }
  const std::size_t size = varint_size(v);
  std::uint64_t low = detail::scattered(v) | 0x8080808080808080ull;
  if (size <= 8) low &= ~(0x80ull << (8 * (size - 1)));
  std::memcpy(at, &low, 8);
  if (size > 8) {
    const std::uint64_t high = v >> 56;  // 7 bits, and 1 more
    at[8] = static_cast<std::byte>(size == 9 ? high : high | 0x80);
    at[9] = static_cast<std::byte>(high >> 7);
  }
  return at + size;
}
// VALID UNTIL: as above.
inline std::byte* put_tag(std::byte* at, unsigned field, unsigned type) {
  *at = static_cast<std::byte>(tag(field, type));
  return at + 1;
}

// Reads a varint in [at, end) and answers where it ends; null where it does not end in time or is over 64 bits. Longer
// than necessary is accepted, as every decoder does. VALID UNTIL: the input is gone.
inline const std::byte* get_varint_slow(const std::byte* at, const std::byte* end, std::uint64_t& v) {
  v = 0;
  for (unsigned shift = 0; at != end && shift < 70; shift += 7, ++at) {
    const auto b = static_cast<std::uint64_t>(*at);
    if (shift == 63 && b > 1) return nullptr;
    v |= (b & 0x7F) << shift;
    if (b < 0x80) return at + 1;
  }
  return nullptr;
}
// Of four bytes and more. REQUIRES: kVarintMax bytes are there. VALID UNTIL: as above.
inline const std::byte* get_varint_long(const std::byte* at, std::uint64_t& v) {
  std::uint64_t low;
  std::memcpy(&low, at, 8);
  const std::uint64_t ends = ~low & 0x8080808080808080ull;
  if (ends != 0) [[likely]] {
    const unsigned bits = static_cast<unsigned>(std::countr_zero(ends)) + 1;  // of the varint: a multiple of 8
    v = detail::gathered(bits == 64 ? low : low & ((std::uint64_t{1} << bits) - 1));
    return at + bits / 8;
  }
  const auto ninth = static_cast<std::uint64_t>(at[8]), tenth = static_cast<std::uint64_t>(at[9]);
  v = detail::gathered(low) | (ninth & 0x7F) << 56;
  if (ninth < 0x80) return at + 9;
  if (tenth > 1) return nullptr;
  v |= tenth << 63;
  return at + 10;
}
// VALID UNTIL: as above. Inlined, so that a length does not pass through memory on its way to the next field.
[[gnu::always_inline]] inline const std::byte* get_varint(const std::byte* at, const std::byte* end, std::uint64_t& v) {
  if (end - at < static_cast<std::ptrdiff_t>(kVarintMax)) [[unlikely]] {
    std::uint64_t slow = 0;
    at = get_varint_slow(at, end, slow);
    v = slow;
    return at;
  }
  const auto first = static_cast<std::uint64_t>(*at), second = static_cast<std::uint64_t>(at[1]);
  if (first < 0x80) {
    v = first;
    return at + 1;
  }
  if (second < 0x80) {  // the lengths of most entries
    v = (first & 0x7F) | second << 7;
    return at + 2;
  }
  if (const auto third = static_cast<std::uint64_t>(at[2]); third < 0x80) {
    v = (first & 0x7F) | (second & 0x7F) << 7 | third << 14;
    return at + 3;
  }
  std::uint64_t whole = 0;
  at = get_varint_long(at, whole);
  v = whole;
  return at;
}

}  // namespace copycost::raft::wire
