// SPDX-License-Identifier: Apache-2.0
//
// What the arena design promises of each event store workload. The judge holds it to every cell.
#pragma once
#include "impls/event_store/common/families.h"

namespace copycost::event_store {

inline design_entry arena_card() {
  design_entry d;
  d.about = "segments in arenas that nobody counts: readers enter a generation, and what is older is freed as a whole";
  d.owns = ownership::region;
  d.zero_copy = true;
  d.obligations =
      "drop a snapshot when it was read: as long as a reader holds one, nothing that is truncated is freed; snapshots "
      "go "
      "before the store does";
  d.pick_when = "snapshots are taken all the time, by many threads, and held for a short time";
  d.avoid_when = "a reader may sleep with a snapshot while the log is truncated, or files are needed";
  d.promises = view_family(amounts::all_since, "a new segment, its directory and its index now and then");
  return d;
}

}  // namespace copycost::event_store
