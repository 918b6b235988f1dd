// SPDX-License-Identifier: Apache-2.0
//
// What `send` costs in units of what was asked for: the amounts that designs promise. `adaptive` is exact, too: promise
// and encoder ask for the same threshold, which is measured once in a process.
//
// Threads: safe.
#pragma once
#include "harness/core/registry.h"
#include "scenarios/raft/workloads/send.h"

namespace copycost::raft::amounts {

// The payload once, below the threshold that is asked for; and what a pipe copies.
inline double sent_as_asked(const params& p) { return workloads::send::copied_beside(p) + workloads::send::carried(p); }
// The payload once, whatever is asked.
inline double sent_copied(const params& p) {
  return static_cast<double>(p.number("size")) + workloads::send::carried(p);
}

}  // namespace copycost::raft::amounts
