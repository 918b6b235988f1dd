// SPDX-License-Identifier: Apache-2.0
//
// The primitive witness: what our own code says of itself. `counted_copy` is the only way in which code under impls/
// may copy payload (linted), and reference counts report their operations here.
//
// The counters are per thread and exist only in objects compiled with COPYCOST_LEDGER=1. Objects for the clock are
// compiled without: a plain store next to a locked instruction costs some 7 ns on current Intel cores, which is most of
// a reference count, so counting in timed code would measure the counter.
//
// This header alone names the macro (linted): what code does must not depend on whether it is counted, or what is timed
// is not what was audited. `copycost-recount` compares both.
//
// Threads: safe; each thread has its own.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

#ifndef COPYCOST_LEDGER
#define COPYCOST_LEDGER 0
#endif

namespace copycost {

// Whether this object counts. Only what must keep notes in order to report may look (impls/common/arena.h; linted).
inline constexpr bool kCounts = COPYCOST_LEDGER != 0;

struct own_counts {
  std::uint64_t copied_bytes = 0;  // payload bytes through counted_copy
  std::uint64_t copies = 0;        // calls of it
  std::uint64_t small_copies = 0;  // of them fewer than 16 bytes, or in registers: other witnesses may miss them
  std::uint64_t refcount_ops = 0;  // increments and decrements of shared counts
};

// This thread's counts, monotonic. In objects for the clock nothing adds to them.
extern constinit thread_local own_counts t_own_counts;

// The same of all threads of the process, whatever role they play: what a design does in a thread of its own is in
// here.
struct process_counts {
  std::atomic<std::uint64_t> copied_bytes = 0, refcount_ops = 0;
};
extern constinit process_counts g_process_counts;

namespace detail {
inline void count_copy([[maybe_unused]] std::size_t size, [[maybe_unused]] bool is_small) {
  if constexpr (kCounts) {
    t_own_counts.copied_bytes += size;
    ++t_own_counts.copies;
    t_own_counts.small_copies += is_small ? 1 : 0;
    g_process_counts.copied_bytes.fetch_add(size, std::memory_order_relaxed);
  }
}

// The size is hidden from the optimiser, so that the copy is a call that the interposed witness sees as well.
inline void copy_bytes(void* target, const void* source, std::size_t size) {
  asm("" : "+r"(size));
  std::memcpy(target, source, size);
}
}  // namespace detail

// Copies payload. COPIES: `size` bytes. REQUIRES: the ranges do not overlap.
inline void counted_copy(void* target, const void* source, std::size_t size) {
  if (size == 0) return;
  detail::count_copy(size, size < 16);
  detail::copy_bytes(target, source, size);
}

// Copies payload together with what frames it. `payloads(count)` calls count(size) for each payload among the bytes;
// it is called where copies are counted and nowhere else. COPIES: `size` bytes. REQUIRES: the ranges do not overlap.
template <class Payloads>
void counted_framed_copy(void* target, const void* source, std::size_t size, [[maybe_unused]] Payloads payloads) {
  if (size == 0) return;
  if constexpr (kCounts) payloads([](std::size_t payload) { detail::count_copy(payload, payload < 16); });
  detail::copy_bytes(target, source, size);
}

// To be called beside a copy of up to 16 bytes that the caller makes in registers, where only this witness sees it.
inline void count_register_copy(std::size_t size) {
  if (size != 0) detail::count_copy(size, true);
}

// To be called beside every increment and decrement of a shared count.
inline void count_refcount_op([[maybe_unused]] std::uint64_t operations = 1) {
  if constexpr (kCounts) {
    t_own_counts.refcount_ops += operations;
    g_process_counts.refcount_ops.fetch_add(operations, std::memory_order_relaxed);
  }
}

}  // namespace copycost
