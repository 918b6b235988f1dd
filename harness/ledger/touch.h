// SPDX-License-Identifier: Apache-2.0
//
// The touch witness: while an operation that must not read payload runs, the pages in which payload lies are
// inaccessible. It sees a copied byte of any size, in any thread, because a copy has to read the byte.
//
//   access of a payload byte   the page counts as touched, and is accessible from then on
//   access of its neighbours   (a head, a free list) goes on: the page is opened for one instruction
//   write to a payload byte    goes on, too: code that overwrites payload does not copy it
//   the first 8 bytes behind a head, and the first byte of a page, may be read: readers of heads look ahead
//
// A page that holds something beside payload costs a few microseconds for each access of the neighbours. Where there
// are many such pages, only some are guarded, the first and the last among them, and for at most kStepsMax accesses.
//
// Lifetime: one guard at a time in a process.
// Threads: the handlers are safe in any; while one thread goes on over a page, another one may read it unseen. One
// instruction at a time needs x86-64: elsewhere only pages that hold nothing but payload are guarded. Payload on stacks
// and in static data of programs is not guarded.
#pragma once
#include <cstddef>
#include <cstdint>

#include "harness/ledger/payload_places.h"

namespace copycost {

struct touched {
  std::uint64_t pages = 0;         // of which payload was read
  std::uint64_t guarded = 0;       // pages
  std::uint64_t steps = 0;         // accesses of the neighbours
  bool all = true;                 // false: there were too many pages, or too many accesses, to guard all to the end
  std::uintptr_t instruction = 0;  // that read first, 0: none did
};

// Takes the pages of these places away until release_payload(). REQUIRES: sorted.
void guard_payload(const payload_places& where);
// Gives them back, once no thread is at an instruction behind which it would take a page away again. The handler of
// faults stays: one may be on its way. Answers nothing touched when nothing is guarded.
touched release_payload();

}  // namespace copycost
