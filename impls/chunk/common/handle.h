// SPDX-License-Identifier: Apache-2.0
//
// The chunk handle that our own designs share: a contiguous view, its place in the stream, and an owner. The designs
// differ in the owner only.
//
//   [data*|size u32|stream u32|offset u64|owner]      32 bytes with a one-word owner
//
// An Owner is movable and says what one more owner of some of its bytes costs:
//   piece<Owner> share(const std::byte* data, std::size_t size) const;   // piece.ok false: out of memory
//   std::uint64_t held_bytes() const, use_count() const;
//   void check() const;                       // aborts in debug builds when the memory is gone (arena)
//
// Lifetime: the owner's.
// Threads: the owner's.
// Cost: slice() is two compares and the owner's share().
#pragma once
#include <new>
#include <utility>

#include "scenarios/chunk/contract.h"

namespace copycost::chunk {

template <class Owner>
struct piece {
  const std::byte* data = nullptr;
  Owner owner{};
  bool ok = true;
};

template <class Owner>
class handle {
 public:
  handle() = default;
  handle(place at, bytes_view bytes, Owner owner)
      : data_(bytes.data()),
        size_(static_cast<std::uint32_t>(bytes.size())),  // fits: at most kSizeMax (contract.h)
        stream_(at.stream),
        offset_(at.offset),
        owner_(std::move(owner)) {}
  handle(handle&&) noexcept = default;
  handle& operator=(handle&&) noexcept = default;

  std::size_t size() const { return size_; }
  place at() const { return {stream_, offset_}; }
  // VALID UNTIL: this handle is destroyed, moved from or changed.
  bytes_view view() const {
    owner_.check();
    return {data_, size_};
  }

  // Throws std::bad_alloc where sharing allocates and there is no memory.
  handle share() const {
    owner_.check();
    piece<Owner> p = owner_.share(data_, size_);
    if (!p.ok) [[unlikely]]
      throw std::bad_alloc();
    return handle(at(), {p.data, size_}, std::move(p.owner));
  }

  result<handle> slice(std::size_t pos, std::size_t len) const {
    owner_.check();
    if (pos > size_ || len > size_ - pos) [[unlikely]]
      return inside(pos, len, size_).error();
    const place there{stream_, offset_ + pos};
    if (len == 0) return handle(there, {data_ + pos, 0}, Owner{});  // an empty slice keeps nothing alive
    piece<Owner> p = owner_.share(data_ + pos, len);
    if (!p.ok) [[unlikely]]
      return error{errc::out_of_memory, 0, 0, len};
    return handle(there, {p.data, len}, std::move(p.owner));
  }

  result<void> advance(std::size_t n) {
    if (n > size_) return inside(n, 0, size_).error();
    data_ += n;
    size_ -= static_cast<std::uint32_t>(n);
    offset_ += n;
    return {};
  }
  result<void> truncate(std::size_t n) {
    if (n > size_) return inside(n, 0, size_).error();
    size_ = static_cast<std::uint32_t>(n);
    return {};
  }

  std::uint64_t retained_bytes() const { return owner_.held_bytes(); }
  std::uint64_t use_count() const { return owner_.use_count(); }

  // For the design's context: the owner, and a handle stretched or moved elsewhere over the same owner.
  const Owner& owner() const { return owner_; }
  Owner&& take_owner() { return std::move(owner_); }
  void stretch(std::size_t size) { size_ = static_cast<std::uint32_t>(size); }

 private:
  const std::byte* data_ = nullptr;
  std::uint32_t size_ = 0;
  stream_id stream_ = 0;
  std::uint64_t offset_ = 0;
  [[no_unique_address]] Owner owner_{};
};

}  // namespace copycost::chunk
