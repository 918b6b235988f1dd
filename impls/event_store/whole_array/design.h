// SPDX-License-Identifier: Apache-2.0
//
// whole_array: the published design. All events are one counted array that never changes; a reader takes one owner of
// it, and an append makes the next one: everything that is there is copied, and then the new event is.
//
//   reader A --> [e0|e1|e2]
//   reader B --> [e0|e1|e2|e3]
//   store    --> [e0|e1|e2|e3|e4]      an append of one event to n copies n
//
// Lifetime: an array lives until the store has replaced it and its last reader is gone; each that is held is a whole
// copy.
// Threads: as contract.h says.
// Cost: a snapshot is two locked instructions, a read is a few words; an append copies everything, and so does
// truncation, so n appends copy n * n / 2 events.
#pragma once
#include "impls/event_store/common/engine.h"
#include "impls/event_store/whole_array/memory.h"

namespace copycost::event_store {

struct whole_array_design {
  using store = engine<whole_array_memory>;
  static constexpr design_traits traits{.fills_slowly = true};
};
static_assert(design<whole_array_design>);

}  // namespace copycost::event_store
