// SPDX-License-Identifier: Apache-2.0
//
// What the whole_array design promises of each event store workload. The judge holds it to every cell.
#pragma once
#include "impls/event_store/common/families.h"

namespace copycost::event_store {

inline promise_family whole_array_promises() {
  using namespace amounts;
  constexpr std::string_view kIndex = "the entities' index grows now and then";
  constexpr std::string_view kCopiesAll = "an append copies everything, and so does dropping the oldest event";
  // Of n appends the k-th copies what is there, and its own events: (n + 1) / 2 batches each on average.
  constexpr amount rebuilt = [](const params& at) {
    const double appends = static_cast<double>(workloads::append::audit_ops(at));
    const double all = number(at, "batch") * number(at, "size");
    return (appends - 1) / 2 * all + batch_bytes(at);
  };
  constexpr amount rebuilt_many = [](const params& at) { return (number(at, "events") + 1) / 2 * all_events(at); };
  constexpr amount few = [](const params&) { return 8.0; };
  constexpr amount few_each = [](const params& at) { return 4 * number(at, "events"); };
  constexpr amount every = [](const params&) { return (workloads::hold::kKept + 1) * kPayload; };
  constexpr amount every_twice = [](const params& at) { return 2 * every(at); };
  constexpr amount projected = [](const params& at) { return 64 + 12 * events_of(at); };
  constexpr amount followed = [](const params&) { return 2000 * kPayload; };
  constexpr amount mixed = [](const params& at) { return 2 * appends_of_mix(at) * every(at); };
  return view_family(both_held, kIndex)
      .amended({
          promised<workloads::append>().exact().allocs_at_most(few, kIndex).copied(rebuilt).grows(),
          promised<workloads::append_many>().exact().allocs_at_most(few_each, kIndex).copied(rebuilt_many).grows(),
          promised<workloads::hold>().at_most(kCopiesAll).allocs(few).copied(every_twice).grows().retained(both_held),
          promised<workloads::project>().at_most(kProjection).allocs(projected).copied(none).grows(),
          promised<workloads::follow>()
              .at_most("two threads; an append copies everything")
              .allocs(few)
              .copied(followed)
              .grows(),
          promised<workloads::mix>().at_most(kCopiesAll).allocs(few).copied(mixed).grows(),
      });
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
