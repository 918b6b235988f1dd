// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/hooks/account.h"

namespace copycost::hooks {

void replace_block(slot& mine, void* old_block, const known_block& known, void* block, std::size_t size) {
  const std::size_t usable = block == old_block ? known.usable : g_allocator.usable_size(block);
  if (block != old_block) {
    detail::word_at(old_block, known.usable).value = kReleased;
    if (known.far) forget_far(old_block);
    if (usable >= kFarBytes) note_if_far(block);
  }
  write_trailer(block, usable, size, known.own);
  if (known.own) return;
  mine.add(counter::kFrees, 1);
  mine.add(counter::kFreedBytes, known.requested);
  mine.add(counter::kAllocs, 1);
  mine.add(counter::kAllocBytes, size);
  const unsigned watch = watched();
  if ((watch & kWatchTrace) != 0)
    trace_realloc(old_block, known.requested, block, size);
  else if (watch != 0)  // one change, so that the peak never holds both
    g_live.add(static_cast<std::int64_t>(size) - static_cast<std::int64_t>(known.requested));
}

void reject_foreign(const void* pointer) {
  accuse("free or realloc of a pointer that did not come from malloc", pointer);
}

void reject_damaged(void* block, std::size_t usable) {
  if (detail::word_at(block, usable).value == kReleased)
    accuse("free or realloc of a block that was freed before", block);
  accuse("free or realloc of a pointer inside a block, of a block written behind its end, or freed before", block);
}

}  // namespace copycost::hooks
