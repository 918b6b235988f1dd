// SPDX-License-Identifier: Apache-2.0
//
// What happens in the books when a block comes or goes: counters, peak, trace. Called by the malloc hooks with the
// thread's slot, which they fetch before the allocation, so that no per-thread set-up falls between.
//
// Threads: safe.
// Cost: two counts, one look at the watch switch, and the trailer.
#pragma once
#include <cstddef>
#include <cstdint>

#include "harness/ledger/hooks/allocator.h"
#include "harness/ledger/hooks/block.h"
#include "harness/ledger/hooks/far_blocks.h"
#include "harness/ledger/hooks/live.h"
#include "harness/ledger/hooks/slot.h"
#include "harness/ledger/hooks/thread_state.h"
#include "harness/ledger/hooks/trace/trace.h"

namespace copycost::hooks {

// The books of a new block. REQUIRES: `usable` is what the allocator gave, at least `size` bytes and the trailer.
inline void enter_block(slot& mine, void* block, std::size_t usable, std::size_t size) {
  const bool own = is_own_work();
  if (usable >= kFarBytes) [[unlikely]]
    note_if_far(block);
  write_trailer(block, usable, size, own);
  if (own) [[unlikely]]
    return;
  mine.add(counter::kAllocs, 1);
  mine.add(counter::kAllocBytes, size);
  const unsigned watch = watched();
  if ((watch & kWatchTrace) != 0) [[unlikely]]
    trace_alloc(block, size);
  else if (watch != 0)
    g_live.add(static_cast<std::int64_t>(size));
}

struct known_block {
  std::size_t usable;
  std::size_t requested;
  bool own;
  bool early;
  bool far;  // far_blocks.h
};

// Print one line and end the process: the pointer is not one of ours; the block is damaged or was freed before.
[[noreturn, gnu::cold, gnu::noinline]] void reject_foreign(const void* pointer);
[[noreturn, gnu::cold, gnu::noinline]] void reject_damaged(void* block, std::size_t usable);

// Looks a block up. Does not return when it is not a live block.
inline known_block look_up_block(void* block) {
  std::size_t usable = 0;
  bool early = false;
  bool far = false;
  if (is_owned(block)) [[likely]] {
    usable = g_allocator.usable_size(block);
  } else if (is_far(block)) {
    usable = g_allocator.usable_size(block);
    far = true;
  } else {
    if (!is_early(block)) reject_foreign(block);
    usable = early_usable_size(block);
    early = true;
  }
  const trailer t = read_trailer(block, usable);
  if (!t.valid) [[unlikely]]
    reject_damaged(block, usable);
  return {usable, t.requested, t.own, early, far};
}

// The books of a block that is about to be freed; called before the allocator gets it back.
inline void leave_block(slot& mine, void* block, const known_block& known) {
  detail::word_at(block, known.usable).value = kReleased;
  if (known.far) [[unlikely]]
    forget_far(block);
  if (known.own) [[unlikely]]
    return;
  mine.add(counter::kFrees, 1);
  mine.add(counter::kFreedBytes, known.requested);
  const unsigned watch = watched();
  if ((watch & kWatchTrace) != 0) [[unlikely]]
    trace_free(block, known.requested);
  else if (watch != 0)
    g_live.add(-static_cast<std::int64_t>(known.requested));
}

// The books of a realloc: `block` (which may be the old one) is valid already and the old one not yet freed, so that no
// other thread can be given the old address before it is written off.
void replace_block(slot& mine, void* old_block, const known_block& known, void* block, std::size_t size);

}  // namespace copycost::hooks
