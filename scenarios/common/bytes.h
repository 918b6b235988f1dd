// SPDX-License-Identifier: Apache-2.0
//
// Bytes that other code owns.
//
// Lifetime: VALID UNTIL: their owner releases them.
// Threads: a value.
#pragma once
#include <cstddef>
#include <span>

namespace copycost {

using bytes_view = std::span<const std::byte>;

}  // namespace copycost
