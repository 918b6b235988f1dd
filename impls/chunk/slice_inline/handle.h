// SPDX-License-Identifier: Apache-2.0
//
// A chunk of up to 16 bytes holds them itself; a longer one is a counted slice of a block. The size says which it is.
//
//   size <= 16   [size u32|stream u32|offset u64|near: up to 16 bytes ...]
//   size  > 16   [size u32|stream u32|offset u64|data*        |block*    ]--> [count|..][.....|payload ....|.......]
//                                                +------------------------------------------->+
//
// Lifetime: a block lives until its last chunk is dropped. Near bytes live in the handle: moving the handle ends a view
// of them.
// Threads: chunks of one block may be shared and dropped from any thread.
// Cost: nothing here allocates; sharing more than 16 bytes is one locked instruction, sharing less copies them.
#pragma once
#include <new>
#include <utility>

#include "harness/base/check.h"
#include "impls/chunk/slice_inline/short_bytes.h"
#include "impls/common/ref_block.h"
#include "scenarios/chunk/contract.h"

namespace copycost::chunk {

class inline_handle {
 public:
  static constexpr std::size_t kNear = short_bytes::kMax;  // bytes that a handle holds itself

  inline_handle() = default;
  // COPIES: bytes.size(). REQUIRES: bytes.size() <= kNear.
  inline_handle(place at, bytes_view bytes)
      : inline_handle(at, bytes.size(), copied_short(bytes.data(), bytes.size())) {
    COPYCOST_ASSERT(bytes.size() <= kNear);
  }
  // REQUIRES: bytes.size() > kNear; they lie in the block, of which this takes over one count.
  inline_handle(place at, bytes_view bytes, ref block)
      : inline_handle(at, bytes.size(),
                      {std::bit_cast<std::uint64_t>(bytes.data()), std::bit_cast<std::uint64_t>(block.release())}) {
    COPYCOST_ASSERT(bytes.size() > kNear && far_block() != nullptr);
  }
  inline_handle(inline_handle&& o) noexcept : inline_handle(o.at(), o.size_, o.rest_) { o.size_ = 0; }
  inline_handle& operator=(inline_handle&& o) noexcept {
    if (this == &o) return *this;
    this->~inline_handle();
    return *new (this) inline_handle(std::move(o));
  }
  [[gnu::always_inline]] ~inline_handle() {
    if (is_far()) far_block()->drop();
  }

  std::size_t size() const { return size_; }
  place at() const { return {stream_, offset_}; }
  // VALID UNTIL: this handle is destroyed, moved from or changed; up to 16 bytes lie in the handle itself.
  bytes_view view() const { return {data(), size_}; }

  // COPIES: size(), up to 16 bytes; nothing above.
  inline_handle share() const {
    const std::size_t size = size_;  // all is read first: a load behind the locked instruction would wait for it
    const place there = at();
    const short_bytes rest = rest_;
    if (size <= kNear) return inline_handle(there, size, copied_short(rest, size));
    std::bit_cast<ref_block*>(rest.high)->add();
    return inline_handle(there, size, rest);
  }
  // COPIES: len, up to 16 bytes, and then keeps nothing of the block; nothing above. Errors: out_of_range.
  result<inline_handle> slice(std::size_t pos, std::size_t len) const {
    if (pos > size_ || len > size_ - pos) [[unlikely]]
      return inside(pos, len, size_).error();
    const place there{stream_, offset_ + pos};
    if (len <= kNear) return inline_handle(there, {data() + pos, len});
    const short_bytes rest{rest_.low + pos, rest_.high};
    std::bit_cast<ref_block*>(rest.high)->add();
    return inline_handle(there, len, rest);
  }
  // COPIES: what is left, when that is up to 16 bytes; the block is then released. Errors: out_of_range.
  result<void> advance(std::size_t n) {
    if (n > size_) return inside(n, 0, size_).error();
    return keep({stream_, offset_ + n}, view().subspan(n));
  }
  // COPIES: as advance(). Errors: out_of_range.
  result<void> truncate(std::size_t n) {
    if (n > size_) return inside(n, 0, size_).error();
    return keep(at(), view().first(n));
  }

  // Near bytes are in no allocation; they count as what they are.
  std::uint64_t retained_bytes() const { return is_far() ? far_block()->held_bytes() : size_; }
  std::uint64_t use_count() const { return is_far() ? far_block()->use_count() : size_ != 0; }

  // For the design's context. Null when the bytes are near.
  ref_block* block() const { return is_far() ? far_block() : nullptr; }
  // The block's count; this chunk is empty afterwards. REQUIRES: block() is not null.
  ref release() {
    COPYCOST_ASSERT(is_far());
    size_ = 0;
    return ref(far_block());
  }
  void put(place at) {
    stream_ = at.stream;
    offset_ = at.offset;
  }
  // REQUIRES: block() is not null, and holds that many bytes from here on.
  void stretch(std::size_t size) {
    COPYCOST_ASSERT(is_far());
    size_ = static_cast<std::uint32_t>(size);
  }

 private:
  inline_handle(place at, std::size_t size, short_bytes rest)
      : size_(static_cast<std::uint32_t>(size)), stream_(at.stream), offset_(at.offset), rest_(rest) {}
  bool is_far() const { return size_ > kNear; }
  ref_block* far_block() const { return std::bit_cast<ref_block*>(rest_.high); }
  const std::byte* data() const {  // VALID UNTIL: as view()
    return is_far() ? std::bit_cast<const std::byte*>(rest_.low) : reinterpret_cast<const std::byte*>(&rest_);
  }
  result<void> keep(place at, bytes_view part) {
    if (part.size() <= kNear)
      *this = inline_handle(at, part);
    else {
      put(at);
      stretch(part.size());
      rest_.low = std::bit_cast<std::uint64_t>(part.data());
    }
    return {};
  }

  std::uint32_t size_ = 0;
  stream_id stream_ = 0;
  std::uint64_t offset_ = 0;
  short_bytes rest_;  // far: the address of the first byte, and of the block, of which this owns one count
};
static_assert(sizeof(inline_handle) == 32);

}  // namespace copycost::chunk
