// SPDX-License-Identifier: Apache-2.0
#include "harness/core/read_all.h"

#include <cstdint>
#include <cstring>

namespace copycost {
namespace {

// Four independent sums of 64-bit words, eight words a step: enough for the compiler to keep the load ports busy.
#define COPYCOST_SUM_BODY                          \
  std::uint64_t sum[8] = {};                       \
  std::size_t i = 0;                               \
  for (; i + 64 <= size; i += 64) {                \
    std::uint64_t word[8];                         \
    std::memcpy(word, data + i, 64);               \
    for (int k = 0; k < 8; ++k) sum[k] += word[k]; \
  }                                                \
  std::uint64_t total = 0;                         \
  for (const std::uint64_t s : sum) total += s;    \
  for (; i + 8 <= size; i += 8) {                  \
    std::uint64_t word;                            \
    std::memcpy(&word, data + i, 8);               \
    total += word;                                 \
  }                                                \
  for (; i < size; ++i) total += data[i];          \
  return static_cast<std::size_t>(total);

#ifdef __x86_64__
__attribute__((target("avx512f"))) std::size_t sum_avx512(const unsigned char* data, std::size_t size) {
  COPYCOST_SUM_BODY
}
__attribute__((target("avx2"))) std::size_t sum_avx2(const unsigned char* data, std::size_t size){COPYCOST_SUM_BODY}
#endif
std::size_t sum_plain(const unsigned char* data, std::size_t size) {
  COPYCOST_SUM_BODY
}

using sum_function = std::size_t (*)(const unsigned char*, std::size_t);
sum_function pick() {
#ifdef __x86_64__
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) return sum_avx512;
  if (__builtin_cpu_supports("avx2")) return sum_avx2;
#endif
  return sum_plain;
}

}  // namespace

std::size_t read_all(std::span<const std::byte> bytes) {
  static const sum_function sum = pick();
  return sum(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

}  // namespace copycost
