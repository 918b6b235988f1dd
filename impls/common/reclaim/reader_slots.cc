// SPDX-License-Identifier: Apache-2.0
#include "impls/common/reclaim/reader_slots.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

#include "harness/base/sanitizer.h"

namespace copycost {
namespace {

bool ask_kernel(int command) { return syscall(SYS_membarrier, command, 0, 0) == 0; }

}  // namespace

bool has_process_barrier() {
  static const bool has =
      !kThreadSanitized && ask_kernel(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) && process_barrier();
  return has;
}

// A process that was forked may have to register again.
bool process_barrier() {
  return ask_kernel(MEMBARRIER_CMD_PRIVATE_EXPEDITED) ||
         (ask_kernel(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) && ask_kernel(MEMBARRIER_CMD_PRIVATE_EXPEDITED));
}

void reader_slot::leave() {
  const std::uint64_t word = word_.load(std::memory_order_relaxed);
  if (word == 0)
    taken_.store(false, std::memory_order_release);
  else
    word_.store(word | kGone, std::memory_order_release);
}

void reader_slot::unnest(std::uint64_t word) {
  word -= kOne;
  if ((word & kCount) == kGone) {  // the last snapshot of a reader that is gone
    word_.store(0, std::memory_order_release);
    taken_.store(false, std::memory_order_release);
  } else {
    word_.store(word, std::memory_order_release);
  }
}

slot_lease reader_slots::add() {
  for (const auto& b : blocks_)
    for (reader_slot& s : b->slots)
      if (!s.is_taken()) {
        s.take();
        return slot_lease(s);
      }
  reader_slot& first = blocks_.emplace_back(std::make_unique<block>())->slots[0];
  first.take();
  return slot_lease(first);
}

std::uint64_t reader_slots::oldest() const {
  std::uint64_t oldest = reader_slot::kNobody;
  for (const auto& b : blocks_)
    for (const reader_slot& s : b->slots) oldest = std::min(oldest, s.pinned());
  return oldest;
}

}  // namespace copycost
