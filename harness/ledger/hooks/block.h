// SPDX-License-Identifier: Apache-2.0
//
// How the requested size of a block is known when it is freed: each block is allocated 8 bytes larger, and its last 8
// usable bytes hold the size, a flag, and a check value over both and the address. Address and alignment of the block
// stay what the allocator gave. A block whose check value does not fit was overrun, freed before, or is not a block. An
// overrun that stays within the allocator's rounding (between the requested and the usable size) is not seen.
//
// Threads: safe; pure functions on the block's memory.
// Cost: a multiplication and one memory access.
#pragma once
#include <cstddef>
#include <cstdint>

namespace copycost::hooks {

inline constexpr std::size_t kTrailerBytes = 8;
inline constexpr std::uint64_t kOwnFlag = 1ull << 47;              // allocated by the library's own work: not counted
inline constexpr std::size_t kRequestMax = (1ull << 47) - 4096;    // no x86-64 or AArch64 user space is larger
inline constexpr std::uint64_t kReleased = 0x5EE5F4EE0B10C700ull;  // in place of the trailer of a freed block

namespace detail {
struct [[gnu::packed, gnu::may_alias]] unaligned_word {  // a usable size need not be a multiple of 8
  std::uint64_t value;
};
inline unaligned_word& word_at(void* block, std::size_t usable) {
  return *reinterpret_cast<unaligned_word*>(static_cast<char*>(block) + usable - kTrailerBytes);
}
inline std::uint64_t check_value(const void* block, std::uint64_t size_and_flag) {
  const auto address = reinterpret_cast<std::uintptr_t>(block);
  return ((size_and_flag ^ (address << 13) ^ 0x9E37ull) * 0x9E3779B97F4A7C15ull) & 0xFFFF000000000000ull;
}
}  // namespace detail

struct trailer {
  std::size_t requested;
  bool own;    // kOwnFlag
  bool valid;  // false: the other two mean nothing
};

inline void write_trailer(void* block, std::size_t usable, std::size_t requested, bool own) {
  const std::uint64_t value = requested | (own ? kOwnFlag : 0);
  detail::word_at(block, usable).value = value | detail::check_value(block, value);
}

inline trailer read_trailer(void* block, std::size_t usable) {
  const std::uint64_t word = detail::word_at(block, usable).value;
  const std::uint64_t value = word & 0x0000FFFFFFFFFFFFull;
  return {static_cast<std::size_t>(value & (kOwnFlag - 1)), (value & kOwnFlag) != 0,
          word == (value | detail::check_value(block, value))};
}

}  // namespace copycost::hooks
