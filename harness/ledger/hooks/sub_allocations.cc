// SPDX-License-Identifier: Apache-2.0
//
// Sub-allocations: what an arena, a slab or a shared segment hands out. Counted on their own, reported to heaptrack
// (which leaves out the frame that calls it, so the caller of cch_report_alloc is the innermost one it shows).
#include "harness/ledger/hooks/live.h"
#include "harness/ledger/hooks/slot.h"
#include "harness/ledger/hooks/trace/heaptrack.h"
#include "harness/ledger/hooks/trace/trace.h"

namespace copycost::hooks {
namespace {

void add_to_peak(std::int64_t change) {
  if ((watched() & kWatchSub) != 0) g_live.add(change);
}

void count_alloc(std::size_t size) {
  slot& mine = my_slot();
  mine.add(counter::kSubAllocs, 1);
  mine.add(counter::kSubAllocBytes, size);
}

void count_free(std::size_t size) {
  slot& mine = my_slot();
  mine.add(counter::kSubFrees, 1);
  mine.add(counter::kSubFreedBytes, size);
}

}  // namespace
}  // namespace copycost::hooks

using namespace copycost::hooks;

void cch_report_alloc(const void* block, size_t size) {
  if (block == nullptr) return;
  count_alloc(size);
  if ((watched() & kWatchTrace) != 0)
    trace_sub_alloc(block, size);
  else
    add_to_peak(static_cast<std::int64_t>(size));
  if (heaptrack_malloc != nullptr) heaptrack_malloc(const_cast<void*>(block), size);
}

void cch_report_free(const void* block, size_t size) {
  if (block == nullptr) return;
  count_free(size);
  if (heaptrack_free != nullptr) heaptrack_free(const_cast<void*>(block));
  if ((watched() & kWatchTrace) != 0)
    trace_sub_free(block, size);
  else
    add_to_peak(-static_cast<std::int64_t>(size));
}

void cch_report_realloc(const void* old_block, size_t old_size, const void* block, size_t size) {
  if (old_block == nullptr) return cch_report_alloc(block, size);
  if (block == nullptr) return;
  count_free(old_size);
  count_alloc(size);
  if ((watched() & kWatchTrace) != 0)
    trace_sub_realloc(old_block, old_size, block, size);
  else
    add_to_peak(static_cast<std::int64_t>(size) - static_cast<std::int64_t>(old_size));
  if (heaptrack_realloc != nullptr) heaptrack_realloc(const_cast<void*>(old_block), size, const_cast<void*>(block));
}
