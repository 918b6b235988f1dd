// SPDX-License-Identifier: Apache-2.0
//
// Reads every byte of a buffer as fast as the processor can: the sum of its 64-bit words, and of the bytes behind the
// last whole word. Written with the compiler's generic vectors, so that one source serves every
// width and architecture.
// Lifetime: keeps nothing. Thread-safe. Cost: one pass.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace copycost::limits::detail {

using sum_function = std::uint64_t(const std::byte* data, std::size_t size);

// The widest variant that this processor runs.
sum_function* best_sum();

// Every variant that this processor runs, narrowest first; all return the same sum.
std::vector<sum_function*> usable_sums();

}  // namespace copycost::limits::detail
