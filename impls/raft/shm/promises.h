// SPDX-License-Identifier: Apache-2.0
//
// What the shm design promises of each raft workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"

namespace copycost::raft {

inline std::vector<promise> shm_promises() {
  return {};
}

inline design_entry shm_card() {
  design_entry d;
  d.about = "payload in a segment that members of one host share; between them, descriptors travel and payload stays";
  d.zero_copy = true;
  d.obligations = "make payload in the segment (what lies elsewhere is copied); trust the processes that can write to the segment";
  d.pick_when = "members of a group live on one host, or what is received goes on to processes of this host";
  d.avoid_when = "every peer is on another host (slice costs less to make and free)";
  d.promises = shm_promises();
  return d;
}

}  // namespace copycost::raft
