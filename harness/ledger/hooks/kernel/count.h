// SPDX-License-Identifier: Apache-2.0
//
// Counting a system call and the bytes that it moved.
//
// Threads: safe; each thread writes its own slot. errno stays as it is.
// Cost: one or two counts. Own work is not counted.
#pragma once
#include <sys/types.h>

#include <cerrno>
#include <cstdint>

#include "harness/ledger/hooks/slot.h"
#include "harness/ledger/hooks/thread_state.h"

namespace copycost::hooks {

inline void count_syscall() {
  if (!is_own_work()) my_slot().add(counter::kSyscalls, 1);
}

// Counts a call that moved `bytes`, or failed (-1).
inline void count_moved(ssize_t bytes) {
  if (is_own_work()) return;
  slot& mine = my_slot();
  mine.add(counter::kSyscalls, 1);
  if (bytes > 0) mine.add(counter::kKernelBytes, static_cast<std::uint64_t>(bytes));
  if (bytes < 0 && errno == EFAULT) mine.add(counter::kFaultedCalls, 1);
}

// The same for a call that returned how many bytes it moved; hands the result on.
inline ssize_t count_transfer(ssize_t moved) {
  count_moved(moved);
  return moved;
}

inline void count_mapped(std::size_t size) {
  if (!is_own_work()) my_slot().add(counter::kMappedBytes, size);
}
inline void count_unmapped(std::size_t size) {
  if (!is_own_work()) my_slot().add(counter::kUnmappedBytes, size);
}

}  // namespace copycost::hooks
