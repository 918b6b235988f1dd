// SPDX-License-Identifier: Apache-2.0
//
// What the lmdb design promises of each event store workload. The judge holds it to every cell.
#pragma once
#include "impls/event_store/common/families.h"

namespace copycost::event_store {

inline design_entry lmdb_card() {
  design_entry d;
  d.about = "LMDB: a B+ tree in a mapped file; reads are pointers into the map";
  d.peer = true;
  d.obligations = "drop snapshots and lists soon: pages that one of them sees are not used again, and the file grows";
  d.pick_when = "an embedded store of your own is not wanted, reads are many and short, and the file must open at once";
  d.avoid_when = "single events are appended durably one by one, or snapshots are held for long while much is appended";
  d.promises = peer_family();
  return d;
}

}  // namespace copycost::event_store
