// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/hooks/totals.h"

#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <cinttypes>
#include <cstdio>

#include "harness/ledger/hooks/live.h"
#include "harness/ledger/hooks/slot.h"
#include "harness/ledger/hooks/thread_state.h"
#include "harness/ledger/hooks/trace/heaptrack.h"
#include "harness/ledger/hooks/trace/pending_file.h"

// Releases the memory that the C++ runtime keeps for exceptions in need. Absent from some runtimes.
namespace __gnu_cxx {
[[gnu::weak]] void __freeres();
}

namespace copycost::hooks {
namespace {

constinit pthread_mutex_t g_lock = PTHREAD_MUTEX_INITIALIZER;
constinit pending_file g_file;
constinit pid_t g_asked_by = 0;

const char* truth(bool value) { return value ? "true" : "false"; }

}  // namespace

int ask_for_totals(const char* path) {
  const own_work mark;
  pthread_mutex_lock(&g_lock);
  const int result = g_file.is_open() ? EBUSY : g_file.open(path);
  if (result == 0) g_asked_by = getpid();
  pthread_mutex_unlock(&g_lock);
  return result;
}

void write_totals() {
  if (!g_file.is_open() || g_asked_by != getpid()) return;  // a forked child is not the process that was asked about
  if (__gnu_cxx::__freeres != nullptr) __gnu_cxx::__freeres();
  const own_work mark;
  cch_counts all;
  read_total(all);
  const process_peak peak = peak_of_process();
  char line[700];
  const int size = std::snprintf(
      line, sizeof line,
      "{\"allocations\": %" PRIu64 ", \"requested_bytes\": %" PRIu64 ", \"peak_bytes\": %" PRId64
      ", \"leaked_bytes\": %" PRIu64 ", \"leaked_blocks\": %" PRIu64 ", \"sub_allocations\": %" PRIu64
      ", \"sub_requested_bytes\": %" PRIu64 ", \"sub_leaked_bytes\": %" PRIu64 ", \"sub_leaked_blocks\": %" PRIu64
      ", \"peak_includes_sub\": %s, \"peak_complete\": %s, \"under_heaptrack\": %s}\n",
      all.allocs, all.alloc_bytes, peak.bytes, all.alloc_bytes - all.freed_bytes, all.allocs - all.frees,
      all.sub_allocs, all.sub_alloc_bytes, all.sub_alloc_bytes - all.sub_freed_bytes, all.sub_allocs - all.sub_frees,
      truth((watched() & kWatchSub) != 0), truth(peak.complete), truth(heaptrack_malloc != nullptr));
  int error = g_file.write(line, static_cast<std::size_t>(size));
  if (error == 0)
    error = g_file.commit();
  else
    g_file.discard();
  if (error != 0) dprintf(STDERR_FILENO, "copycost hooks: totals at exit: not written (errno %d)\n", error);
}

}  // namespace copycost::hooks
