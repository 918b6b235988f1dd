// SPDX-License-Identifier: Apache-2.0
//
// Is what a cell produces what the oracle produces? Asked of every cell before its time may be shown.
//
// Threads: one call at a time in a process (a cell may start threads and processes of its own); no state.
#pragma once
#include <cstdint>
#include <string>

#include "harness/base/failure.h"
#include "harness/core/registry.h"

namespace copycost {

// could_not: nothing was compared; the machine, the input or the harness is why, and no design is wrong for it. What a
// design throws, and a role that crashes, is `different`.
enum class likeness { equal, different, could_not };

struct equality {
  likeness said = likeness::could_not;
  exit_code code =
      exit_code::internal;  // ok, incorrect, or whose doing it was that it could not be asked (core/fault.h)
  std::uint64_t got = 0, expected = 0;  // digests
  tally done;
  std::string why;  // one line when not equal: both digests, or how the episode failed
  bool equal() const { return said == likeness::equal; }
};

// Runs `n` operations per role under the judge and compares with the oracle.
equality compare_with_oracle(const cell& what, std::uint64_t n);

// How many operations the comparison runs for this cell: enough to walk over every buffer a little, never long.
std::uint64_t judged_ops(const cell& what);

}  // namespace copycost
