// SPDX-License-Identifier: Apache-2.0
//
// What asking a design for a law answers, and the words for it.
//
// Threads: a value, which owns its text.
#pragma once
#include <string>
#include <string_view>

#include "harness/base/failure.h"
#include "harness/base/words.h"
#include "harness/judge/drawn.h"

namespace copycost {

// not_asked:   the machine could not do what asking takes (no process, no room for files, a signal from outside): it
//              says nothing of the design
// holds:       every case that was asked for ran and was right
// broken:      a case failed, crashed or hung; or no case ran at all, which proves nothing
// gave_up:     too many cases did not meet the law's preconditions: not the same as holds
// not_offered: the design does not have an operation that the law is about
enum class law_verdict { holds, broken, gave_up, not_offered, not_asked };
inline constexpr worded<law_verdict> kLawWords[] = {{law_verdict::holds, "holds"},
                                                    {law_verdict::broken, "broken"},
                                                    {law_verdict::gave_up, "gave_up"},
                                                    {law_verdict::not_offered, "not offered"},
                                                    {law_verdict::not_asked, "not asked"}};
static_assert(names_all(kLawWords, law_verdict::not_asked));
constexpr std::string_view to_string(law_verdict v) { return text_of(kLawWords, v); }

struct law_outcome {
  std::string system, design, law;
  law_verdict verdict = law_verdict::broken;
  exit_code code = exit_code::ok;  // whose doing it was that the law was not asked (core/fault.h)
  int cases = 0;                   // that ran to an end, the failing one included
  std::string counterexample;      // several lines: what was drawn, and what did not hold; empty when the law holds
  std::string replay;              // for replay_law(); empty unless a case failed
  drawn_counts drawn;              // cases by what was drawn in them; empty when the process ended
};

}  // namespace copycost
