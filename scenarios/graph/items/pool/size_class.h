// SPDX-License-Identifier: Apache-2.0
//
// The sizes in which the pool has buffers: eight between each power of two and the next, from 64 bytes to 1 MiB. A
// buffer is at most an eighth larger than what was asked for (of 64 bytes and more).
//
//   64 72 80 88 96 104 112 120 | 128 144 160 ... | ... | 1 MiB
//
// Threads: safe; pure functions.
// Cost: some shifts.
#pragma once
#include <bit>
#include <cstddef>

namespace copycost::graph {

inline constexpr std::size_t kPooledMin = 64, kPooledMax = std::size_t{1} << 20;
inline constexpr unsigned kSizeClasses = 113;

// REQUIRES: of < kSizeClasses.
constexpr std::size_t class_size(unsigned of) { return std::size_t{8 + of % 8} << (of / 8 + 3); }

// The first class whose buffers are as large as `size`, never smaller. REQUIRES: size <= kPooledMax.
constexpr unsigned class_for(std::size_t size) {
  if (size <= kPooledMin) return 0;
  const auto shift = static_cast<unsigned>(std::bit_width(size - 1)) - 4;
  const auto eighths = static_cast<unsigned>((size - 1) >> shift) + 1;  // 9 to 16
  return (shift - 3) * 8 + (eighths - 8);
}
static_assert(class_size(0) == kPooledMin && class_size(kSizeClasses - 1) == kPooledMax);
static_assert(class_for(kPooledMax) == kSizeClasses - 1);

}  // namespace copycost::graph
