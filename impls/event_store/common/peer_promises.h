// SPDX-License-Identifier: Apache-2.0
//
// What the peers promise of each event store workload: wide bounds, because their libraries decide what to copy and
// allocate, and no witness sees all of it.
//
// Threads: safe; pure functions.
#pragma once
#include <vector>

#include "impls/event_store/common/amounts.h"

namespace copycost::event_store {

inline std::vector<promise> peer_promises() {
  using namespace amounts;
  constexpr std::string_view kPeer = "a peer: what its library allocates is its own business";
  constexpr amount any = [](const params& at) {
    double events = 4;
    for (const char* key : {"batch", "events", "count"})
      if (at.has(key)) events += number(at, key);
    if (at.has("input")) events += events_of(at);
    return 4000 + 40 * events;
  };
  // What is appended into the place that the database gives, pages that it copies, and what is read out of it.
  constexpr amount copied = [](const params& at) {
    const double size = at.has("size") ? number(at, "size") : kPayload;
    double events = 4096;
    for (const char* key : {"batch", "events", "count"})
      if (at.has(key)) events += number(at, key);
    if (at.has("input")) events += events_of(at);
    return 32 * size * events;
  };
  // Through its files, in as many calls as it likes.
  constexpr amount through_files = [](const params& at) { return reserved(at) * 4 + 1000 * any(at) * kPayload; };
  std::vector<promise> all;
  for (const char* workload : {"append", "append_many", "snapshot", "hold", "read", "read_entity", "replay", "project",
                               "follow", "mix", "durable_append", "recover", "replay_files"})
    all.push_back({workload, bound::at_most, any, copied, growth::linear,
                   std::string_view(workload) == "hold" ? amount(all_since) : nullptr, kPeer});
  for (promise& p : all) {
    p.mapped = p.kernel_bytes = p.else_kernel_bytes = through_files;
    p.syscalls = p.else_syscalls = any;
  }
  return all;
}

}  // namespace copycost::event_store
