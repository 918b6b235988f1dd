// SPDX-License-Identifier: Apache-2.0
//
// What the slice design promises of each event store workload. The judge holds it to every cell.
#pragma once
#include "impls/event_store/common/families.h"

namespace copycost::event_store {

inline design_entry slice_card() {
  design_entry d;
  d.about = "counted segments and a directory that is replaced: a reader keeps what it sees, and nothing else";
  d.owns = ownership::counted;
  d.zero_copy = true;
  d.obligations = "none: a snapshot keeps what it shows; it goes before the store does";
  d.pick_when = "appends, reads and snapshots must all be cheap, a reader may be slow, and the log may have files";
  d.avoid_when = "many threads take snapshots all the time: they meet in one count";
  d.promises = view_family(amounts::both_held, "a new segment, its directory and its index now and then");
  return d;
}

}  // namespace copycost::event_store
