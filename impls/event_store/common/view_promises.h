// SPDX-License-Identifier: Apache-2.0
//
// What designs promise whose readers look at records in place: slice, arena and shm. An append copies its
// payload once, reading copies and allocates nothing. What each of them adds or changes stands in its promises.h.
//
// Threads: safe; pure functions.
#pragma once
#include <string_view>
#include <utility>
#include <vector>

#include "impls/event_store/common/amounts.h"

namespace copycost::event_store {

// Those of them that append.
inline std::vector<promise> growing(std::vector<promise> all) {
  for (promise& p : all) {
    p.retained_at_most = true;  // a segment is kept as a whole, or is not
    for (const std::string_view one : {"append", "append_many", "hold", "follow", "mix", "durable_append"})
      if (p.workload == one) {
        p.mapped = amounts::grown;
        p.syscalls = amounts::growth_calls;
      }
  }
  return all;
}

inline std::vector<promise> view_promises(amount retained, std::string_view segments_are) {
  using namespace amounts;
  constexpr std::string_view kThreads = "several threads";
  return growing({
      {"append", bound::exact, segments, batch_bytes, growth::linear, nullptr, segments_are, true},
      {"append_many", bound::exact, segments_of_many, all_events, growth::linear, nullptr, segments_are, true},
      {"snapshot", bound::at_most, none, none, growth::constant, nullptr, kThreads},
      {"hold", bound::exact, [](const params&) { return 0.1; }, one_event, growth::constant, retained, segments_are,
       true},
      {"read", bound::exact, none, none, growth::linear, nullptr, ""},
      {"read_entity", bound::exact, none, none, growth::linear, nullptr, ""},
      {"replay", bound::at_most, none, none, growth::linear, nullptr, kThreads},
      {"project", bound::at_most, [](const params& at) { return 64 + 3 * events_of(at); }, none, growth::linear,
       nullptr, "the projection's own memory"},
      {"follow", bound::at_most, [](const params&) { return 2.0; }, one_event, growth::constant, nullptr,
       "two threads"},
      {"mix", bound::exact, [](const params&) { return 0.1; }, mix_appended, growth::constant, nullptr, segments_are,
       true},
  });
}

// The same with files, where what is written is what lies in memory.
inline std::vector<promise> durable_view_promises(amount retained, std::string_view segments_are) {
  using namespace amounts;
  std::vector<promise> all = view_promises(retained, segments_are);
  all.push_back({"durable_append", bound::at_most, [](const params& at) { return 4 + number(at, "batch"); },
                 batch_of_64, growth::linear, nullptr, "several writers; segments and files now and then"});
  all.push_back({"recover", bound::at_most, [](const params& at) { return 200 + number(at, "events") / 100; }, none,
                 growth::linear, nullptr, "as many segments and files as there are"});
  all.back().mapped = reserved;
  return growing(std::move(all));
}

}  // namespace copycost::event_store
