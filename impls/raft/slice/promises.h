// SPDX-License-Identifier: Apache-2.0
//
// What the slice design promises of each raft workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"
#include "impls/raft/common/families.h"

namespace copycost::raft {

inline promise_family slice_promises() {
  using namespace amounts;
  constexpr amount arrived = [](const params&) { return 2.0; };
  return view_family<1>().amended({
      promised<workloads::pieces>()
          .at_most(
              "what moves when the room ends depends on where a piece ends; a block that is looked at is left behind")
          .allocs(arrived)
          .copied(arriving)
          .grows(),
  });
}

inline design_entry slice_card() {
  design_entry d;
  d.about = "gather writes of counted blocks; received messages are slices of the receive buffer";
  d.owns = ownership::counted;
  d.obligations = "none: a message keeps its block alive";
  d.pick_when = "entries are received, applied and forwarded, and their lifetimes differ";
  d.avoid_when = "a few small entries are kept for long (compact them)";
  d.promises = slice_promises();
  return d;
}

}  // namespace copycost::raft
