// SPDX-License-Identifier: Apache-2.0
//
// Counted objects, and a place that holds one of them: any thread reads it while another replaces it.
//
//   counted_place  [taken 16 bits | pointer 48 bits]     one fetch_add takes an owner and the pointer at once
//                                    |
//                                    v
//   counted        [owners|...]      owners that are gone are counted here; those that were taken are added when the
//                                    place releases the object
//
// Lifetime: an object is destroyed (T::destroy) by the thread that drops its last reference.
// Threads: safe, except replace(): one at a time.
// Cost: taking and dropping an owner is one locked instruction each, however many readers there are; they share two
// cache lines.
// Source: Williams, "C++ Concurrency in Action" (2nd ed., 2019), section 7.2.4, split reference counts.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "harness/ledger/witness/counters.h"

namespace copycost::event_store {

struct counted {
  std::atomic<std::int64_t> owners{1};
};

// One owner of a T; null owns nothing. REQUIRES of T: derived from counted; static void destroy(T*).
template <class T>
class owner {
 public:
  owner() = default;
  // Takes over one count.
  explicit owner(T* object) : is_(object) {}
  owner(owner&& o) noexcept : is_(std::exchange(o.is_, nullptr)) {}
  owner& operator=(owner&& o) noexcept {
    T* const next = std::exchange(o.is_, nullptr);
    const owner gone(std::exchange(is_, next));
    return *this;
  }
  ~owner() { drop(); }
  owner share() const {
    if (is_ != nullptr) {
      count_refcount_op();
      is_->owners.fetch_add(1, std::memory_order_relaxed);
    }
    return owner(is_);
  }
  T* get() const { return is_; }
  T* operator->() const { return is_; }
  explicit operator bool() const { return is_ != nullptr; }
  T* release() { return std::exchange(is_, nullptr); }

 private:
  [[gnu::always_inline]] void drop() {
    if (is_ == nullptr) return;
    count_refcount_op();
    if (is_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) [[unlikely]]
      T::destroy(is_);
  }
  T* is_ = nullptr;
};

template <class T>
class counted_place {
 public:
  explicit counted_place(owner<T> first) { word_.store(enter(first.release()), std::memory_order_release); }
  ~counted_place() { leave(word_.load(std::memory_order_acquire)); }
  counted_place(const counted_place&) = delete;
  counted_place& operator=(const counted_place&) = delete;

  owner<T> take() {
    count_refcount_op();
    const std::uint64_t before = word_.fetch_add(kOne, std::memory_order_acq_rel);
    if (before >= kMany * kOne) [[unlikely]]
      settle(pointer(before));
    return owner<T>(pointer(before));
  }
  void replace(owner<T> next) { leave(word_.exchange(enter(next.release()), std::memory_order_acq_rel)); }
  // VALID UNTIL: replace(). REQUIRES: the thread that replaces.
  T* peek() const { return pointer(word_.load(std::memory_order_relaxed)); }

 private:
  static constexpr std::uint64_t kOne = std::uint64_t{1} << 48, kMany = 1 << 14;
  static constexpr std::int64_t kHere = std::int64_t{1} << 60;  // what the place itself counts for

  static T* pointer(std::uint64_t word) { return reinterpret_cast<T*>(word & (kOne - 1)); }
  static std::uint64_t enter(T* object) {
    object->owners.fetch_add(kHere - 1, std::memory_order_relaxed);  // its one owner becomes the place
    return reinterpret_cast<std::uint64_t>(object);
  }
  static void leave(std::uint64_t word) {
    const std::int64_t taken = static_cast<std::int64_t>(word >> 48);
    T* const object = pointer(word);
    if (object->owners.fetch_add(taken - kHere, std::memory_order_acq_rel) == kHere - taken) T::destroy(object);
  }
  // Moves half of what was taken to the object's own count, before the 16 bits are full. The caller is an owner.
  [[gnu::cold, gnu::noinline]] void settle(T* object) {
    object->owners.fetch_add(kMany, std::memory_order_relaxed);
    std::uint64_t word = word_.load(std::memory_order_relaxed);
    while (pointer(word) == object && word >= kMany * kOne)
      if (word_.compare_exchange_weak(word, word - kMany * kOne, std::memory_order_acq_rel)) return;
    object->owners.fetch_sub(kMany, std::memory_order_acq_rel);  // another thread did it, or the object has left
  }

  alignas(64) std::atomic<std::uint64_t> word_;
};

}  // namespace copycost::event_store
