// SPDX-License-Identifier: Apache-2.0
//
// What the whole_array design promises of each event store workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"

namespace copycost::event_store {

inline design_entry whole_array_card() {
  design_entry d;
  d.about = "one counted array of all events that never changes: reads are free, and an append copies everything";
  d.obligations = "none: a snapshot keeps the array that it shows";
  d.pick_when = "a short log that is written once and read for ever";
  d.avoid_when = "events are appended: each of them copies all that are there";
  return d;
}

}  // namespace copycost::event_store
