// SPDX-License-Identifier: Apache-2.0
//
// A mutual exclusion lock in shared memory that survives the death of its owner. A process that finds the owner dead
// takes the lock over and learns that it did, because what the lock protects may then be half done.
//
//   word: [generation 25 bits | slot + 1, 6 bits | a waiter sleeps, 1 bit]     0: the lock is free
//
// A pthread robust mutex does the same, but keeps list pointers of the owner's process in the shared memory, where a
// peer can overwrite them, and takes the end of a thread for the end of its process. This lock holds one number.
//
// Lifetime: the word lies in a segment; all zero is a free lock.
// Threads: safe, between processes too; not recursive; threads of one process have the same owner word.
// Cost: two locked instructions when the lock is free; sleepers wake up every kNapNs to see whether the owner still
// lives, so a death is noticed within that time.
// Source: Drepper, "Futexes are tricky" (2011), mutex 3; the take-over by owner word is ours.
#pragma once
#include <atomic>
#include <cstdint>

namespace copycost {

// The holder of a lock: a process's slot and how often that slot was given away before, so that a word of the slot's
// former owner is never mistaken for one of the present owner.
struct lock_owner {
  static constexpr std::uint32_t kSleepers = 1, kSlotsMax = 62;
  static constexpr std::uint32_t kGenerations = 1u << 25;

  static std::uint32_t word(unsigned slot, std::uint32_t generation) {
    return (generation % kGenerations) << 7 | (slot + 1) << 1;
  }
  static unsigned slot(std::uint32_t word) { return (word >> 1 & 63u) - 1; }
  static std::uint32_t generation(std::uint32_t word) { return word >> 7; }
};

class robust_lock {
 public:
  static constexpr long kNapNs = 1'000'000;

  // Tells whether the owner with this word is dead; called only when a process has to wait.
  struct judge_of_death {
    virtual bool is_dead(std::uint32_t owner_word) const = 0;

   protected:
    ~judge_of_death() = default;
  };

  // Waits for the lock; true: it was taken over from a dead owner. `me` is a lock_owner::word().
  bool acquire(std::uint32_t me, const judge_of_death& judge) {
    std::uint32_t nobody = 0;
    if (word_.compare_exchange_strong(nobody, me, std::memory_order_acquire, std::memory_order_relaxed)) [[likely]]
      return false;
    return acquire_slowly(me, judge);
  }
  // REQUIRES: acquire() by this thread.
  void release() {
    if ((word_.exchange(0, std::memory_order_release) & lock_owner::kSleepers) != 0) [[unlikely]]
      wake_one();
  }

 private:
  bool acquire_slowly(std::uint32_t me, const judge_of_death& judge);
  void wake_one();

  std::atomic<std::uint32_t> word_{0};
};

}  // namespace copycost
