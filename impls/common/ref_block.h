// SPDX-License-Identifier: Apache-2.0
//
// A block of bytes that counts its owners itself: the owner behind the slice design.
//
//   make(n):   [count u32|kind u32|capacity u64][payload ... n bytes]      one allocation of n + 16 bytes
//   adopt(f):  [count|kind|capacity][foreign_bytes] --> payload elsewhere  one allocation of 48 bytes
//
// Lifetime: begins with one owner; the last drop() frees it (and releases the foreign bytes).
// Threads: add() and drop() from any thread; the payload may be written only while is_unique().
// Cost: add() and drop() are one locked instruction each.
// Source: of the orderings, Boost.Atomic documentation, "Reference counting" (relaxed add, release drop, acquire last).
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

#include "harness/ledger/witness/counters.h"
#include "scenarios/common/foreign_bytes.h"

namespace copycost {

class ref_block {
 public:
  ref_block(const ref_block&) = delete;
  ref_block& operator=(const ref_block&) = delete;

  // Null when there is no memory.
  static ref_block* make(std::size_t capacity) {
    void* memory = ::operator new(sizeof(ref_block) + capacity, std::nothrow);
    return memory == nullptr ? nullptr : new (memory) ref_block(kOwn, capacity);
  }
  // Null when there is no memory; the bytes are then still in `bytes`.
  static ref_block* adopt(foreign_bytes&& bytes);

  // VALID UNTIL: the last owner drops the block.
  std::byte* data() { return kind_ == kOwn ? reinterpret_cast<std::byte*>(this + 1) : foreign_data(); }
  std::size_t capacity() const { return capacity_; }
  // Requested bytes that live as long as the block.
  std::uint64_t held_bytes() const;

  // One more owner (or `owners` at once, with one locked instruction). Aborts before the count can wrap.
  void add(std::uint32_t owners = 1) {
    count_refcount_op();
    if (count_.fetch_add(owners, std::memory_order_relaxed) > kCountMax) [[unlikely]]
      std::abort();
  }
  // No short cut for the only owner: the load that it takes makes every drop of a shared block slower (some 4 ns).
  [[gnu::always_inline]] void drop() {
    count_refcount_op();
    if (count_.fetch_sub(1, std::memory_order_acq_rel) == 1) [[unlikely]]
      destroy();
  }
  bool is_unique() const { return count_.load(std::memory_order_acquire) == 1; }
  std::uint32_t use_count() const { return count_.load(std::memory_order_relaxed); }

 private:
  enum kind : std::uint32_t { kOwn, kForeign };
  static constexpr std::uint32_t kCountMax = 1u << 31;
  ref_block(kind k, std::size_t capacity) : kind_(k), capacity_(capacity) {}
  std::byte* foreign_data();  // VALID UNTIL: the last owner drops the block
  void destroy();

  std::atomic<std::uint32_t> count_{1};  // every owner
  const kind kind_;                      // immutable after construction
  const std::size_t capacity_;           // immutable after construction
};
static_assert(sizeof(ref_block) == 16);

// Owns one count of a block; null owns nothing. Two words would be wasteful: this is one pointer.
class ref {
 public:
  ref() = default;
  // Takes over one count.
  explicit ref(ref_block* block) : block_(block) {}
  ref(ref&& o) noexcept : block_(o.block_) { o.block_ = nullptr; }
  ref& operator=(ref&& o) noexcept {
    ref_block* const block = o.release();  // first, so that assignment to itself keeps the count
    const ref gone(block_);
    block_ = block;
    return *this;
  }
  ~ref() {
    if (block_ != nullptr) block_->drop();
  }
  ref share() const {
    ref_block* block = block_;  // read once: a load behind the locked instruction would wait for it
    if (block != nullptr) block->add();
    return ref(block);
  }
  ref_block* get() const { return block_; }
  ref_block* release() {
    ref_block* block = block_;
    block_ = nullptr;
    return block;
  }

 private:
  ref_block* block_ = nullptr;
};

}  // namespace copycost
