// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/hooks/trace/trace.h"

#include <pthread.h>

#include <cerrno>
#include <new>

#include "harness/ledger/hooks/live.h"
#include "harness/ledger/hooks/thread_state.h"
#include "harness/ledger/hooks/trace/heaptrack.h"
#include "harness/ledger/hooks/trace/log.h"

namespace copycost::hooks {
namespace {

constinit pthread_mutex_t g_lock = PTHREAD_MUTEX_INITIALIZER;
constinit trace_log* g_log = nullptr;  // under g_lock; null when not tracing

class locked {
 public:
  locked() { pthread_mutex_lock(&g_lock); }
  ~locked() { pthread_mutex_unlock(&g_lock); }
  locked(const locked&) = delete;
  locked& operator=(const locked&) = delete;
};

void add_to_peak(block_kind kind, std::int64_t change) {
  if ((watched() & (kind == block_kind::kHeap ? kWatchPeak : kWatchSub)) != 0) g_live.add(change);
}

std::int64_t to_signed(std::size_t size) { return static_cast<std::int64_t>(size); }

// Runs `event(log)` under the lock and as own work, together with the change of live bytes. Own work that frees a block
// of the program may hold the lock already: it keeps to the peak.
template <class Event>
void record(block_kind kind, std::int64_t change, const Event& event) {
  if (is_own_work()) return add_to_peak(kind, change);
  const own_work mark;
  const locked hold;
  add_to_peak(kind, change);
  if (g_log != nullptr) event(*g_log);
}

void record_alloc(block_kind kind, const void* block, std::size_t size) {
  call_stack stack;
  if (!is_own_work()) {
    const own_work mark;
    stack.capture();
  }
  record(kind, to_signed(size), [&](trace_log& log) { log.alloc(kind, block, size, stack); });
}

void record_free(block_kind kind, const void* block, std::size_t size) {
  record(kind, -to_signed(size), [&](trace_log& log) { log.free(kind, block); });
}

void record_realloc(block_kind kind, const void* old_block, std::size_t old_size, const void* block, std::size_t size) {
  call_stack stack;
  if (!is_own_work()) {
    const own_work mark;
    stack.capture();
  }
  record(kind, to_signed(size) - to_signed(old_size), [&](trace_log& log) {
    log.free(kind, old_block);
    log.alloc(kind, block, size, stack);
  });
}

}  // namespace

int start_trace(const char* path) {
  if (heaptrack_malloc != nullptr) return ENOTSUP;
  const own_work mark;
  prepare_stack_walks();
  const locked hold;
  if (g_log != nullptr) return EBUSY;
  auto* log = new (std::nothrow) trace_log;
  if (log == nullptr) return ENOMEM;
  if (const int error = log->open(path)) {
    delete log;
    return error;
  }
  g_log = log;
  g_watch.fetch_or(kWatchTrace);
  return 0;
}

int stop_trace(cch_trace_stats* out) {
  const own_work mark;
  const locked hold;
  if (g_log == nullptr) return EINVAL;
  g_watch.fetch_and(~kWatchTrace);
  const int error = g_log->finish();
  if (out != nullptr) *out = g_log->stats();
  delete g_log;
  g_log = nullptr;
  return error;
}

void trace_alloc(const void* block, std::size_t size) { record_alloc(block_kind::kHeap, block, size); }
void trace_free(const void* block, std::size_t size) { record_free(block_kind::kHeap, block, size); }
void trace_realloc(const void* old_block, std::size_t old_size, const void* block, std::size_t size) {
  record_realloc(block_kind::kHeap, old_block, old_size, block, size);
}
void trace_sub_alloc(const void* block, std::size_t size) { record_alloc(block_kind::kSub, block, size); }
void trace_sub_free(const void* block, std::size_t size) { record_free(block_kind::kSub, block, size); }
void trace_sub_realloc(const void* old_block, std::size_t old_size, const void* block, std::size_t size) {
  record_realloc(block_kind::kSub, old_block, old_size, block, size);
}

void lock_trace() { pthread_mutex_lock(&g_lock); }
void unlock_trace() { pthread_mutex_unlock(&g_lock); }
void drop_trace_in_child() {
  if (g_log != nullptr) g_log->abandon();
  g_log = nullptr;  // its memory goes with the child
  g_watch.fetch_and(~kWatchTrace);
}

}  // namespace copycost::hooks
