// SPDX-License-Identifier: Apache-2.0
//
// What the shm design promises of each chunk workload. The judge holds it to every cell. Blocks of the segment are
// counted apart (sub-allocations): `allocs` are calls of the heap, of which this design makes none; what describes a
// block lies in tables that are there anyhow. Where a workload adopts its payload, the copy into the segment is made at
// set-up, outside of the window.
#pragma once
#include "harness/core/registry.h"
#include "impls/chunk/common/families.h"

namespace copycost::chunk {

inline promise_family shm_promises() {
  using namespace amounts;
  return view_family<0, 0>().amended({
      promised<workloads::hand_over_process>()
          .at_most("two processes: who sleeps and wakes varies")
          .allocs(none)
          .copied(none)
          .grows(),
  });
}

inline design_entry shm_card() {
  design_entry d;
  d.about = "reference-counted slices of blocks in a segment that processes share";
  d.owns = ownership::counted;
  d.zero_copy = true;
  d.obligations =
      "build payload in the segment (adopting copies it); trust the processes that can write to the segment";
  d.pick_when = "payloads of kilobytes go to another process, or must outlive a process that may be killed";
  d.avoid_when = "one process does it all, or messages are small and every one is a block of its own";
  d.promises = shm_promises();
  return d;
}

}  // namespace copycost::chunk
