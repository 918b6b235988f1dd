// SPDX-License-Identifier: Apache-2.0
//
// What an item of any design that shares bytes says of itself, beside its owner: where its payload lies, and its
// metadata except the headers, which lie with the owner.
//
//   [data*|size 31 bits, has_headers 1 bit|source u32|key u64]   24 bytes: with an owner of one word an item has 32
//
// Lifetime: borrows; the item that it is part of owns the bytes.
// Threads: a value.
// Cost: three words to copy.
#pragma once
#include <algorithm>

#include "scenarios/graph/contract.h"

namespace copycost::graph {

struct item_words {
  const std::byte* data = nullptr;
  std::uint32_t size : 31 = 0;
  std::uint32_t has_headers : 1 = 0;  // those of its owner are those of the item
  name_id source = 0;
  std::uint64_t key = 0;

  // REQUIRES: n <= kItemMax.
  void set_size(std::size_t n) { size = static_cast<std::uint32_t>(n) & kSizeMask; }
  static constexpr std::uint32_t kSizeMask = (1u << 31) - 1;
};
static_assert(sizeof(item_words) == 24 && kItemMax < std::uint64_t{1} << 31);

// REQUIRES: size <= kItemMax.
inline item_words words_of(const std::byte* data, std::size_t size, const metadata& meta, bool has_headers) {
  item_words words{data, 0, has_headers, meta.source, meta.key};
  words.set_size(size);
  return words;
}

inline bool same_headers(std::span<const header> a, std::span<const header> b) {
  return a.size() == b.size() && (a.data() == b.data() || std::equal(a.begin(), a.end(), b.begin()));
}

}  // namespace copycost::graph
