// SPDX-License-Identifier: Apache-2.0
//
// What the witnesses together prove of a cell: the upper bound against what the contract allows, and what a copy that
// none of them saw would have to look like.
//
// Threads: safe; pure functions over an audit row.
#pragma once
#include "harness/ledger/audit_row.h"

namespace copycost {

// Pages that a window of the cell may write: the roles' stacks in each piece of it, what its operations write by
// contract, and what the design promises to copy.
double allowed_pages(const audit_row& row, const written_window& w);

// Fills in what is allowed, `known`, `could_hide` and `covers`. REQUIRES: all passes have run.
void conclude(audit_row& row);

}  // namespace copycost
