// SPDX-License-Identifier: Apache-2.0
#include "harness/ledger/hooks/slot.h"

#include <pthread.h>

#include <new>

#include "harness/ledger/hooks/allocator.h"

namespace copycost::hooks {

constinit thread_local thread_state t_state;

namespace {

constinit slot g_first_slot;  // serves until the allocator can be asked, which is before there is a second thread
constinit slot* g_slots = &g_first_slot;
constinit std::uint64_t g_ended[kCounters] = {};
constinit pthread_mutex_t g_lock = PTHREAD_MUTEX_INITIALIZER;
constinit bool g_key_made = false;
constinit pthread_key_t g_key = {};

// The allocator makes system calls while it starts, and they arrive here. A request for memory would then start
// it within its own start; mimalloc 3.0 makes its map of pages twice so, and crashes at the first free. What it starts
// with has run before this library's constructors.
constinit bool g_allocator_started = false;
[[gnu::constructor]] void allocator_has_started() { g_allocator_started = true; }

// Runs at the end of a thread. Counting on this thread afterwards takes a slot again.
void give_back(void* p) {
  auto* mine = static_cast<slot*>(p);
  lock_slots();
  for (std::size_t i = 0; i < kCounters; ++i) {
    g_ended[i] += mine->values[i].load(std::memory_order_relaxed);
    mine->values[i].store(0, std::memory_order_relaxed);
  }
  mine->in_use = false;
  t_state.counters = nullptr;
  unlock_slots();
}

slot* take_free_slot() {
  for (slot* s = g_slots; s != nullptr; s = s->next)
    if (!s->in_use) return s;
  void* memory = g_allocator.memalign(alignof(slot), sizeof(slot));
  if (memory == nullptr) die("no memory for a thread's counters");
  auto* made = new (memory) slot;
  made->next = g_slots;
  g_slots = made;
  return made;
}

}  // namespace

slot& new_slot() {
  const own_work mark;
  lock_slots();
  slot* mine = take_free_slot();
  mine->in_use = true;
  t_state.counters = mine;
  if (!g_key_made) g_key_made = pthread_key_create(&g_key, give_back) == 0;
  unlock_slots();
  if (g_key_made) pthread_setspecific(g_key, mine);
  if (!g_allocator_started) return *mine;
  // mimalloc copies a template into a new thread's heap, some builds of it with memcpy: not a copy of the program's.
  void* warm_up = g_allocator.malloc(1);
  g_allocator.free(warm_up);
  return *mine;
}

void lock_slots() { pthread_mutex_lock(&g_lock); }
void unlock_slots() { pthread_mutex_unlock(&g_lock); }

namespace {
void store(cch_counts& out, const std::uint64_t (&sums)[kCounters]) {
  auto* fields = reinterpret_cast<std::uint64_t*>(&out);
  for (std::size_t i = 0; i < kCounters; ++i) fields[i] = sums[i];
}
}  // namespace

void read_thread(cch_counts& out) {
  const slot& mine = my_slot();
  std::uint64_t sums[kCounters];
  for (std::size_t i = 0; i < kCounters; ++i) sums[i] = mine.values[i].load(std::memory_order_relaxed);
  store(out, sums);
}

void read_total(cch_counts& out) {
  std::uint64_t sums[kCounters];
  lock_slots();
  for (std::size_t i = 0; i < kCounters; ++i) sums[i] = g_ended[i];
  for (const slot* s = g_slots; s != nullptr; s = s->next)
    for (std::size_t i = 0; i < kCounters; ++i) sums[i] += s->values[i].load(std::memory_order_relaxed);
  unlock_slots();
  store(out, sums);
}

}  // namespace copycost::hooks
