// SPDX-License-Identifier: Apache-2.0
//
// Private to the arena design: the directory of segments, and what a reader holds.
//
//   directory [first|segment*][first|segment*][first|segment*] ..free..     entries are added behind, never moved
//               v  gone already  v               v
//               x             segment         segment
//
// Readers look up numbers that they may see. Entries in front of those and behind them they only compare and never
// follow, so the writer may free the former and take the latter back. A directory that is full, or whose index is
// stale, is replaced by another with what is there.
//
// Lifetime: as long as a reader's slot holds the generation (reader_slots.h).
// Threads: one writer, any readers.
#pragma once
#include <memory>
#include <utility>

#include "harness/base/check.h"
#include "impls/common/reclaim/reader_slots.h"
#include "impls/event_store/arena/segment_pool.h"
#include "impls/event_store/common/log_reader.h"

namespace copycost::event_store {

class arena_directory {
 public:
  struct entry {
    std::atomic<sequence> first;
    std::atomic<arena_segment*> segment;
  };
  arena_directory(const entity_index& index, std::uint32_t capacity)
      : index_(&index), capacity_(capacity), entries_(std::make_unique<entry[]>(capacity)) {}

  const entity_index& index() const { return *index_; }
  std::uint32_t size() const { return count_.load(std::memory_order_relaxed); }  // the writer's
  bool is_full() const { return size() == capacity_; }
  std::uint64_t bytes() const { return sizeof(*this) + capacity_ * sizeof(entry); }
  arena_segment* at(std::uint32_t i) const { return entries_[i].segment.load(std::memory_order_relaxed); }
  sequence first_of(std::uint32_t i) const { return entries_[i].first.load(std::memory_order_relaxed); }

  // REQUIRES: !is_full().
  void push(arena_segment* s) {
    COPYCOST_ASSERT(!is_full());
    const std::uint32_t n = size();
    entries_[n].first.store(s->first, std::memory_order_relaxed);
    entries_[n].segment.store(s, std::memory_order_relaxed);
    count_.store(n + 1, std::memory_order_release);
  }
  void pop() { count_.store(size() - 1, std::memory_order_relaxed); }

  // The segment that `seq` is in. REQUIRES: there is one, and the caller may look at it.
  std::uint32_t locate(sequence seq) const {
    std::uint32_t low = 0, high = count_.load(std::memory_order_acquire);
    while (high - low > 1) {
      const std::uint32_t middle = low + (high - low) / 2;
      if (first_of(middle) <= seq)
        low = middle;
      else
        high = middle;
    }
    return low;
  }
  record_place find(sequence seq) const {
    const std::uint32_t i = locate(seq);
    const arena_segment* s = at(i);
    return {s->layout.record(seq - s->first),
            i + 1 < count_.load(std::memory_order_acquire) ? first_of(i + 1) : kStart};
  }

 private:
  const entity_index* index_;
  std::atomic<std::uint32_t> count_{0};
  const std::uint32_t capacity_;
  std::unique_ptr<entry[]> entries_;
};

// The log as a reader sees it: through its slot, or through another reader's for as long as that lasts.
class arena_log {
 public:
  arena_log(reader_slot* pinned, const arena_directory* seen) : pinned_(pinned), seen_(seen) {}
  arena_log(arena_log&& o) noexcept : pinned_(std::exchange(o.pinned_, nullptr)), seen_(o.seen_) {}
  arena_log& operator=(arena_log&& o) noexcept {
    if (this != &o) {
      drop();
      pinned_ = std::exchange(o.pinned_, nullptr);
      seen_ = o.seen_;
    }
    return *this;
  }
  ~arena_log() { drop(); }

  record_place find(sequence seq) const { return seen_->find(seq); }
  const entity_index& index() const { return seen_->index(); }
  arena_log borrow() const { return arena_log(nullptr, seen_); }

 private:
  void drop() {
    if (pinned_ != nullptr) pinned_->unpin();
  }
  reader_slot* pinned_;
  const arena_directory* seen_;
};

}  // namespace copycost::event_store
