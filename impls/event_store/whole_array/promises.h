// SPDX-License-Identifier: Apache-2.0
//
// What the whole_array design promises of each event store workload. The judge holds it to every cell.
#pragma once
#include "impls/event_store/common/amounts.h"

namespace copycost::event_store {

inline std::vector<promise> whole_array_promises() {
  using namespace amounts;
  // Of n appends the k-th copies what is there, and its own events: (n + 1) / 2 batches each on average.
  constexpr amount rebuilt = [](const params& at) {
    const double appends = static_cast<double>(workloads::append::audit_ops(at));
    const double all = number(at, "batch") * number(at, "size");
    return (appends - 1) / 2 * all + batch_bytes(at);
  };
  constexpr amount rebuilt_many = [](const params& at) { return (number(at, "events") + 1) / 2 * all_events(at); };
  constexpr amount few = [](const params&) { return 8.0; };
  constexpr amount every = [](const params&) { return (workloads::hold::kKept + 1) * kPayload; };
  constexpr std::string_view kIndex = "the entities' index grows now and then";
  return {
      {"append", bound::exact, few, rebuilt, growth::linear, nullptr, kIndex, true},
      {"append_many", bound::exact, [](const params& at) { return 4 * number(at, "events"); }, rebuilt_many,
       growth::linear, nullptr, kIndex, true},
      {"snapshot", bound::at_most, none, none, growth::constant, nullptr, "several threads"},
      {"hold", bound::at_most, few, [](const params& at) { return 2 * every(at); }, growth::linear, both_held,
       "an append copies everything, and so does dropping the oldest event"},
      {"read", bound::exact, none, none, growth::linear, nullptr, ""},
      {"read_entity", bound::exact, none, none, growth::linear, nullptr, ""},
      {"replay", bound::at_most, none, none, growth::linear, nullptr, "several threads"},
      {"project", bound::at_most, [](const params& at) { return 64 + 12 * events_of(at); }, none, growth::linear,
       nullptr, "the projection's own memory"},
      {"follow", bound::at_most, few, [](const params&) { return 2000 * kPayload; }, growth::linear, nullptr,
       "two threads; an append copies everything"},
      {"mix", bound::at_most, few, [](const params& at) { return 2 * appends_of_mix(at) * every(at); }, growth::linear,
       nullptr, "an append copies everything, and so does dropping the oldest event"},
  };
}

inline design_entry whole_array_card() {
  design_entry d;
  d.about = "one counted array of all events that never changes: reads are free, and an append copies everything";
  d.owns = ownership::counted;
  d.obligations = "none: a snapshot keeps the array that it shows";
  d.pick_when = "a short log that is written once and read for ever";
  d.avoid_when = "events are appended: each of them copies all that are there";
  d.promises = whole_array_promises();
  return d;
}

}  // namespace copycost::event_store
