// SPDX-License-Identifier: Apache-2.0
//
// arena: a log of segments without counts. A reader enters a generation in a slot of its own. Memory that was taken out
// of the log is freed when no slot holds a generation in which it was there (log.h, reader_slots.h).
//
//   reader A [slot: generation 7]----+ snapshot [directory*|first|end]
//   reader B [slot: 0]               v
//   directory [..x..|first|segment*|first|segment*]--> segment [record|record|... free ...|places]
//   retired   [segment, generation 6: free now][segment, generation 7: when A releases it]    ^ end: a release store
//
// Lifetime: what a snapshot shows stays until the snapshot is gone. So does everything that was truncated since its
// reader's oldest snapshot was taken: a reader that sleeps with one keeps memory that it never looks at. Snapshots must
// be gone before the store is.
// Threads: as contract.h says.
// Cost: a snapshot is a plain store on a line that no other reader touches, and another one when it goes; where the
// kernel cannot send all threads through a barrier the first one is an atomic exchange. A read is a few words, and
// allocates nothing. An append copies its payload once, into the segment.
#pragma once
#include "impls/event_store/arena/memory.h"
#include "impls/event_store/common/engine.h"

namespace copycost::event_store {

struct arena_design {
  static constexpr design_traits traits{};
  using store = engine<arena_memory>;
};
static_assert(design<arena_design>);

}  // namespace copycost::event_store
