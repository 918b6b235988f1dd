// SPDX-License-Identifier: Apache-2.0
//
// What operations of the event store's workloads handle, for promises.h of the designs: amounts per operation.
//
// Threads: safe; pure functions.
#pragma once
#include <algorithm>

#include "harness/core/promise.h"
#include "scenarios/event_store/workloads/append.h"
#include "scenarios/event_store/workloads/hold.h"
#include "scenarios/event_store/workloads/mix.h"
#include "scenarios/event_store/workloads/project.h"
#include "scenarios/event_store/workloads/read_entity.h"
#include "scenarios/event_store/workloads/replay.h"
#include "scenarios/event_store/workloads/snapshot.h"

namespace copycost::event_store::amounts {

inline constexpr auto kPayload = static_cast<double>(workloads::kSize);

using copycost::amounts::none, copycost::amounts::number, copycost::amounts::one, copycost::amounts::two;

// Bytes of payload of one append; written in place, nothing is copied.
inline double batch_bytes(const params& at) {
  return workloads::append::in_place(at) ? 0 : number(at, "batch") * number(at, "size");
}
inline double batch_of_64(const params& at) { return number(at, "batch") * kPayload; }
inline double one_event(const params&) { return kPayload; }
// Of the real input: at most what its records have.
inline double all_events(const params& at) {
  if (at.has("input")) return static_cast<double>(workloads::replay::log_bytes_of(at));
  return number(at, "events") * kPayload;
}
inline double events_of(const params& at) { return static_cast<double>(workloads::project::events_of(at)); }
inline double count_events(const params& at) { return number(at, "count") * kPayload; }
inline double entity_events(const params& at) { return workloads::read_entity::mean_events(at) * kPayload; }
// The share of operations of the mix that append; the others read.
inline double appends_of_mix(const params& at) {
  return number(at, "writes") / (number(at, "reads") + number(at, "writes"));
}
inline double mix_appended(const params& at) { return appends_of_mix(at) * kPayload; }
inline double mix_read(const params& at) {
  return (1 - appends_of_mix(at)) * static_cast<double>(workloads::mix::kCount) * kPayload;
}

// Segments and what belongs to them, now and then: at most so many allocations an append.
inline double segments(const params& at) {
  return 2 + 8 * number(at, "batch") * static_cast<double>(workloads::record_bytes(at.number("size"))) / (1 << 20);
}
// Address space and system calls of a log that grows: segments of a megabyte and more, their directory and their index.
inline double grown(const params& at) {
  double events = 1, size = kPayload;
  for (const char* key : {"batch", "events"})
    if (at.has(key)) events += number(at, key);
  if (at.has("size")) size = number(at, "size");
  return 16.0 * 1024 * 1024 + 4 * events * static_cast<double>(workloads::record_bytes(static_cast<std::size_t>(size)));
}
inline double growth_calls(const params& at) { return 8 + grown(at) / (256 * 1024); }
// Address space is reserved for all that a log may become.
inline double reserved(const params&) { return 64.0 * 1024 * 1024 * 1024; }

inline double segments_of_many(const params& at) { return 16 + number(at, "events") / 1000; }
inline double seldom_a_segment(const params&) { return 0.1; }
// A directory's files are opened and listed.
inline double files(const params&) { return 64; }

// Bytes that are held and were not before, over the payload that is live, while a snapshot is held: both the events
// that it shows and the latest ones are live.
inline double both_held(const params&) { return 4; }
// Everything that was appended since: a reader that holds an epoch holds it all.
inline double all_since(const params& at) {
  const double kept = static_cast<double>(workloads::hold::kKept);
  return number(at, "held") == 0 ? 4 : 4 + 3 * number(at, "appends") / kept;
}

}  // namespace copycost::event_store::amounts
