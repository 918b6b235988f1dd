// SPDX-License-Identifier: Apache-2.0
//
// shm: a log in memory that processes share. One process writes; any number of them read it where it lies, and each of
// them may be killed at any instruction.
//
//   writer                      the memory (a file without a name; no pointers in it)             reader
//   lock of the file's writer   [first | end | epoch | generation]  <---------------- snapshot [first|end|index]
//   tail ----------------+      [pin 0: epoch 7 | pin 1: 0 | ...  ]  <------ store ----------- | pin
//   free places          |      [rows: 0|place 2 . 900|place 0    ]  <------ search ----+      |
//                        |      [index areas: name -> 3, 9, 17 .. ]                     |      v
//                        +----> [segment: record|record|..|places ]  <---- event_view -- list [from|to]
//
// `end` is stored last, so a record is there as a whole or not at all. What is put aside is used anew only when no
// living reader has pinned an epoch in which it could be seen. The kernel says which processes are alive (locks on the
// file).
//
// Lifetime: the memory is there until the last process releases it; a snapshot keeps everything from what it shows to
// the present.
// Threads: as contract.h says.
// Cost: an append copies its payload once, into the segment; a snapshot is two stores on a line of the reader's own and
// loads of one line of the writer's (pins.h); a read is a few words, and allocates nothing. First touch of a page costs
// some 2 us in the writer, and a fault for 16 of them in each reading process.
#pragma once
#include "impls/event_store/common/engine.h"
#include "impls/event_store/shm/memory.h"

namespace copycost::event_store {

struct shm_design {
  using store = engine<shm_memory>;
  static constexpr design_traits traits{.durable = true, .on_disk = true, .shared = true};
};
static_assert(design<shm_design>);

}  // namespace copycost::event_store
