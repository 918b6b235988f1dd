// SPDX-License-Identifier: Apache-2.0
//
// Bytes that somebody else owns. VALID UNTIL: their owner lets them go.
#pragma once
#include <algorithm>
#include <cstddef>
#include <span>

namespace copycost {

using bytes_view = std::span<const std::byte>;

inline bool same_bytes(bytes_view a, bytes_view b) { return std::ranges::equal(a, b); }

}  // namespace copycost
