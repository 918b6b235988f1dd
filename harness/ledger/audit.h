// SPDX-License-Identifier: Apache-2.0
//
// The audit of one cell: what its operations allocate, copy, retain and ask of the kernel, by every witness. No timing.
// One audit at a time in a process.
//
// Cost: four episodes of the cell, and some milliseconds of more operations.
#pragma once
#include <string>

#include "harness/ledger/audit_row.h"

namespace copycost {

// Whether the hooks are there and work; without them the ledger can say nothing. One line of reason otherwise.
bool ledger_ready(std::string& why);

audit_row audit(const cell& what);
// The same without what follows from the figures (words, conclusions, a longer look): what it allocates does not depend
// on them, so that two runs can be compared byte by byte.
audit_row audit_figures(const cell& what);

}  // namespace copycost
