// SPDX-License-Identifier: Apache-2.0
//
// Searches a stream that arrives in pieces for one pattern, which may span any number of them.
//
// Lifetime: borrows the pattern.
// Threads: a value.
// Cost: linear; 4 bytes allocated per byte of the pattern.
// Source: Knuth, Morris and Pratt, "Fast Pattern Matching in Strings" (1977); memchr skips to the first byte of the
// pattern while nothing has matched.
#pragma once
#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

#include "harness/base/check.h"
#include "scenarios/chunk/contract.h"

namespace copycost::chunk {

class pattern_search {
 public:
  // REQUIRES: pattern is not empty and not longer than kSizeMax.
  explicit pattern_search(bytes_view pattern) : pattern_(pattern), border_(pattern.size()) {
    COPYCOST_ASSERT(!pattern.empty() && pattern.size() <= kSizeMax);
    for (std::uint32_t i = 1, k = 0; i < pattern.size(); ++i) {
      while (k > 0 && pattern[i] != pattern[k]) k = border_[k - 1];
      if (pattern[i] == pattern[k]) ++k;
      border_[i] = k;
    }
  }

  // The position, counted from the first byte ever fed, of the first occurrence that ends in this piece.
  // REQUIRES: none has been found yet.
  std::optional<std::uint64_t> feed(bytes_view bytes) {
    COPYCOST_ASSERT(matched_ < pattern_.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (matched_ == 0) {
        const void* hit = std::memchr(bytes.data() + i, static_cast<int>(pattern_[0]), bytes.size() - i);
        if (hit == nullptr) break;
        i = static_cast<std::size_t>(static_cast<const std::byte*>(hit) - bytes.data());
      }
      while (matched_ > 0 && bytes[i] != pattern_[matched_]) matched_ = border_[matched_ - 1];
      if (bytes[i] == pattern_[matched_]) ++matched_;
      if (matched_ == pattern_.size()) return fed_ + i + 1 - pattern_.size();
    }
    fed_ += bytes.size();
    return std::nullopt;
  }

 private:
  bytes_view pattern_;
  std::vector<std::uint32_t> border_;  // of each prefix: the longest proper border
  std::uint32_t matched_ = 0;          // bytes of the pattern that the stream ends with
  std::uint64_t fed_ = 0;
};

}  // namespace copycost::chunk
