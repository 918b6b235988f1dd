// SPDX-License-Identifier: Apache-2.0
//
// What the shm design promises of each graph workload. The judge holds it to every cell. Blocks of the segment are
// counted apart (sub-allocations): `allocs` are calls of the heap, of which this design makes none.
#pragma once
#include "harness/core/registry.h"
#include "impls/graph/common/families.h"

namespace copycost::graph {

inline design_entry shm_card() {
  design_entry d;
  d.about = "views of counted blocks in a segment that processes share";
  d.owns = ownership::counted;
  d.zero_copy = true;
  d.obligations =
      "build payload in the segment (adopting copies it); trust the processes that can write to the segment";
  d.pick_when = "items of kilobytes go to another process, or must outlive a process that may be killed";
  d.avoid_when = "one process does it all, or items are small and every one is a block of its own";
  d.promises = view_family<0, 0>();
  return d;
}

}  // namespace copycost::graph
