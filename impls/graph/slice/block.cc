// SPDX-License-Identifier: Apache-2.0
#include "impls/graph/slice/block.h"

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

namespace copycost::graph {

slice_block::slice_block(kind k, std::span<const header> headers, std::size_t capacity)
    : capacity_(static_cast<std::uint32_t>(capacity)),
      headers_(static_cast<std::uint16_t>(headers.size())),  // fits: at most kHeadersMax
      kind_(k) {
  std::copy(headers.begin(), headers.end(), reinterpret_cast<header*>(this + 1));  // not payload: names
}

slice_block* slice_block::place(kind k, std::span<const header> headers, std::size_t capacity, std::size_t tail_bytes) {
  void* memory = ::operator new(sizeof(slice_block) + headers.size_bytes() + tail_bytes, std::nothrow);
  return memory == nullptr ? nullptr : new (memory) slice_block(k, headers, capacity);
}

slice_block* slice_block::make(std::span<const header> headers, std::size_t capacity) {
  return place(kOwn, headers, capacity, capacity);
}

slice_block* slice_block::adopt(std::span<const header> headers, foreign_bytes&& bytes) {
  slice_block* block = place(kForeign, headers, bytes.bytes().size(), sizeof(foreign_bytes));
  if (block != nullptr) new (&block->tail<char>()) foreign_bytes(std::move(bytes));
  return block;
}

slice_block* slice_block::make_part(std::span<const header> headers, slice_block& of) {
  slice_block& whole = of.whole();
  slice_block* block = place(kPart, headers, 0, sizeof(slice_block*));
  if (block == nullptr) return nullptr;
  whole.add();
  new (&block->tail<char>()) slice_block*(&whole);
  return block;
}

std::uint64_t slice_block::held_bytes() {
  const std::uint64_t here = sizeof(slice_block) + headers().size_bytes() + capacity_;
  if (kind_ == kOwn) return here;
  return here + (kind_ == kForeign ? sizeof(foreign_bytes) : sizeof(slice_block*) + whole().held_bytes());
}

bool slice_block::may_write(const std::byte* at) {
  if (!is_alone()) return false;
  return kind_ == kPart ? whole().may_write(at) : kind_ == kOwn && payload() == at;
}

bool slice_block::try_add() {
  count_refcount_op();
  std::uint64_t seen = counts_.load(std::memory_order_relaxed);
  do {
    if (owners_of(seen) == 0) return false;
    if (owners_of(seen) >= kCountMax) std::abort();
    // Relaxed: the watcher came from an owner, and what that one saw of the payload the watcher sees.
  } while (!counts_.compare_exchange_weak(seen, seen + 1, std::memory_order_relaxed));
  return true;
}

void slice_block::last_drop(std::uint64_t counts_before) {
  if (kind_ == kForeign) std::destroy_at(&tail<foreign_bytes>());
  if (kind_ == kPart) whole().drop();
  // Without an owner there can be no first watcher: the block is this thread's alone.
  if (counts_before == kAlone) return ::operator delete(this);
  unwatch();
}

}  // namespace copycost::graph
