// SPDX-License-Identifier: Apache-2.0
//
// One crash: a child process appends to a durable store, is killed, and what it left is opened and compared with what
// it knows. Every event follows from its number, so a process that finds one knows what it must be.
//
//   child    open | append, note | append, note | truncate, note | ...        SIGKILL
//   parent                                                                    open | compare | append one more
//
// Used by the law and by the programs that crash a thousand times; nothing here needs rapidcheck to run. REQUIRES: one
// thread in this process.
//
// Cost: a fork, and reading everything.
#pragma once
#include <cstdint>
#include <string>

#include "scenarios/event_store/any_store.h"
#include "scenarios/event_store/oracle/oracle.h"

namespace copycost::event_store::properties {

struct crash_plan {
  store_options options;     // with a directory; the same one again and again
  std::uint64_t seed = 1;    // of the events; the same for one directory
  std::uint64_t moment = 0;  // what the child does, and how large its batches are
  bounds log{};              // before: crash_result::log of the crash before
  // When the child dies: so many microseconds after its first append, or, where it is not 0 and the design writes
  // through store_options::files, when so many bytes and operations have gone to its files, between two of them.
  std::uint64_t microseconds = 0, fuse = 0;
  bool truncates = false;
};

struct crash_result {
  std::string wrong;                          // the first thing; empty: nothing
  std::uint64_t acknowledged = 0, begun = 0;  // ends of the log: what the child surely knows, and may know
  bounds log{};  // what is there now: one more than was there after the crash, an append that shows that it goes on
  std::uint64_t lost = 0, invented = 0;  // acknowledged events that are missing; events of no append
  std::uint64_t cut_bytes = 0;
  // It died after it had begun a batch of several events, and before it knew that they are there. Then they are
  // there, all of them or none: a front of them is wrong.
  bool died_in_batch = false, front_of_batch = false;
};

// Errors that are no answer about the design (no process can be started) are thrown: failure{internal}.
crash_result crash_once(facade& f, const crash_plan& plan);

// The event of this number.
owned_draft crash_event(std::uint64_t seed, std::uint64_t number);
// Empty where the store shows events of this seed, without a gap, by number and by entity. `range`: what it shows.
std::string wrong_with_numbers(any_store& store, std::uint64_t seed, bounds& range);

}  // namespace copycost::event_store::properties
