// SPDX-License-Identifier: Apache-2.0
//
// Reads every byte of a span and returns a sum over it. Consumers read payload with it in every timed region, and the
// limits of reading are measured with it, so that both cost the same.
//
// Threads: safe; pure functions.
// Cost: near the machine's read bandwidth (AVX-512 or AVX2 where the processor has them), and an indirect call.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace copycost {
namespace detail {
// The sum of the 64-bit words, and of the bytes behind the last whole word.
using sum_function = std::uint64_t(const std::byte* data, std::size_t size);
// Every variant that this processor runs, narrowest first; all return the same sum.
std::vector<sum_function*> usable_sums();
// The widest of them; finds out which that is when it is first called.
extern constinit std::atomic<sum_function*> g_best_sum;
}  // namespace detail

inline std::uint64_t read_all(std::span<const std::byte> bytes) {
  return detail::g_best_sum.load(std::memory_order_relaxed)(bytes.data(), bytes.size());
}
}  // namespace copycost
