// SPDX-License-Identifier: Apache-2.0
//
// Where readers of something that one writer takes apart say what they may be looking at: reclamation by epochs.
//
//   generation_   1, 2, 3, ...   one more each time that memory is taken out
//   slot          [generation | snapshots | the reader is gone]    a cache line of its own; 0: reads nothing
//
// A reader enters the current generation before it looks. Memory that was taken out in generation g is freed when no
// slot holds a generation up to g. Snapshots of one reader inside of each other are counted in the same word, which
// only its own thread writes. The oldest one's generation stays there, and keeps more than the younger need.
//
// The writer must see a reader's entry before the reader looks; it may see a plain store later. There are two ways:
//   process barrier   the reader's entry is a plain store; before the writer looks at the slots, once a generation, it
//                     has the kernel send every thread of the process through a barrier (membarrier). Readers whose
//                     entry the writer then does not see look after the barrier, without what was taken out
//   exchange          where the kernel has no such call, and under ThreadSanitizer, which does not know it: the entry
//                     is an atomic exchange; it, the reader's loads, the writer's stores and its look at the slots are
//                     all sequentially consistent, so that again one of both sees the other
//
// Lifetime: slots live as long as the set, and are used again.
// Threads: a slot's pin() and unpin() by one thread at a time; add(), fence() and oldest() under the writer's lock.
// Cost: pin() and unpin() are plain stores, or pin() is one exchange; fence() is a system call of some microseconds;
// oldest() looks at a cache line for each reader.
// Source: Fraser, "Practical lock-freedom" (2004), section 5.2.3, epoch-based reclamation; McKenney and Slingwine,
// "Read-copy update" (1998), for the grace period; Desnoyers et al., "User-level implementations of read-copy update"
// (2012), for readers whose barrier the writer forces upon them; Hart et al., "Performance of memory reclamation for
// lockless synchronization" (2007), for what it costs beside the other ways.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "harness/base/check.h"

namespace copycost {

// Whether this process can send all of its threads through a barrier. Settled at the first call.
bool has_process_barrier();
// Every thread of the process goes through a full barrier between the call and the return. False: it may not have.
bool process_barrier();

class alignas(64) reader_slot {
 public:
  static constexpr std::uint64_t kNobody = ~std::uint64_t{0};
  static constexpr std::uint64_t kNestedMax = (std::uint64_t{1} << 20) - 1;  // snapshots of one reader at a time

  // `by_exchange`: as the set that it is of says.
  [[gnu::always_inline]] void pin(const std::atomic<std::uint64_t>& generation, bool by_exchange) {
    const std::uint64_t word = word_.load(std::memory_order_relaxed);
    if (word != 0) [[unlikely]]
      return nest(word);
    const std::uint64_t entry = generation.load(std::memory_order_acquire) << kShift | kOne;
    if (by_exchange)
      word_.exchange(entry);
    else
      word_.store(entry, std::memory_order_release);      // who sees this sees that what was read before was read
    std::atomic_signal_fence(std::memory_order_seq_cst);  // the compiler keeps the order; the fence sees to the rest
  }
  void unpin() {
    const std::uint64_t word = word_.load(std::memory_order_relaxed);
    if ((word & kCount) == kOne) [[likely]]
      word_.store(0, std::memory_order_release);
    else
      unnest(word);
  }

  bool is_taken() const { return taken_.load(std::memory_order_acquire); }
  void take() { taken_.store(true, std::memory_order_relaxed); }
  // The reader is gone: the slot is free as soon as its last snapshot is.
  void leave();
  // The oldest generation that is looked at; kNobody: nothing is.
  std::uint64_t pinned() const {
    const std::uint64_t word = word_.load();
    return word == 0 ? kNobody : word >> kShift;
  }

 private:
  static constexpr std::uint64_t kGone = 1, kOne = 2, kCount = kOne * kNestedMax | kGone;
  static constexpr int kShift = 21;

  void nest(std::uint64_t word) {
    COPYCOST_REQUIRE((word & kCount) < kOne * kNestedMax);
    word_.store(word + kOne, std::memory_order_release);
  }
  void unnest(std::uint64_t word);

  std::atomic<std::uint64_t> word_{0};
  std::atomic<bool> taken_{false};
};
static_assert(sizeof(reader_slot) == 64);

// A slot, for as long as a reader lives.
class slot_lease {
 public:
  explicit slot_lease(reader_slot& s) : is_(&s) {}
  slot_lease(slot_lease&& o) noexcept : is_(std::exchange(o.is_, nullptr)) {}
  slot_lease& operator=(slot_lease&& o) noexcept {
    if (this != &o) {
      drop();
      is_ = std::exchange(o.is_, nullptr);
    }
    return *this;
  }
  ~slot_lease() { drop(); }
  reader_slot& slot() const { return *is_; }

 private:
  void drop() {
    if (is_ != nullptr) is_->leave();
  }
  reader_slot* is_;
};

class reader_slots {
 public:
  explicit reader_slots(bool by_exchange = !has_process_barrier()) : by_exchange_(by_exchange) {}
  bool by_exchange() const { return by_exchange_; }
  // Called between taking something out and oldest(). False: oldest() may miss a reader.
  bool fence() const { return by_exchange_ || process_barrier(); }
  // A free slot. Grows by a block of slots where there is none.
  slot_lease add();
  // The oldest generation that any reader looks at; reader_slot::kNobody: none does.
  std::uint64_t oldest() const;
  std::uint64_t bytes() const { return blocks_.size() * sizeof(block); }

 private:
  struct block {
    reader_slot slots[32];
  };
  const bool by_exchange_;
  std::vector<std::unique_ptr<block>> blocks_;
};

}  // namespace copycost
