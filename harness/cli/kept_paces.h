// SPDX-License-Identifier: Apache-2.0
//
// The paces of cells in a file, so that a second `list` answers at once: for a week, on this machine and program; what
// was found on a busy machine for ten minutes. One call at a time.
#pragma once
#include <cstdint>
#include <string>

#include "harness/clock/sample.h"

namespace copycost {

// What a time depends on besides the cell: the program, the machine, and what else the machine did.
struct conditions {
  std::string program, machine;
  double load = 0;
  std::int64_t minute = 0;
  unsigned cores = 1;
  bool busy() const { return load >= 0.5 * cores; }
};

struct kept_paces {
  paces known;
  double load = 0;
  bool busy = false;  // other work was in the way when they were found
};

// None where there is no file, or one that does not hold now.
kept_paces read_kept_paces(const std::string& path, const conditions& now);
// A directory that cannot be written to costs time and nothing else.
void keep_paces(const std::string& path, const kept_paces& found, const conditions& at);

}  // namespace copycost
