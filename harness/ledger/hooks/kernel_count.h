// SPDX-License-Identifier: Apache-2.0
//
// Counting a system call and the bytes that it moved. Pure bookkeeping on the thread's own slot; errno is left alone.
// Thread-safe. Cost: one or two counts. Own work is not counted.
#pragma once
#include <sys/types.h>

#include <cstdint>

#include "harness/ledger/hooks/slot.h"
#include "harness/ledger/hooks/thread_state.h"

namespace copycost::hooks {

inline void count_syscall() {
  if (!is_own_work()) my_slot().add(counter::kSyscalls, 1);
}

// Counts a call that returned how many bytes it moved, or -1; hands the result on.
inline ssize_t count_transfer(ssize_t moved) {
  if (is_own_work()) return moved;
  slot& mine = my_slot();
  mine.add(counter::kSyscalls, 1);
  if (moved > 0) mine.add(counter::kKernelBytes, static_cast<std::uint64_t>(moved));
  return moved;
}

}  // namespace copycost::hooks
