// SPDX-License-Identifier: Apache-2.0
#include "harness/core/read_all.h"

#include <cstring>

namespace copycost::detail {
namespace {

// Vectors of the width that the target's registers have: compilers take wider ones through memory.
template <std::size_t Bytes>
struct vector {
  using type [[gnu::vector_size(Bytes)]] = std::uint64_t;
};

template <class Word>
[[gnu::always_inline]] inline void add(Word& total, const std::byte* data) {
  Word loaded;
  std::memcpy(&loaded, data, sizeof loaded);
  total += loaded;
}

// Four sums at a time hide the latency of the addition.
template <std::size_t Bytes>
[[gnu::always_inline]] inline std::uint64_t sum(const std::byte* data, std::size_t size) {
  typename vector<Bytes>::type a{}, b{}, c{}, d{};
  for (; size >= 4 * Bytes; size -= 4 * Bytes, data += 4 * Bytes) {
    add(a, data);
    add(b, data + Bytes);
    add(c, data + 2 * Bytes);
    add(d, data + 3 * Bytes);
  }
  for (; size >= Bytes; size -= Bytes, data += Bytes) add(a, data);
  a += b;
  c += d;
  a += c;
  std::uint64_t total = 0;
  for (std::size_t lane = 0; lane < Bytes / sizeof total; ++lane) total += a[lane];
  for (; size >= sizeof total; size -= sizeof total, data += sizeof total) add(total, data);
  for (; size > 0; --size, ++data) total += std::to_integer<std::uint64_t>(*data);
  return total;
}

std::uint64_t sum_16(const std::byte* data, std::size_t size) { return sum<16>(data, size); }

#if defined(__x86_64__)
[[gnu::target("avx2")]] std::uint64_t sum_32(const std::byte* data, std::size_t size) { return sum<32>(data, size); }
[[gnu::target("avx512f")]] std::uint64_t sum_64(const std::byte* data, std::size_t size) { return sum<64>(data, size); }
#endif

std::uint64_t choose_and_sum(const std::byte* data, std::size_t size) {
  sum_function* const best = usable_sums().back();
  g_best_sum.store(best, std::memory_order_relaxed);
  return best(data, size);
}

// Before main: the first reader may be inside a window in which allocations are counted.
[[maybe_unused]] const std::uint64_t chosen = choose_and_sum(nullptr, 0);

}  // namespace

constinit std::atomic<sum_function*> g_best_sum{&choose_and_sum};

std::vector<sum_function*> usable_sums() {
  std::vector<sum_function*> usable{sum_16};
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2")) usable.push_back(sum_32);
  if (__builtin_cpu_supports("avx512f")) usable.push_back(sum_64);
#endif
  return usable;
}

}  // namespace copycost::detail
