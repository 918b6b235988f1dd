// SPDX-License-Identifier: Apache-2.0
//
// Up to 16 bytes as two words, which travel in registers: a handle that is filled by a call of memcpy has to be in
// memory first, and is read back from there through stores of other sizes (3 to 5 ns).
//
//   bytes of 11   [0 1 2 3 4 5 6 7][8 9 10 - - - - -]     behind them zeros
//                  low              high
//
// Threads: a value.
// Cost: at most two loads of each word size, no call.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>

#include "harness/base/check.h"
#include "harness/ledger/witness/counters.h"

namespace copycost::chunk {

struct short_bytes {
  static constexpr std::size_t kMax = 16;
  std::uint64_t low = 0, high = 0;
};
static_assert(std::endian::native == std::endian::little);

namespace detail {
template <class Word>
std::uint64_t word_at(const std::byte* p) {
  struct [[gnu::packed, gnu::may_alias]] unaligned {
    Word word;
  };
  return reinterpret_cast<const unaligned*>(p)->word;
}

// REQUIRES: size <= 16; `from` has that many bytes, and no other is read.
inline short_bytes words_of(const std::byte* from, std::size_t size) {
  COPYCOST_ASSERT(size <= short_bytes::kMax);
  if (size > 8) return {word_at<std::uint64_t>(from), word_at<std::uint64_t>(from + size - 8) >> 8 * (16 - size)};
  if (size == 8) return {word_at<std::uint64_t>(from), 0};
  if (size >= 4) return {word_at<std::uint32_t>(from) | word_at<std::uint32_t>(from + size - 4) << 8 * (size - 4), 0};
  if (size == 0) return {};
  const std::size_t middle = size / 2, last = size - 1;  // of one to three bytes, some of them twice
  return {word_at<std::uint8_t>(from) | word_at<std::uint8_t>(from + middle) << 8 * middle |
              word_at<std::uint8_t>(from + last) << 8 * last,
          0};
}
}  // namespace detail

// COPIES: size bytes. REQUIRES: as words_of().
inline short_bytes copied_short(const std::byte* from, std::size_t size) {
  count_register_copy(size);
  return detail::words_of(from, size);
}

// The same of short bytes, all of them: two registers.
inline short_bytes copied_short(const short_bytes& from, std::size_t size) {
  count_register_copy(size);
  return from;
}

}  // namespace copycost::chunk
