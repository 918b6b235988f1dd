// SPDX-License-Identifier: Apache-2.0
// How long a test of links waits for what must come: so long that a busy machine has it by then, and yet an end, so
// that a bug makes a test red and not endless.
#pragma once
#include <cstdint>

#include "harness/base/now.h"

namespace copycost::graph::test {

inline std::int64_t in_time() { return now_ns() + 60'000'000'000; }

}  // namespace copycost::graph::test
