// SPDX-License-Identifier: Apache-2.0
//
// The builder of slice_inline: up to 16 bytes are written into the builder itself, more into a block.
//
//   room for 16    [place|no block|begin*|size|near: written ..|space()]
//   more           [place|block*  |begin*|size|unused]        block: [....|begin: written ......|space().........]
//
// Lifetime: owns what is written; what lies near moves with it.
// Threads: one at a time.
// Cost: write() copies; wrote() is free; growth doubles, and moves near bytes into the first block.
#pragma once
#include <algorithm>
#include <utility>

#include "impls/chunk/slice_inline/handle.h"

namespace copycost::chunk {

class inline_builder {
 public:
  static constexpr std::size_t kNear = inline_handle::kNear;

  explicit inline_builder(place at) : at_(at) {}
  // REQUIRES: the block has one owner, this one; [begin, begin + size) lies in it.
  inline_builder(place at, ref block, std::byte* begin, std::size_t size)
      : at_(at), block_(std::move(block)), begin_(begin), size_(size) {}

  // VALID UNTIL: the next call on the builder, or its move.
  std::span<std::byte> space() { return {begin() + size_, room()}; }
  // Errors: out_of_range.
  result<void> wrote(std::size_t n) {
    if (n > room()) return error{errc::out_of_range, n, room(), 0};
    size_ += n;
    return {};
  }
  // COPIES: bytes.size(), and what is there when more room is needed. Errors: too_large, offset_overflow,
  // out_of_memory; the builder is then unchanged.
  result<void> write(bytes_view bytes) {
    if (bytes.size() > room())
      if (auto grown = grow(size_ + bytes.size()); !grown) return grown;
    counted_copy(begin() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
    return {};
  }

  std::size_t size() const { return size_; }
  place at() const { return at_; }
  // VALID UNTIL: the next call on the builder, or its move.
  bytes_view written() const { return {block_.get() != nullptr ? begin_ : near_, size_}; }
  // Null where the bytes are near.
  ref release() { return std::move(block_); }

 private:
  std::byte* begin() { return block_.get() != nullptr ? begin_ : near_; }  // VALID UNTIL: as space()
  std::size_t room() const {
    if (block_.get() == nullptr) return kNear - size_;
    return static_cast<std::size_t>(block_.get()->data() + block_.get()->capacity() - begin_) - size_;
  }
  result<void> grow(std::size_t need) {
    if (const auto ok = fits(at_, need); !ok) return ok.error();
    const std::size_t capacity = std::max<std::size_t>(need, std::min<std::uint64_t>(2 * size_, kSizeMax));
    ref next(ref_block::make(capacity));
    if (next.get() == nullptr) return error{errc::out_of_memory, 0, 0, capacity};
    counted_copy(next.get()->data(), begin(), size_);
    begin_ = next.get()->data();
    block_ = std::move(next);
    return {};
  }

  place at_;
  ref block_;  // its only owner; null: the bytes are near
  std::byte* begin_ = nullptr;
  std::size_t size_ = 0;
  std::byte near_[kNear]{};
};

}  // namespace copycost::chunk
