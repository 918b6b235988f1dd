// SPDX-License-Identifier: Apache-2.0
//
// The trace as the hooks see it: one call for each event while kWatchTrace is set. They also keep the peak of live
// bytes, under the lock that orders the events, so that the peak of the counters is the peak of the trace.
//
// Lifetime: between start_trace and stop_trace; calls outside of it, or from the library's own work, only keep the
// peak.
// Threads: safe; one lock.
// Cost: a stack walk for each allocation, some hundred nanoseconds.
#pragma once
#include <cstddef>

#include "harness/ledger/hooks/hooks.h"

namespace copycost::hooks {

int start_trace(const char* path);
int stop_trace(cch_trace_stats* out);

void trace_alloc(const void* block, std::size_t size);  // after the allocation
void trace_free(const void* block, std::size_t size);   // before the block is given back
void trace_realloc(const void* old_block, std::size_t old_size, const void* block, std::size_t size);
void trace_sub_alloc(const void* block, std::size_t size);
void trace_sub_free(const void* block, std::size_t size);
void trace_sub_realloc(const void* old_block, std::size_t old_size, const void* block, std::size_t size);

// Around fork. The child has no trace: the file belongs to its parent.
void lock_trace();
void unlock_trace();
void drop_trace_in_child();

}  // namespace copycost::hooks
