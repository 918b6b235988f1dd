// SPDX-License-Identifier: Apache-2.0
//
// What differs between launches on purpose. A launch is the unit of replication only if what differs between runs
// differs between launches, too: the order of the cells, the layout of the heap, where in its page payload begins,
// where the stack lies. All of it is drawn from the run's seed, and stands in the launch's first line of samples.jsonl.
//
//   drawn(seed, launch, allocator)  -->  in the plan  -->  the launch's process: meet(...)  -->  a child for each item
//                                                          heap, payload, stack                 begins from just there
//
// What is the same in all of them: the program has threads, and glibc's thresholds are those of a process that has run
// for long (blocks below 32 MiB come from the heap, and 64 MiB of free heap are kept). Left alone the thresholds move
// with the largest block that was ever freed, by whatever cell.
//
// Threads: a value; drawn() is pure.
// Cost: of meet(), some milliseconds, and at most 16 MiB that stay.
#pragma once
#include <cstdint>
#include <functional>
#include <string_view>

#include "harness/base/json.h"

namespace copycost {

struct circumstances {
  std::uint64_t order = 0;          // seed of the order of cells and limits
  std::uint64_t heap = 0;           // seed of what is on the heap before
  std::uint64_t heap_blocks = 0;    // so many blocks were there, of which every second one is gone
  std::uint64_t payload_place = 0;  // where in its page payload begins, bytes: see heap_payload.h
  std::uint64_t stack_bytes = 0;    // so far below its begin the stack is used
  friend bool operator==(const circumstances&, const circumstances&) = default;
};

// Of one launch on one allocator: the same whatever cells are run, and independent of all others.
circumstances drawn(std::uint64_t seed, int launch, std::string_view allocator);

json to_json(const circumstances&);
circumstances circumstances_from(const json&);

// Puts this process's allocator into its known state, whatever is drawn. Before anything else.
void known_allocator();

// Makes them so in this process, for the rest of its life, and does the work there. REQUIRES: known_allocator(), once.
void meet(const circumstances& these, const std::function<void()>& work);

// Does the work in a child of this process, so that it begins from where this process stands and leaves nothing behind:
// what ran before is no company. Returns when the child has ended well. A child that ends otherwise ends this process
// in the same way, by the same signal or with the same code. REQUIRES: one thread in this process; what the work has to
// say lies in a file when it returns. Cost: about a millisecond.
void on_its_own(const std::function<void()>& work);

}  // namespace copycost
