// SPDX-License-Identifier: Apache-2.0
//
// Bytes that other code owns.
//
// Lifetime: VALID UNTIL: their owner releases them.
// Threads: a value.
#pragma once
#include <algorithm>
#include <cstddef>
#include <span>

namespace copycost {

using bytes_view = std::span<const std::byte>;

inline bool same_bytes(bytes_view a, bytes_view b) { return std::ranges::equal(a, b); }

}  // namespace copycost
