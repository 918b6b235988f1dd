// SPDX-License-Identifier: Apache-2.0
//
// How many operations of a cell the audit needs to see what happens rarely (an allocation in each 20,000th, a count
// that is skipped each 1,000th time): as many as stay cheap. The answer follows from what an episode did and never from
// a clock, so that every audit of a cell looks at the same operations.
//
// Threads: safe; pure functions.
#pragma once
#include <cstdint>

#include "harness/core/registry.h"

namespace copycost {

// Operations in one role, at most 65,536, and 2,048 where each finds more than the one before it (a store that grows);
// 0 where more of them show nothing or are expensive: several roles, operations that take a second or ask the kernel.
// REQUIRES: `did` is the tally of an episode of this cell.
std::uint64_t operations_for_rare(const cell& what, const tally& did);

}  // namespace copycost
