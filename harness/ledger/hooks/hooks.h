// SPDX-License-Identifier: Apache-2.0
//
// What a program may ask of the hooks (libcopycost_hooks.so): exact counts of heap allocations, of copies through
// memcpy and its relatives, and of system calls; the peak of live requested bytes; a heaptrack trace.
//
// Every function is weak for its users: a program that is linked without the library still links, and finds null where
// the function would be. Test the address before the first call:
//
//   if (cch_is_active != nullptr && cch_is_active()) ...
//
// Lifetime: from the first allocation of the process to its exit.
// Threads: safe; sums over threads are exact when no other thread allocates or copies at that moment.
// Cost: see README.md. Nothing here allocates counted memory, except where a function says so.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef CCH_BUILDING_LIBRARY
#define CCH_API __attribute__((visibility("default")))
#else
#define CCH_API __attribute__((weak))
#endif

extern "C" {

// Monotonic counts; subtract two readings. A realloc is one free and one alloc. Sub-allocations (cch_report_alloc)
// stand apart from the heap. What the library does for itself is in none of them.
struct cch_counts {
  uint64_t allocs;              // successful malloc, calloc, realloc, memalign, operator new, ...
  uint64_t frees;               // free and operator delete of a block, never of null
  uint64_t alloc_bytes;         // bytes as requested, not as rounded up by the allocator
  uint64_t freed_bytes;         // requested bytes of the blocks freed
  uint64_t copy_calls;          // memcpy, memmove, mempcpy, their _chk forms, bcopy, and a realloc that moves
  uint64_t copy_bytes;          // bytes of these calls
  uint64_t payload_copy_bytes;  // the part of copy_bytes that is payload, see cch_payload_add and cch_payload_epoch
  uint64_t kernel_bytes;        // bytes that read, write and their relatives returned as moved
  uint64_t syscalls;            // calls of the wrapped system-call functions, failed ones included
  uint64_t faulted_calls;       // those of them that failed with EFAULT: the kernel could not touch what it was given
  uint64_t mapped_bytes;        // new address space of mmap, mremap, brk and sbrk, without the allocator's own
  uint64_t unmapped_bytes;      // given back by munmap, mremap, brk and sbrk
  uint64_t sub_allocs;
  uint64_t sub_frees;
  uint64_t sub_alloc_bytes;
  uint64_t sub_freed_bytes;
};

CCH_API void cch_thread(struct cch_counts* out);  // the calling thread since it started
CCH_API void cch_total(struct cch_counts* out);   // all threads, ended ones included, since the process started

// Live heap bytes as requested: alloc_bytes - freed_bytes of all threads.
CCH_API int64_t cch_live(void);
// The highest value of live bytes since the start, the last cch_peak_reset or the last change of cch_track_peak,
// exact over all threads as long as tracking is on. A realloc counts as free before alloc, as heaptrack counts it.
CCH_API int64_t cch_peak(void);
CCH_API void cch_peak_reset(void);  // the peak becomes what is live now
enum cch_peak_mode { CCH_PEAK_OFF = 0, CCH_PEAK_HEAP = 1, CCH_PEAK_HEAP_AND_SUB = 2 };
// How the peak is kept: CCH_PEAK_HEAP from the start of the process; CCH_PEAK_OFF saves the shared atomic; and
// CCH_PEAK_HEAP_AND_SUB adds sub-allocations, which is what heaptrack shows. A change resets the peak.
// REQUIRES: no other thread allocates during the call.
CCH_API void cch_track_peak(int mode);

// Self test: 1 when malloc, operator new, memcpy and the system-call functions of this process arrive here, each call
// once; else 0: a tool replaced them (a sanitizer, memcheck) or allocates through them itself (heaptrack).
// Costs one counted allocation of 1 byte, one copy of 1 byte and one system call.
CCH_API int cch_is_active(void);
// 1 when heaptrack is preloaded. Its own allocations arrive here as well: the counts are then not the program's.
CCH_API int cch_under_heaptrack(void);

// Registers [begin, begin + size) as payload: a copy from there is a copy of payload. Ranges must not overlap.
// Returns 0, or ENOSPC when all 64 ranges are in use, EINVAL for an empty one.
CCH_API int cch_payload_add(const void* begin, size_t size);
CCH_API void cch_payload_clear(void);  // forgets all ranges
// Recognises payload by content too: in a copy of 16 bytes or more from elsewhere, the bytes that carry the pattern
// (harness/ledger/witness/pattern.h) of this epoch are payload. 0 switches this off.
CCH_API void cch_payload_epoch(uint16_t epoch);

// Memory handed out from an arena, a slab or a shared segment. Counted apart from the heap, reported to heaptrack where
// the process runs under it, and written to our own trace. REQUIRES: the backing memory is not from malloc (heaptrack
// would see it twice); `size` is the size given to cch_report_alloc.
CCH_API void cch_report_alloc(const void* block, size_t size);
CCH_API void cch_report_free(const void* block, size_t size);
CCH_API void cch_report_realloc(const void* old_block, size_t old_size, const void* block, size_t size);

// What a trace holds; the heap and sub-allocations together, as heaptrack_print shows them.
struct cch_trace_stats {
  uint64_t allocs;
  uint64_t alloc_bytes;
  uint64_t frees;  // of blocks whose allocation is in the trace
  uint64_t freed_bytes;
  uint64_t unknown_frees;  // of blocks that are older than the trace; not written
  uint64_t peak_bytes;     // of the traced blocks
  uint64_t leaked_bytes;   // traced blocks that were still live at the end
  uint64_t leaked_blocks;
};

// Starts a trace in heaptrack's interpreted format, for heaptrack_print and heaptrack_gui. Gzip when the name ends in
// ".gz". The file appears under its name when the trace stops; until then it is `path`.PID.tmp.
// Returns 0 or an errno value: EBUSY (already tracing), ENOTSUP (under heaptrack), ENAMETOOLONG, or that of open.
CCH_API int cch_trace_start(const char* path);
// Ends the trace; `out` may be null. Returns 0 or an errno value: EINVAL (not tracing), or that of the write or rename
// that failed, in which case no file appears. A trace that still runs at exit ends there.
CCH_API int cch_trace_stop(struct cch_trace_stats* out);
CCH_API int cch_is_tracing(void);  // 1 between the two

// Writes the totals of the process (its peak over all resets) as one line of JSON when the library is unloaded at exit,
// for a comparison with the totals of heaptrack over an identical run. The C++ runtime's emergency pool is released
// before, as heaptrack does. Returns 0 or an errno value: EBUSY (already asked for), ENAMETOOLONG, or that of open.
CCH_API int cch_totals_at_exit(const char* path);

}  // extern "C"
