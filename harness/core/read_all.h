// SPDX-License-Identifier: Apache-2.0
//
// Reads every byte of a span and returns a sum over it: how a consumer reads payload in every timed region, and what
// the read bandwidth limit is measured with. Pure; thread-safe; near the machine's read bandwidth (AVX-512 or AVX2
// where the processor has them).
#pragma once
#include <cstddef>
#include <span>

namespace copycost {
std::size_t read_all(std::span<const std::byte> bytes);
}
