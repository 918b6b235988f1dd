// SPDX-License-Identifier: Apache-2.0
//
// What the copy design promises of each event store workload. The judge holds it to every cell.
#pragma once
#include "impls/event_store/common/amounts.h"

namespace copycost::event_store {

inline std::vector<promise> copy_promises() {
  using namespace amounts;
  constexpr amount one = [](const params&) { return 1.0; };
  constexpr amount two = [](const params&) { return 2.0; };
  constexpr std::string_view kGrows = "a vector that grows by doubling, and an index by names and vectors";
  return {
      {"append", bound::at_most, [](const params& at) { return 4 + 2 * number(at, "batch"); },
       [](const params& at) { return 3 * number(at, "batch") * number(at, "size"); }, growth::linear, nullptr, kGrows},
      {"append_many", bound::at_most, [](const params& at) { return 2100 + 0.5 * number(at, "events"); },
       [](const params& at) { return 3 * all_events(at); }, growth::linear, nullptr, kGrows},
      {"snapshot", bound::at_most, [](const params&) { return 2.5; },
       [](const params&) { return 1.1 * workloads::snapshot::kEvents * kPayload; }, growth::linear, nullptr,
       "the log grows meanwhile"},
      {"hold", bound::at_most, one,
       [](const params& at) {
         return (8 + number(at, "held") * workloads::hold::kKept / number(at, "appends")) * kPayload;
       },
       growth::constant, both_held, kGrows},
      {"read", bound::exact, one, count_events, growth::linear, nullptr, ""},
      {"read_entity", bound::exact, one, entity_events, growth::linear, nullptr, ""},
      {"replay", bound::at_most, one, all_events, growth::linear, nullptr, "several threads"},
      {"project", bound::at_most, [](const params& at) { return 64 + 12 * events_of(at); },
       [](const params& at) { return 512 * events_of(at); }, growth::linear, nullptr, "the projection's own memory"},
      {"follow", bound::at_most, [](const params&) { return 8.0; }, [](const params&) { return 64 * kPayload; },
       growth::constant, nullptr, "two threads, and the growing vector"},
      {"mix", bound::at_most, two, [](const params& at) { return 8 * mix_appended(at) + mix_read(at); }, growth::linear,
       nullptr, kGrows},
      {"durable_append", bound::at_most, [](const params& at) { return 16 + 4 * number(at, "batch"); },
       [](const params& at) { return 5 * batch_of_64(at); }, growth::linear, nullptr, kGrows},
      {"recover", bound::at_most, [](const params& at) { return 200 + number(at, "events"); },
       [](const params& at) { return 3 * all_events(at); }, growth::linear, nullptr, kGrows},
      {"replay_files", bound::at_most, [](const params&) { return 64.0; }, none, growth::linear, nullptr,
       "as many files as there are; the kernel copies"},
  };
}

inline design_entry copy_card() {
  design_entry d;
  d.about = "one buffer of records: whoever reads gets bytes of its own";
  d.owns = ownership::copies;
  d.obligations = "none: what is read is the reader's own; the lists of a snapshot go before it";
  d.pick_when = "reads are small or rare, or what was read outlives the log";
  d.avoid_when = "the log is replayed or snapshots are taken: both cost as much as what they show";
  d.promises = copy_promises();
  for (promise& p : d.promises)
    if (p.workload == "replay_files") p.mapped = amounts::grown;
  return d;
}

}  // namespace copycost::event_store
