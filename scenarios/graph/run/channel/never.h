// SPDX-License-Identifier: Apache-2.0
//
// The deadline that never comes, on the clock of now_ns().
//
// Threads: safe, a constant.
#pragma once
#include <cstdint>
#include <limits>

namespace copycost::graph {

inline constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

}  // namespace copycost::graph
