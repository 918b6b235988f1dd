// SPDX-License-Identifier: Apache-2.0
//
// What is said of a row, and the words for it. Every command, result file and report uses these words (ci/lint, rule
// `words`, compares the report's own list with this one).
//
//   holds           the result is right; every promise and ratio stands
//   broken          a result, a law or a promise is wrong; nothing else
//   not_separated   the interval of the ratio contains 1
//   no_honest_copy  a `copy` that is too far above its floor: its time stands, no ratio is drawn against it
//   not_measured    could not be done; the row says why
//
//   a command's exit code: 1 something is broken; 4 nothing was measured (2: because of the input); else as the command
//   says for rows that could not be measured
//
// Threads: a value.
#pragma once
#include <string_view>

#include "harness/base/failure.h"
#include "harness/base/words.h"

namespace copycost {

enum class verdict { holds, broken, not_separated, no_honest_copy, not_measured };

inline constexpr worded<verdict> kVerdictWords[] = {{verdict::holds, "holds"},
                                                    {verdict::broken, "broken"},
                                                    {verdict::not_separated, "not separated"},
                                                    {verdict::no_honest_copy, "no honest copy"},
                                                    {verdict::not_measured, "not measured"}};
static_assert(names_all(kVerdictWords, verdict::not_measured));

constexpr std::string_view to_string(verdict v) { return text_of(kVerdictWords, v); }

// Whether a failure with this code is the verdict `broken`, or only something that could not be done.
constexpr verdict verdict_of(exit_code failed_with) {
  return failed_with == exit_code::incorrect ? verdict::broken : verdict::not_measured;
}

// The rows of a command, as far as its exit code asks.
struct verdict_count {
  std::size_t rows = 0, broken = 0, unmeasured = 0;
  exit_code why = exit_code::internal;  // of the rows that were not measured: the input's if it is to blame for one
  void add(verdict said, exit_code failed_with = exit_code::internal) {
    ++rows;
    broken += said == verdict::broken;
    unmeasured += said == verdict::not_measured;
    if (said == verdict::not_measured && failed_with == exit_code::usage) why = exit_code::usage;
  }
  // `some`: what it is when some rows, not all, were not measured.
  exit_code code(exit_code some) const {
    if (broken > 0) return exit_code::incorrect;
    if (unmeasured == 0) return exit_code::ok;
    if (unmeasured < rows) return some;
    return why == exit_code::usage ? why : exit_code::nothing_ran;
  }
  exit_code code() const { return code(why); }
};

}  // namespace copycost
