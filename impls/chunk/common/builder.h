// SPDX-License-Identifier: Apache-2.0
//
// The builder that our own designs share: one thread writes into memory of the design, seal() turns it into a chunk.
//
//   [place|storage|begin*|size]      storage: [....|begin: written payload ......|space().........]
//
// A Storage is movable and owns writable memory alone:
//   std::byte* data() const; std::size_t capacity() const;
//   Storage larger(std::size_t capacity) const;   // data() null: no memory (the reason in exhausted(capacity))
//   error exhausted(std::size_t capacity) const;
//
// Lifetime: the storage's.
// Threads: one at a time.
// Cost: write() copies; wrote() is free; growth doubles.
#pragma once
#include <algorithm>
#include <utility>

#include "harness/base/check.h"
#include "harness/ledger/witness/counters.h"
#include "scenarios/chunk/contract.h"

namespace copycost::chunk {

template <class Storage>
class block_builder {
 public:
  // REQUIRES: [begin, begin + size) lies in the storage.
  block_builder(place at, Storage storage, std::byte* begin, std::size_t size)
      : at_(at), storage_(std::move(storage)), begin_(begin), size_(size) {
    COPYCOST_ASSERT(begin_ >= storage_.data() && begin_ + size_ <= storage_.data() + storage_.capacity());
  }

  // VALID UNTIL: the next call on the builder.
  std::span<std::byte> space() { return {begin_ + size_, room()}; }

  result<void> wrote(std::size_t n) {
    if (n > room()) return error{errc::out_of_range, n, room(), 0};
    size_ += n;
    return {};
  }

  // COPIES: bytes.size(), and what is there when the storage must grow. Errors: too_large, offset_overflow, and what
  // the storage answers when it is exhausted; the builder is then unchanged.
  result<void> write(bytes_view bytes) {
    if (bytes.size() > room())
      if (auto grown = grow(size_ + bytes.size()); !grown) return grown;
    counted_copy(begin_ + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
    return {};
  }

  std::size_t size() const { return size_; }
  place at() const { return at_; }
  // VALID UNTIL: the next call on the builder.
  bytes_view written() const { return {begin_, size_}; }
  Storage&& take_storage() { return std::move(storage_); }

 private:
  std::size_t room() const { return static_cast<std::size_t>(storage_.data() + storage_.capacity() - begin_) - size_; }
  result<void> grow(std::size_t need) {
    if (const auto ok = fits(at_, need); !ok) return ok.error();
    const std::size_t capacity = std::max<std::size_t>(need, std::min<std::uint64_t>(2 * size_, kSizeMax));
    Storage next = storage_.larger(capacity);
    if (next.data() == nullptr) return storage_.exhausted(capacity);
    counted_copy(next.data(), begin_, size_);
    begin_ = next.data();
    storage_ = std::move(next);
    return {};
  }

  place at_;
  Storage storage_;
  std::byte* begin_;
  std::size_t size_;
};

}  // namespace copycost::chunk
