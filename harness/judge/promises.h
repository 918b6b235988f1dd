// SPDX-License-Identifier: Apache-2.0
//
// Does a design keep what it promised, and do the witnesses agree?
//
// Threads: safe; pure functions over an audit row.
#pragma once
#include <string>
#include <vector>

#include "harness/core/verdict.h"
#include "harness/ledger/audit.h"

namespace copycost {

struct judgement {
  verdict said = verdict::holds;
  std::vector<std::string> reasons;  // one line each; empty when it holds
  const promise* held_to = nullptr;  // null: the design made none for this workload, which is broken for our own
};

// A row of an audit, and what is said of it.
struct judged_row {
  audit_row found;
  judgement said;
};

// Rules: exact promises are kept by equality in both directions (a looser one is broken too); at_most promises need a
// reason; a zero-copy design may not promise more than the workload's cap; two exact witnesses that differ, or a bound
// above an exact one, are broken.
judgement judge(const audit_row& row);

}  // namespace copycost
