// SPDX-License-Identifier: Apache-2.0
//
// Private to the slice design: a block that counts the items that own it, and those that only watch it.
//
//   own      [counts u64|capacity u32|headers u16|kind u16][headers ...][payload ... capacity bytes]
//   foreign  [counts|capacity|headers|kind]                [headers ...][foreign_bytes] --> payload elsewhere
//   part     [counts|      0 |headers|kind]                [headers ...][block*] --> the block that has the payload
//
// counts is [watchers u32|owners u32] in one word, so that is_alone() sees both at one time. All owners together are
// one watcher: the memory of the block goes with the last watcher, what the block keeps (foreign bytes, another block)
// with the last owner. A drop of the last owner finds out from the same subtraction whether there are watchers.
//
// Lifetime: begins with one owner. No block of the kind `part` refers to another one of that kind.
// Threads: safe; the payload may be written only while may_write().
// Cost: add() and drop() are one locked instruction each, watchers or not; try_add() is a loop of compare and exchange.
// Source: of the two counts, std::shared_ptr and std::weak_ptr of libstdc++ (_Sp_counted_base); of the orderings,
// Boost.Atomic documentation, "Reference counting" (relaxed add, release drop, acquire last).
#pragma once
#include <atomic>
#include <cstdlib>

#include "harness/ledger/witness/counters.h"
#include "scenarios/graph/contract.h"

namespace copycost::graph {

class slice_block {
 public:
  slice_block(const slice_block&) = delete;
  slice_block& operator=(const slice_block&) = delete;

  // Null when there is no memory, in each of the three. REQUIRES: fits().
  static slice_block* make(std::span<const header> headers, std::size_t capacity);
  // When there is no memory the bytes are still in `bytes`.
  static slice_block* adopt(std::span<const header> headers, foreign_bytes&& bytes);
  // Headers for a part of what `of` keeps, of which it is one more owner.
  static slice_block* make_part(std::span<const header> headers, slice_block& of);

  // The block that has the payload: this one, or the one that this is a part of. VALID UNTIL: the last owner's drop().
  slice_block& whole() { return kind_ == kPart ? *tail<slice_block*>() : *this; }
  // VALID UNTIL: the last owner's drop().
  std::span<const header> headers() const { return {reinterpret_cast<const header*>(this + 1), headers_}; }
  // Of a block of its own or a foreign one. VALID UNTIL: the last owner's drop().
  std::byte* payload() {
    return kind_ == kOwn ? reinterpret_cast<std::byte*>(&tail<char>()) : tail<foreign_bytes>().bytes().data();
  }
  // Requested bytes that live as long as the block.
  std::uint64_t held_bytes();

  // One more owner, or several at once with one locked instruction. Aborts before the count can wrap.
  void add(std::uint64_t owners = 1) {
    count_refcount_op();
    if (owners_of(counts_.fetch_add(owners, std::memory_order_relaxed)) + owners > kCountMax) [[unlikely]]
      std::abort();
  }
  [[gnu::always_inline]] void drop() {
    count_refcount_op();
    const std::uint64_t before = counts_.fetch_sub(1, std::memory_order_acq_rel);
    if (owners_of(before) == 1) [[unlikely]]
      last_drop(before);
  }
  std::uint64_t owners() const { return owners_of(counts_.load(std::memory_order_relaxed)); }
  // Whether one owner is all there is: only through it can a reader come to look at the bytes.
  bool is_alone() const { return counts_.load(std::memory_order_acquire) == kAlone; }
  // Whether the only owner may write payload that begins at `at`: the bytes are the block's own and begin there.
  bool may_write(const std::byte* at);

  // One more watcher. REQUIRES: the caller is an owner or a watcher. Aborts before the count can wrap.
  void watch() {
    count_refcount_op();
    if (counts_.fetch_add(kWatcher, std::memory_order_relaxed) >> 32 >= kCountMax) [[unlikely]]
      std::abort();
  }
  void unwatch() {
    count_refcount_op();
    if (counts_.fetch_sub(kWatcher, std::memory_order_acq_rel) >> 32 == 1) ::operator delete(this);
  }
  // Makes a watcher an owner as well, unless the last owner is gone.
  bool try_add();

 private:
  enum kind : std::uint16_t { kOwn, kForeign, kPart };
  static constexpr std::uint64_t kWatcher = std::uint64_t{1} << 32, kAlone = kWatcher | 1;
  static constexpr std::uint64_t kCountMax = std::uint64_t{1} << 31;
  static constexpr std::uint64_t owners_of(std::uint64_t counts) { return counts & 0xFFFF'FFFF; }

  slice_block(kind k, std::span<const header> headers, std::size_t capacity);
  static slice_block* place(kind k, std::span<const header> headers, std::size_t capacity, std::size_t tail_bytes);
  template <class T>
  T& tail() {
    return *reinterpret_cast<T*>(reinterpret_cast<std::byte*>(this + 1) + headers_ * sizeof(header));
  }
  [[gnu::cold]] void last_drop(std::uint64_t counts_before);

  std::atomic<std::uint64_t> counts_{kAlone};
  const std::uint32_t capacity_;  // immutable after construction, as what follows
  const std::uint16_t headers_;
  const kind kind_;
};
static_assert(sizeof(slice_block) == 16 && sizeof(header) == 8 && alignof(foreign_bytes) == 8);

}  // namespace copycost::graph
