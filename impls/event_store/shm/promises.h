// SPDX-License-Identifier: Apache-2.0
//
// What the shm design promises of each event store workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"

namespace copycost::event_store {

inline design_entry shm_card() {
  design_entry d;
  d.about = "flat events in shared memory: one process writes, any number read in place, any of them may be killed";
  return d;
}

}  // namespace copycost::event_store
