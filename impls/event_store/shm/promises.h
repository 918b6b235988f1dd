// SPDX-License-Identifier: Apache-2.0
//
// What the shm design promises of each event store workload. The judge holds it to every cell.
#pragma once
#include "impls/event_store/common/families.h"

namespace copycost::event_store {

inline design_entry shm_card() {
  design_entry d;
  d.about = "flat events in shared memory: one process writes, any number read in place, any of them may be killed";
  d.zero_copy = true;
  d.obligations =
      "trust the processes that share the memory; drop a snapshot when it was read: as long as one is held, nothing "
      "that is "
      "truncated since is used again";
  d.pick_when = "other processes read the log while it is written, or must find it again after the writer was killed";
  d.avoid_when = "one process has it all to itself, or the machine has little memory for files in memory";
  d.promises = view_family(amounts::all_since, "a new segment now and then");
  return d;
}

}  // namespace copycost::event_store
