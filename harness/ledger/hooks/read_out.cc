// SPDX-License-Identifier: Apache-2.0
//
// The functions of hooks.h that read and steer the books.
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <new>

#include "harness/ledger/hooks/copies.h"
#include "harness/ledger/hooks/live.h"
#include "harness/ledger/hooks/slot.h"
#include "harness/ledger/hooks/totals.h"
#include "harness/ledger/hooks/trace/heaptrack.h"
#include "harness/ledger/hooks/trace/trace.h"

using namespace copycost::hooks;

void cch_thread(cch_counts* out) { read_thread(*out); }
void cch_total(cch_counts* out) { read_total(*out); }

int64_t cch_live() {
  cch_counts all;
  read_total(all);
  return static_cast<int64_t>(all.alloc_bytes - all.freed_bytes);
}

int64_t cch_peak() { return g_live.peak.load(); }
void cch_peak_reset() { reset_peak(); }
void cch_track_peak(int mode) { track_peak(mode); }

// In another source file than the functions it tests, so that they are called through the linkage table, which is
// where a tool would have put something else.
int cch_is_active() {
  cch_counts before;
  cch_counts after;
  read_thread(before);
  void* block = ::operator new(1);
  char from = 1;
  char to = 0;
  asm volatile("" : "+r"(block)::"memory");
  ::operator delete(block);
  memcpy(&to, &from, 1);
  asm volatile("" : "+m"(to)::"memory");
  const int advised = madvise(nullptr, 0, MADV_NORMAL);
  read_thread(after);
  return after.allocs == before.allocs + 1 && after.frees == before.frees + 1 &&
         after.copy_calls == before.copy_calls + 1 && after.syscalls == before.syscalls + 1 && advised == 0;
}

int cch_under_heaptrack() { return heaptrack_malloc != nullptr ? 1 : 0; }

int cch_payload_add(const void* begin, size_t size) { return add_payload(begin, size); }
void cch_payload_clear() { clear_payload(); }
void cch_payload_epoch(uint16_t epoch) { set_payload_epoch(epoch); }

int cch_trace_start(const char* path) { return start_trace(path); }
int cch_trace_stop(cch_trace_stats* out) { return stop_trace(out); }
int cch_is_tracing() { return (watched() & kWatchTrace) != 0 ? 1 : 0; }

int cch_totals_at_exit(const char* path) { return ask_for_totals(path); }
