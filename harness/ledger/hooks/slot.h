// SPDX-License-Identifier: Apache-2.0
//
// Where a thread counts: one slot of counters per thread. Only that thread writes it, so without locked instructions;
// any thread may read it. When the thread ends, its counts move to the account of ended threads.
//
// Lifetime: slots are never freed, only used again.
// Threads: safe; a thread writes its own slot alone.
// Cost: one load and one store per count.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "harness/ledger/hooks/hooks.h"
#include "harness/ledger/hooks/thread_state.h"

namespace copycost::hooks {

// In the order of the members of cch_counts.
enum class counter : std::size_t {
  kAllocs,
  kFrees,
  kAllocBytes,
  kFreedBytes,
  kCopyCalls,
  kCopyBytes,
  kPayloadCopyBytes,
  kKernelBytes,
  kSyscalls,
  kFaultedCalls,
  kMappedBytes,
  kUnmappedBytes,
  kSubAllocs,
  kSubFrees,
  kSubAllocBytes,
  kSubFreedBytes,
};
inline constexpr std::size_t kCounters = sizeof(cch_counts) / sizeof(std::uint64_t);
static_assert(static_cast<std::size_t>(counter::kSubFreedBytes) + 1 == kCounters);

struct alignas(64) slot {
  std::atomic<std::uint64_t> values[kCounters] = {};
  slot* next = nullptr;
  bool in_use = false;

  void add(counter which, std::uint64_t amount) {
    std::atomic<std::uint64_t>& value = values[static_cast<std::size_t>(which)];
    value.store(value.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
};

// Gives the calling thread a slot, and lets the allocator make its own per-thread state, all of it uncounted.
[[gnu::cold, gnu::noinline]] slot& new_slot();

inline slot& my_slot() {
  slot* mine = t_state.counters;
  return mine != nullptr ? *mine : new_slot();
}

void read_thread(cch_counts& out);
void read_total(cch_counts& out);

// Around fork, so that the child does not inherit a lock without a holder.
void lock_slots();
void unlock_slots();

}  // namespace copycost::hooks
