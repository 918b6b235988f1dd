// SPDX-License-Identifier: Apache-2.0
//
// What an item of any design that shares bytes says of itself, beside its owner: where its payload lies, and its
// metadata except the headers, which lie with the owner.
//
//   [data*|size 31 bits, has headers 1 bit|source u32|key u64]   24 bytes: with an owner of one word an item has 32
//
// Lifetime: borrows; the item that it is part of owns the bytes.
// Threads: a value.
// Cost: three words to copy.
#pragma once
#include <algorithm>

#include "scenarios/graph/contract.h"

namespace copycost::graph {

class item_words {
 public:
  item_words() = default;
  // REQUIRES: size <= kItemMax.
  item_words(const std::byte* data, std::size_t size, const metadata& meta, bool has_headers)
      : data_(data),
        size_(static_cast<std::uint32_t>(size) | (has_headers ? kHasHeaders : 0)),
        source_(meta.source),
        key_(meta.key) {}

  const std::byte* data() const { return data_; }  // VALID UNTIL: the owner is dropped
  std::size_t size() const { return size_ & ~kHasHeaders; }
  // Whether the headers of the owner are those of the item.
  bool has_headers() const { return (size_ & kHasHeaders) != 0; }
  name_id source() const { return source_; }
  std::uint64_t key() const { return key_; }
  // REQUIRES: size <= kItemMax.
  void set_size(std::size_t size) { size_ = static_cast<std::uint32_t>(size) | (size_ & kHasHeaders); }

 private:
  static constexpr std::uint32_t kHasHeaders = 1u << 31;

  const std::byte* data_ = nullptr;
  std::uint32_t size_ = 0;  // one word and no bit field: what is written in pieces is slow to read as a whole
  name_id source_ = 0;
  std::uint64_t key_ = 0;
};
static_assert(sizeof(item_words) == 24 && kItemMax < std::uint64_t{1} << 31);

inline bool same_headers(std::span<const header> a, std::span<const header> b) {
  return a.size() == b.size() && (a.data() == b.data() || std::equal(a.begin(), a.end(), b.begin()));
}

}  // namespace copycost::graph
