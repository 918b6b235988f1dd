// SPDX-License-Identifier: Apache-2.0
//
// What the copy design promises of each event store workload. The judge holds it to every cell.
#pragma once
#include "impls/event_store/common/families.h"

namespace copycost::event_store {

inline design_entry copy_card() {
  design_entry d;
  d.about = "one buffer of records: whoever reads gets bytes of its own";
  d.owns = ownership::copies;
  d.obligations = "none: what is read is the reader's own; the lists of a snapshot go before it";
  d.pick_when = "reads are small or rare, or what was read outlives the log";
  d.avoid_when = "the log is replayed or snapshots are taken: both cost as much as what they show";
  d.promises = copy_family();
  return d;
}

}  // namespace copycost::event_store
