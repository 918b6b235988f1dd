// SPDX-License-Identifier: Apache-2.0
//
// What the sqlite design promises of each event store workload. The judge holds it to every cell.
#pragma once
#include "impls/event_store/common/amounts.h"

namespace copycost::event_store {

inline std::vector<promise> sqlite_promises() {
  using namespace amounts;
  constexpr std::string_view kPeer = "a peer: what its library allocates is its own business";
  constexpr amount any = [](const params& at) {
    double events = 4;
    for (const char* key : {"batch", "events", "count"})
      if (at.has(key)) events += number(at, key);
    return 4000 + 40 * events;
  };
  // COPIES: what is appended into the place that the database gives, and what is read out of it.
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

inline design_entry sqlite_card() {
  design_entry d;
  d.about = "SQLite in WAL mode: blobs in a table, an index of entities; reads are copies";
  d.peer = true;
  d.obligations = "drop snapshots soon: the write-ahead log grows as long as one is held";
  d.pick_when = "events are queried in other ways too, and one file that every tool can read is worth more than speed";
  d.avoid_when = "many consumers replay, or events are read one by one at memory's speed";
  d.promises = sqlite_promises();
  return d;
}

}  // namespace copycost::event_store
