// SPDX-License-Identifier: Apache-2.0
#include "impls/graph/arena/region.h"

#include <new>
#include <utility>

namespace copycost::graph {
namespace {

// One block has room for the bytes of a region, for what the arena puts before them (up to a page), and, where pieces
// are counted, for records of 256 of them. An item of any size fits into an empty region: there is no limit but memory.
arena_options room_of(const region_options& o) {
  constexpr std::size_t kPage = 4096;
  return {.bytes_max = arena::kBytesMax, .block_bytes = o.region_bytes + 2 * kPage};
}

}  // namespace

region::region(region_pool& pool) : memory_(room_of(pool.options())), pool_(pool) {}

arena::lease region::adopt(foreign_bytes&& bytes) {
  const std::size_t size = bytes.bytes().size();
  const arena::lease there = memory_.adopt(std::move(bytes));
  if (there.data != nullptr) hold(size + arena::kNoteBytes);
  return there;
}

bool region::shrink(arena::lease piece, std::size_t size, std::size_t keep) {
  if (!memory_.shrink(piece, size, keep)) return false;
  held_.store(held_bytes() - (rounded(size) - rounded(keep)), std::memory_order_relaxed);
  return true;
}

void region::close(std::int64_t issued) {
  count_refcount_op();
  const std::int64_t change = issued - kOpen;
  if (owners_.fetch_add(change, std::memory_order_acq_rel) + change == 0) freed();
}

void region::freed() { pool_.give_back(this); }

region_pool::~region_pool() {
  COPYCOST_ASSERT(stats_.taken == stats_.freed);
  while (waiting_ != nullptr) delete std::exchange(waiting_, waiting_->next_);
}

region* region_pool::take() {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_ != nullptr) {
      ++stats_.taken;
      waiting_bytes_ -= waiting_->memory_.mapped_bytes();
      return std::exchange(waiting_, waiting_->next_);
    }
  }
  auto* const fresh = new (std::nothrow) region(*this);
  if (fresh == nullptr) return nullptr;
  const std::lock_guard lock(mutex_);
  ++stats_.made;
  ++stats_.taken;
  return fresh;
}

void region_pool::give_back(region* freed) {
  freed->memory_.reset();  // before the lock: it calls what gives adopted bytes back
  freed->held_.store(0, std::memory_order_relaxed);
  freed->owners_.store(region::kOpen, std::memory_order_relaxed);
  const std::size_t bytes = freed->memory_.mapped_bytes();
  if (!keep(freed, bytes)) delete freed;
}

bool region_pool::keep(region* freed, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  ++stats_.freed;
  if (waiting_bytes_ + bytes > options_.pool_bytes) {
    ++stats_.unmapped;
    return false;
  }
  waiting_bytes_ += bytes;
  freed->next_ = std::exchange(waiting_, freed);
  return true;
}

region_stats region_pool::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

}  // namespace copycost::graph
