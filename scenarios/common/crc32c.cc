// SPDX-License-Identifier: Apache-2.0
//
// Sources: the slicing-by-8 tables after Kounavis and Berry, "A Systematic Approach to Building High Performance
// Software-based CRC Generators" (2005); three interleaved streams after Gopal et al., "Fast CRC Computation for iSCSI
// Polynomial Using CRC32 Instruction" (2011), joined by a table instead of a carry-less multiplication.
#include "scenarios/common/crc32c.h"

#include <array>

#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>
#endif

namespace copycost {
namespace {

constexpr std::uint32_t kPolynomial = 0x82F63B78u;
constexpr std::size_t kStream = 256;  // bytes of one of three interleaved streams

using table = std::array<std::array<std::uint32_t, 256>, 8>;

// tables[k][b]: the checksum of byte b with k zero bytes behind it.
constexpr table make_tables() {
  table t{};
  for (std::uint32_t b = 0; b < 256; ++b) {
    std::uint32_t crc = b;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    t[0][b] = crc;
  }
  for (std::size_t k = 1; k < 8; ++k)
    for (std::uint32_t b = 0; b < 256; ++b) t[k][b] = (t[k - 1][b] >> 8) ^ t[0][t[k - 1][b] & 255u];
  return t;
}
constexpr table kTables = make_tables();

std::uint64_t word_at(const std::byte* p) {
  std::uint64_t word;
  __builtin_memcpy(&word, p, sizeof word);  // a load; as a call it would be taken for a copy of payload
  return word;
}

std::uint32_t one_byte(std::uint32_t crc, std::byte b) {
  return (crc >> 8) ^ kTables[0][(crc ^ static_cast<std::uint32_t>(b)) & 255u];
}

std::uint32_t eight_bytes(std::uint32_t crc, std::uint64_t word) {
  word ^= crc;
  std::uint32_t out = 0;
  for (std::size_t k = 0; k < 8; ++k) out ^= kTables[7 - k][word >> (8 * k) & 255u];
  return out;
}

std::uint32_t by_table(std::uint32_t crc, const std::byte* p, std::size_t size) {
  for (; size >= 8; p += 8, size -= 8) crc = eight_bytes(crc, word_at(p));
  for (; size > 0; ++p, --size) crc = one_byte(crc, *p);
  return crc;
}

#if defined(__x86_64__) || defined(__ARM_FEATURE_CRC32)
#if defined(__x86_64__)
#define COPYCOST_CRC_TARGET __attribute__((target("sse4.2")))
COPYCOST_CRC_TARGET std::uint32_t step8(std::uint32_t crc, std::uint64_t word) {
  return static_cast<std::uint32_t>(_mm_crc32_u64(crc, word));
}
COPYCOST_CRC_TARGET std::uint32_t step4(std::uint32_t crc, std::uint32_t word) { return _mm_crc32_u32(crc, word); }
COPYCOST_CRC_TARGET std::uint32_t step1(std::uint32_t crc, std::byte b) {
  return _mm_crc32_u8(crc, static_cast<unsigned char>(b));
}
#else
#define COPYCOST_CRC_TARGET
std::uint32_t step8(std::uint32_t crc, std::uint64_t word) { return __crc32cd(crc, word); }
std::uint32_t step4(std::uint32_t crc, std::uint32_t word) { return __crc32cw(crc, word); }
std::uint32_t step1(std::uint32_t crc, std::byte b) { return __crc32cb(crc, static_cast<unsigned char>(b)); }
#endif

// shift[k][b]: byte k of a checksum with value b, moved over kStream zero bytes.
using shift_table = std::array<std::array<std::uint32_t, 256>, 4>;
const shift_table& shift() {
  static const shift_table made = [] {
    shift_table t{};
    constexpr std::array<std::byte, kStream> kZeros{};
    for (std::size_t k = 0; k < 4; ++k)
      for (std::uint32_t b = 0; b < 256; ++b) t[k][b] = by_table(b << (8 * k), kZeros.data(), kZeros.size());
    return t;
  }();
  return made;
}
std::uint32_t over_one_stream(const shift_table& t, std::uint32_t crc) {
  return t[0][crc & 255u] ^ t[1][crc >> 8 & 255u] ^ t[2][crc >> 16 & 255u] ^ t[3][crc >> 24];
}

COPYCOST_CRC_TARGET std::uint32_t by_instruction(std::uint32_t crc, const std::byte* p, std::size_t size) {
  if (size >= 3 * kStream) {
    const shift_table& t = shift();
    for (; size >= 3 * kStream; p += 3 * kStream, size -= 3 * kStream) {
      std::uint32_t second = 0, third = 0;
      for (std::size_t i = 0; i < kStream; i += 8) {
        crc = step8(crc, word_at(p + i));
        second = step8(second, word_at(p + kStream + i));
        third = step8(third, word_at(p + 2 * kStream + i));
      }
      crc = over_one_stream(t, over_one_stream(t, crc) ^ second) ^ third;
    }
  }
  for (; size >= 8; p += 8, size -= 8) crc = step8(crc, word_at(p));
  if (size >= 4) {
    std::uint32_t half;
    __builtin_memcpy(&half, p, sizeof half);  // a load, as in word_at()
    crc = step4(crc, half);
    p += 4;
    size -= 4;
  }
  for (; size > 0; ++p, --size) crc = step1(crc, *p);
  return crc;
}

COPYCOST_CRC_TARGET std::uint32_t words_by_instruction(std::uint64_t first, std::uint64_t second, std::uint32_t third) {
  return ~step4(step8(step8(~std::uint32_t{0}, first), second), third);
}

bool has_instruction() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("sse4.2") != 0;
#else
  return true;
#endif
}
#else
std::uint32_t by_instruction(std::uint32_t crc, const std::byte* p, std::size_t size) { return by_table(crc, p, size); }
std::uint32_t words_by_instruction(std::uint64_t, std::uint64_t, std::uint32_t) { return 0; }  // never called
bool has_instruction() { return false; }
#endif

// Not a static of the function: a call that comes before it is set goes by tables, and no call asks whether it was.
const bool g_fast = has_instruction();

}  // namespace

std::uint32_t crc32c_by_table(std::uint32_t seed, std::span<const std::byte> bytes) {
  return ~by_table(~seed, bytes.data(), bytes.size());
}

std::uint32_t crc32c(std::uint32_t seed, std::span<const std::byte> bytes) {
  return g_fast ? ~by_instruction(~seed, bytes.data(), bytes.size()) : crc32c_by_table(seed, bytes);
}

std::uint32_t crc32c_of_words(std::uint64_t first, std::uint64_t second, std::uint32_t third) {
  if (g_fast) [[likely]]
    return words_by_instruction(first, second, third);
  std::array<std::byte, 20> bytes;
  __builtin_memcpy(bytes.data(), &first, 8);
  __builtin_memcpy(bytes.data() + 8, &second, 8);
  __builtin_memcpy(bytes.data() + 16, &third, 4);
  return crc32c_by_table(0, bytes);
}

}  // namespace copycost
