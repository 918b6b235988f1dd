// SPDX-License-Identifier: Apache-2.0
//
// What the arena design promises of each graph workload. The judge holds it to every cell. Pieces of a region are
// counted apart (sub-allocations): `allocs` are calls of the heap.
#pragma once
#include "harness/core/registry.h"
#include "impls/graph/common/families.h"

namespace copycost::graph {

inline design_entry arena_card() {
  design_entry d;
  d.about = "items of a batch lie in one region, which is freed behind the last of them, in any thread";
  d.owns = ownership::region;
  d.zero_copy = true;
  d.obligations = "say end_batch() where a batch ends; an item that is kept keeps its whole region";
  d.pick_when = "items are made, passed on and dropped in batches";
  d.avoid_when = "items of one batch live for different times, or each one is changed after it was shared";
  d.promises = view_family();
  return d;
}

}  // namespace copycost::graph
