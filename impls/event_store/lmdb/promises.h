// SPDX-License-Identifier: Apache-2.0
//
// What the lmdb design promises of each event store workload. The judge holds it to every cell.
#pragma once
#include "impls/event_store/common/amounts.h"

namespace copycost::event_store {

inline std::vector<promise> lmdb_promises() {
  using namespace amounts;
  constexpr std::string_view kPeer = "a peer: what its library allocates is its own business";
  constexpr amount any = [](const params& at) {
    double events = 4;
    for (const char* key : {"batch", "events", "count"})
      if (at.has(key)) events += number(at, key);
    return 4000 + 40 * events;
  };
  // COPIES: what is appended into the place that the database gives.
  constexpr amount copied = [](const params& at) {
    const double size = at.has("size") ? number(at, "size") : kPayload;
    double events = 4096;
    for (const char* key : {"batch", "events", "count"})
      if (at.has(key)) events += number(at, key);
    return 32 * size * events;
  };
  std::vector<promise> all;
  for (const char* workload : {"append", "append_many", "snapshot", "hold", "read", "read_entity", "replay", "project", "follow",
                               "mix", "durable_append", "recover", "replay_files"})
    all.push_back({workload, bound::at_most, any, copied, growth::linear,
                   std::string_view(workload) == "hold" ? amount(all_since) : nullptr, kPeer});
  return all;
}

inline design_entry lmdb_card() {
  design_entry d;
  d.about = "LMDB: a B+ tree in a mapped file; reads are pointers into the map";
  d.peer = true;
  d.obligations = "drop snapshots and lists soon: pages that one of them sees are not used again, and the file grows";
  d.pick_when = "an embedded store of your own is not wanted, reads are many and short, and the file must open at once";
  d.avoid_when = "single events are appended durably one by one, or snapshots are held for long while much is appended";
  d.promises = lmdb_promises();
  return d;
}

}  // namespace copycost::event_store
