// SPDX-License-Identifier: Apache-2.0
//
// Bytes of the shm design: one reference to a block of the segment, or to the private block that a link copied a
// message's small payloads into.
//
// Lifetime: owns the reference; the segment stays mapped as long as one of its blocks is held here.
// Threads: may be shared and dropped by any.
// Cost: share one locked instruction; the last drop of a block of the segment takes the segment's lock.
#pragma once
#include <utility>

#include "impls/common/ref_block.h"
#include "impls/common/slab.h"
#include "scenarios/raft/contract.h"

namespace copycost::raft {

// One reference to a block of a segment, or to nothing.
class slab_ref {
 public:
  using count_word = std::atomic<std::uint32_t>;
  slab_ref() = default;
  // Takes over one reference. REQUIRES: count is not null.
  slab_ref(slab& in, count_word& count) : in_(&in), count_(&count) {}
  slab_ref(slab_ref&& o) noexcept : in_(o.in_), count_(std::exchange(o.count_, nullptr)) {}
  slab_ref& operator=(slab_ref&& o) noexcept {
    count_word* const count = o.release();  // first, so that assignment to itself keeps the reference
    slab* const in = o.in_;
    reset();
    in_ = in;
    count_ = count;
    return *this;
  }
  ~slab_ref() { reset(); }

  // Nothing when the count is full.
  slab_ref share() const { return count_ != nullptr && slab::add(*count_) ? slab_ref(*in_, *count_) : slab_ref(); }
  slab* where() const { return in_; }
  count_word* count() const { return count_; }
  // Gives the reference up without dropping it.
  count_word* release() { return std::exchange(count_, nullptr); }
  void reset() {
    if (count_word* const count = release(); count != nullptr) in_->drop(*count);
  }

 private:
  slab* in_ = nullptr;
  count_word* count_ = nullptr;
};

class shm_bytes {
 public:
  shm_bytes() = default;
  shm_bytes(slab_ref block, bytes_view view) : block_(std::move(block)), view_(view) {}
  shm_bytes(ref block, bytes_view view) : own_(std::move(block)), view_(view) {}
  shm_bytes(shm_bytes&& o) noexcept
      : block_(std::move(o.block_)), own_(std::move(o.own_)), view_(std::exchange(o.view_, {})) {}
  shm_bytes& operator=(shm_bytes&& o) noexcept {
    block_ = std::move(o.block_);
    own_ = std::move(o.own_);
    view_ = std::exchange(o.view_, {});
    return *this;
  }

  // VALID UNTIL: this is destroyed, moved from or changed.
  bytes_view view() const { return view_; }
  result<shm_bytes> share() const { return part(view_); }
  result<shm_bytes> part(bytes_view view) const {
    if (view.empty()) return shm_bytes();
    if (own_.get() != nullptr) return shm_bytes(own_.share(), view);
    slab_ref more = block_.share();
    if (more.count() == nullptr) return error{errc::out_of_memory, 0, 0, view.size()};
    return shm_bytes(std::move(more), view);
  }
  result<void> compact();
  std::uint64_t retained_bytes() const {
    if (own_.get() != nullptr) return own_.get()->held_bytes();
    return block_.count() == nullptr ? 0 : block_.where()->requested_bytes(*block_.count());
  }

  // The block of the segment; of nothing when the bytes lie in private memory.
  const slab_ref& block() const { return block_; }
  // The private block, taken away for another use when it has no other owner; or nothing.
  ref take_private() { return own_.get() != nullptr && own_.get()->is_unique() ? std::move(own_) : ref(); }

 private:
  slab_ref block_;  // one of both
  ref own_;
  bytes_view view_;
};

}  // namespace copycost::raft
