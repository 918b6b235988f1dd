// SPDX-License-Identifier: Apache-2.0
//
// Audits a row of cells and judges them: what `audit` and `gate` have in common.
//
// Threads: one at a time.
#pragma once
#include <vector>

#include "harness/judge/promises.h"

namespace copycost {

struct audited {
  std::vector<judged_row> rows;
  bool ok = true;       // all hold; under heaptrack nothing is held to anything
  verdict_count count;  // for the exit code
};

// Under heaptrack every verdict is `not measured`: its allocations arrive at our hooks too.
audited audit_cells(const std::vector<cell>& cells);

// One line on stderr for each of the first rows that do not hold, with every reason. Nothing when all of them hold.
void tell_what_does_not_hold(const audited& all);

}  // namespace copycost
