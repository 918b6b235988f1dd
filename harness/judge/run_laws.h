// SPDX-License-Identifier: Apache-2.0
//
// Runs laws: draws cases with rapidcheck, shrinks what fails, and says how to run exactly that case again.
//
//   law + design + seed + number of cases --> holds | broken | gave_up | not_offered | not_asked
//   replay   "chunk/slice/slices_compose@CODE": CODE is the random state, the size and the way of the shrinking
//
// A law runs in a child process (except under AddressSanitizer and ThreadSanitizer), so that a design that crashes or
// hangs breaks this law and no other.
//
// Lifetime: outcomes own their text.
// Threads: REQUIRES: one thread in the process.
// Cost: a fork and the cases; a broken law costs its shrinking too, which is bounded. Writes nothing anywhere.
#pragma once
#include <cstdint>
#include <string_view>

#include "harness/judge/law.h"
#include "harness/judge/law_outcome.h"

namespace copycost {

// Thrown by a facade for an operation that its design does not have: the law is then not asked of this design.
struct not_offered {
  std::string_view operation;
};

// How many cases of `one` run when `cases` are asked for: a law that costs more runs fewer cases, but at least one.
// REQUIRES: cases > 0.
int cases_of(const law& one, int cases);

// Runs cases_of(one, cases) cases; the same seed draws the same cases. Without a child process it is not asked.
law_outcome run_law(const law& one, const facade_entry& of, std::uint64_t seed, int cases);

// Runs one case again, in this process, where a debugger can see it. Throws failure{usage} when the text is not a
// replay string of a law and design that this program contains.
law_outcome replay_law(std::string_view replay);

}  // namespace copycost
