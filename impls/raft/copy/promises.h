// SPDX-License-Identifier: Apache-2.0
//
// What the copy design promises of each raft workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"
#include "impls/raft/common/families.h"

namespace copycost::raft {

inline design_entry copy_card() {
  design_entry d;
  d.about = "frames assembled in one piece, messages copied out of the receive buffer";
  d.owns = ownership::copies;
  d.obligations = "none: a message owns its bytes";
  d.pick_when = "messages are small, or memory must be bounded by what is alive";
  d.avoid_when = "payloads are large or many entries are kept for a moment only";
  d.promises = copy_family();
  return d;
}

}  // namespace copycost::raft
