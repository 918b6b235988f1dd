// SPDX-License-Identifier: Apache-2.0
//
// Is what a cell produces what the oracle produces? Asked of every cell before its time may be shown.
// Stateless; one call at a time per process (a cell may start threads and processes of its own).
#pragma once
#include <cstdint>
#include <string>

#include "harness/core/registry.h"

namespace copycost {

struct equality {
  bool equal = false;
  std::uint64_t got = 0, expected = 0;  // digests
  tally done;
  std::string why;  // one line when not equal: both digests, or how the episode failed
};

// Runs `n` operations per role under the judge and compares with the oracle.
equality compare_with_oracle(const cell& what, std::uint64_t n);

// How many operations the comparison runs for this cell: enough to walk over every buffer a little, never long.
std::uint64_t judged_ops(const cell& what);

}  // namespace copycost
