// SPDX-License-Identifier: Apache-2.0
//
// Bytes that other code owns. VALID UNTIL: their owner lets them go.
#pragma once
#include <cstddef>
#include <span>

namespace copycost {

using bytes_view = std::span<const std::byte>;

}  // namespace copycost
