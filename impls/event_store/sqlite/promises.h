// SPDX-License-Identifier: Apache-2.0
//
// What the sqlite design promises of each event store workload. The judge holds it to every cell.
#pragma once
#include "impls/event_store/common/families.h"

namespace copycost::event_store {

inline design_entry sqlite_card() {
  design_entry d;
  d.about = "SQLite in WAL mode: blobs in a table, an index of entities; reads are copies";
  d.owns = ownership::copies;
  d.peer = true;
  d.obligations = "drop snapshots soon: the write-ahead log grows as long as one is held";
  d.pick_when = "events are queried in other ways too, and one file that every tool can read is worth more than speed";
  d.avoid_when = "many consumers replay, or events are read one by one at memory's speed";
  d.promises = peer_family();
  return d;
}

}  // namespace copycost::event_store
