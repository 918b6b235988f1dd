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
#include <string>
#include <string_view>

#include "harness/base/failure.h"
#include "harness/judge/drawn.h"
#include "harness/judge/law.h"

namespace copycost {

// Thrown by a facade for an operation that its design does not have: the law is then not asked of this design.
struct not_offered {
  std::string_view operation;
};

// not_asked:   the machine could not do what asking takes (no process, no room for files, a signal from outside): it
// says
//              nothing of the design
// holds:       every case that was asked for ran and was right
// broken:      a case failed, crashed or hung; or no case ran at all, which proves nothing
// gave_up:     too many cases did not meet the law's preconditions: not the same as holds
// not_offered: the design does not have an operation that the law is about
enum class law_verdict { holds, broken, gave_up, not_offered, not_asked };
inline std::string_view to_string(law_verdict v) {
  switch (v) {
    case law_verdict::holds:
      return "holds";
    case law_verdict::broken:
      return "broken";
    case law_verdict::gave_up:
      return "gave_up";
    case law_verdict::not_offered:
      return "not offered";
    case law_verdict::not_asked:
      return "not asked";
  }
  return "unknown";
}

struct law_outcome {
  std::string system, design, law;
  law_verdict verdict = law_verdict::broken;
  exit_code code = exit_code::ok;  // whose doing it was that the law was not asked (core/fault.h)
  int cases = 0;                   // that ran to an end, the failing one included
  std::string counterexample;      // several lines: what was drawn, and what did not hold; empty when the law holds
  std::string replay;              // for replay_law(); empty unless a case failed
  drawn_counts drawn;              // cases by what was drawn in them; empty when the process ended
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
