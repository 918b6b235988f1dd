// SPDX-License-Identifier: Apache-2.0
#include "impls/common/robust_lock.h"

#include "scenarios/common/futex.h"

namespace copycost {
namespace {
// Long enough for an owner that is running to leave, short against a sleep and its wake-up.
constexpr int kSpins = 200;
}  // namespace

bool robust_lock::acquire_slowly(std::uint32_t me, const judge_of_death& judge) {
  for (int i = 0; i < kSpins; ++i) {
    std::uint32_t nobody = 0;
    if (word_.load(std::memory_order_relaxed) == 0 &&
        word_.compare_exchange_weak(nobody, me, std::memory_order_acquire, std::memory_order_relaxed))
      return false;
    spin_pause();
  }
  // A process that has waited cannot know whether others still sleep, so it says that one does.
  const std::uint32_t mine = me | lock_owner::kSleepers;
  for (;;) {
    std::uint32_t seen = word_.load(std::memory_order_relaxed);
    const bool dead = seen != 0 && judge.is_dead(seen);
    if (seen == 0 || dead) {
      // The owner word contains its generation: if the lock changed hands since it was read, this fails.
      if (word_.compare_exchange_strong(seen, mine, std::memory_order_acquire, std::memory_order_relaxed)) return dead;
      continue;
    }
    const std::uint32_t marked = seen | lock_owner::kSleepers;
    if (seen == marked || word_.compare_exchange_strong(seen, marked, std::memory_order_relaxed))
      futex_wait(word_, marked, kNapNs);
  }
}

void robust_lock::wake_one() { futex_wake(word_, 1); }

}  // namespace copycost
