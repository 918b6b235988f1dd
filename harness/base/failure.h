// SPDX-License-Identifier: Apache-2.0
//
// What a command throws when it cannot go on: one line for the user and the exit code that goes with it.
// Used between main() and the instruments only; contracts of systems return result<T> and never throw.
#pragma once
#include <stdexcept>
#include <string>

namespace copycost {

// The exit codes of every command; a correctness failure wins over all others.
enum class exit_code : int {
  ok = 0,
  incorrect = 1,    // a law, the oracle or a promise failed
  usage = 2,        // wrong arguments, unreadable or foreign input
  regression = 3,   // the gate: an exact metric or a time got worse, or a baseline is loose
  nothing_ran = 4,  // nothing selected, or rows are missing
  inconclusive = 5,
  internal = 70,  // a bug of ours, or a result could not be written
  interrupted = 130,
};

struct failure : std::runtime_error {
  failure(exit_code code_, const std::string& line) : std::runtime_error(line), code(code_) {}
  exit_code code;
};

}  // namespace copycost
