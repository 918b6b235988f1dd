// SPDX-License-Identifier: Apache-2.0
//
// An item of the shm design: a view of a block in a segment, which another process can hold as well.
//
//   this process                                             the segment
//   item [data*|size|headers*|source|key|slab*|count*|-] --> block [headers ... | payload ......................]
//                                            |                                          ^
//                                            +--> [counts of this process | 2 | . ]     |
//   part [data*|...|headers*|...............|count*|own*] ------------------------------+
//              own headers, where it has any --> block [headers ...]
//
// Lifetime: the block lives until its last item in its last process is dropped.
// Threads: a value; items of one block may be shared and dropped in any thread.
// Cost: share and drop one locked instruction (two where a part has headers of its own); the last drop of a block in a
// process takes the segment's lock.
#pragma once
#include <atomic>
#include <new>
#include <utility>

#include "impls/common/slab.h"
#include "scenarios/graph/contract.h"

namespace copycost::graph {

class shm_item {
 public:
  using count_word = std::atomic<std::uint32_t>;
  // Everything there is to an item. Each count that is not null is one reference.
  struct parts {
    const std::byte* data = nullptr;
    std::uint32_t size = 0, headers = 0;
    const header* first_header = nullptr;
    name_id source = 0;
    std::uint64_t key = 0;
    slab* in = nullptr;           // null: no memory goes with the item
    count_word* block = nullptr;  // of the payload, and of the headers in front of it
    count_word* own = nullptr;    // of the headers, where they lie in another block
  };

  shm_item() = default;
  // Takes over the references.
  explicit shm_item(const parts& is) : is_(is) {}
  shm_item(shm_item&& o) noexcept : is_(std::exchange(o.is_, {})) {}
  shm_item& operator=(shm_item&& o) noexcept {
    const parts is = std::exchange(o.is_, {});  // first, so that assignment to itself keeps the block
    drop(is_);
    is_ = is;
    return *this;
  }
  ~shm_item() { drop(is_); }

  std::size_t size() const { return is_.size; }
  // VALID UNTIL: the item is destroyed, moved from or changed.
  bytes_view bytes() const { return {is_.data, is_.size}; }
  // VALID UNTIL: the item is destroyed, moved from or changed.
  metadata meta() const { return {is_.source, is_.key, {is_.first_header, is_.headers}}; }
  // Throws std::bad_alloc when the count is full.
  shm_item share() const {
    if (!add(is_, 1)) throw std::bad_alloc();
    return shm_item(is_);
  }
  // Of the payload's block, in all processes.
  std::uint64_t use_count() const { return is_.block != nullptr ? is_.in->use_count(*is_.block) : 0; }
  std::uint64_t held_bytes() const { return held(is_.block) + held(is_.own); }

  // VALID UNTIL: the item is destroyed, moved from or changed.
  const parts& is() const { return is_; }
  // Gives the references up without dropping them.
  parts release() { return std::exchange(is_, {}); }

  // `n` more references to what the item holds; false: a count is full, and nothing was added.
  static bool add(const parts& to, std::uint64_t n) {
    if (n == 0) return true;
    if (to.block != nullptr && !slab::add(*to.block, n)) return false;
    if (to.own == nullptr || slab::add(*to.own, n)) return true;
    for (; to.block != nullptr && n > 0; --n) to.in->drop(*to.block);
    return false;
  }

 private:
  std::uint64_t held(const count_word* count) const { return count != nullptr ? is_.in->requested_bytes(*count) : 0; }
  static void drop(const parts& gone) {
    if (gone.block != nullptr) gone.in->drop(*gone.block);
    if (gone.own != nullptr) gone.in->drop(*gone.own);
  }

  parts is_;
};
static_assert(sizeof(shm_item) == 64);

}  // namespace copycost::graph
