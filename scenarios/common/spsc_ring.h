// SPDX-License-Identifier: Apache-2.0
//
// A bounded queue of movable values between two threads: one pushes, one pops, neither locks.
//
//   slots   [ ][x][x][x][ ][ ][ ][ ]      popped_ and pushed_ only grow; slot = count % capacity
//              ^popped_    ^pushed_
//
// Lifetime: owns the values that are in it.
// Threads: one pusher and one popper.
// Cost: each side looks at the other's counter only when its last look no longer helps, so a cache line moves once in
// many values when the ring is neither full nor empty.
// Source: Lamport, "Proving the correctness of multiprocess programs" (1977); remembered counters after Lee et al., "A
// lock-free, cache-efficient shared ring buffer for multi-core architectures" (2009).
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

#include "harness/base/check.h"

namespace copycost {

template <class T>
class spsc_ring {
 public:
  // REQUIRES: capacity is a power of two.
  explicit spsc_ring(std::size_t capacity) : mask_(capacity - 1), slots_(std::make_unique<slot[]>(capacity)) {
    COPYCOST_REQUIRE(capacity > 0 && (capacity & mask_) == 0);
  }
  ~spsc_ring() {
    while (try_pop([](T&&) {})) {
    }
  }
  spsc_ring(const spsc_ring&) = delete;
  spsc_ring& operator=(const spsc_ring&) = delete;

  // Moves from the value and answers true, unless the ring is full. The pusher only.
  bool try_push(T& value) {
    const std::uint64_t at = pushed_.load(std::memory_order_relaxed);
    if (at - popped_seen_ > mask_) {
      popped_seen_ = popped_.load(std::memory_order_acquire);
      if (at - popped_seen_ > mask_) return false;
    }
    ::new (static_cast<void*>(slots_[at & mask_].memory)) T(std::move(value));
    pushed_.store(at + 1, std::memory_order_release);
    return true;
  }

  // Calls take(T&&) with the oldest value and answers true, unless the ring is empty. The popper only. The slot is free
  // when take returns, and also when it throws.
  template <class Take>
  bool try_pop(Take&& take) {
    const std::uint64_t at = popped_.load(std::memory_order_relaxed);
    if (at == pushed_seen_) {
      pushed_seen_ = pushed_.load(std::memory_order_acquire);
      if (at == pushed_seen_) return false;
    }
    T* value = std::launder(reinterpret_cast<T*>(slots_[at & mask_].memory));
    const freed_slot free{*this, value, at + 1};
    take(std::move(*value));
    return true;
  }

 private:
  static constexpr std::size_t kApart = 128;  // two cache lines: neighbours are fetched in pairs
  struct slot {
    alignas(T) std::byte memory[sizeof(T)];
  };
  struct freed_slot {
    spsc_ring& of;
    T* value;
    std::uint64_t popped;
    ~freed_slot() {
      value->~T();
      of.popped_.store(popped, std::memory_order_release);
    }
  };

  const std::size_t mask_;
  const std::unique_ptr<slot[]> slots_;
  alignas(kApart) std::atomic<std::uint64_t> pushed_{0};
  std::uint64_t popped_seen_ = 0;  // the pusher's
  alignas(kApart) std::atomic<std::uint64_t> popped_{0};
  std::uint64_t pushed_seen_ = 0;  // the popper's
};

}  // namespace copycost
