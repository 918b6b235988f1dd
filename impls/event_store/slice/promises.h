// SPDX-License-Identifier: Apache-2.0
//
// What the slice design promises of each event store workload. The judge holds it to every cell.
#pragma once
#include "impls/event_store/common/view_promises.h"

namespace copycost::event_store {

inline design_entry slice_card() {
  design_entry d;
  d.about = "a log of counted segments: a snapshot owns their directory, an append never moves what is there";
  d.zero_copy = true;
  d.obligations = "none: a snapshot keeps the segments that it shows";
  d.pick_when = "events are appended and read all the time, snapshots are held for any time, files are wanted";
  d.avoid_when = "snapshots are taken far more often than anything is read through them, by many threads";
  d.promises = durable_view_promises(amounts::both_held, "a new segment, its directory and its index now and then");
  d.promises.push_back({"replay_files", bound::at_most, [](const params&) { return 64.0; }, amounts::none, growth::linear,
                        nullptr, "as many files as there are"});
  return d;
}

}  // namespace copycost::event_store
