// SPDX-License-Identifier: Apache-2.0
//
// Ways to split payload into parts, for for_each.
//
//   lines    "ab\n\ncd"   --> "ab" "" "cd"
//   records  8 bytes each --> [0, 8) [8, 16) ...
//
// A splitter is asked where the next part is until it has passed the end: next(whole, from) with from < whole.size().
// check() comes first, of the whole.
//
// Threads: safe; immutable.
// Cost: lines: a memchr a part.
#pragma once
#include <algorithm>
#include <concepts>

#include "scenarios/common/bytes.h"
#include "scenarios/graph/contract.h"

namespace copycost::graph {

// Where a part lies, and where the search for the next one begins. REQUIRES: next is behind where this search began.
struct part_at {
  std::size_t pos = 0, size = 0, next = 0;
};

template <class S>
concept splitter = requires(S s, bytes_view whole, std::size_t from) {
  { s.check(whole) } -> std::same_as<result<void>>;
  { s.next(whole, from) } -> std::same_as<part_at>;
};

// Each ends with \n, which is not part of it; the last may have none. Nothing is behind the last \n.
struct lines {
  result<void> check(bytes_view) const { return {}; }
  part_at next(bytes_view whole, std::size_t from) const {
    const std::size_t at = find_byte(whole, '\n', from);
    return {from, at - from, std::min(at + 1, whole.size())};
  }
};

// Of `size` bytes each. REQUIRES: size > 0.
struct records {
  std::size_t size = 1;
  // Errors: truncated_input, when the last one is not whole.
  result<void> check(bytes_view whole) const {
    const std::size_t rest = whole.size() % size;
    if (rest != 0) return error{errc::truncated_input, whole.size() - rest, size, rest};
    return {};
  }
  part_at next(bytes_view, std::size_t from) const { return {from, size, from + size}; }
};

// Any function of the form of next().
template <class F>
struct split_by {
  F where;
  result<void> check(bytes_view) const { return {}; }
  part_at next(bytes_view whole, std::size_t from) { return where(whole, from); }
};
template <class F>
split_by(F) -> split_by<F>;

}  // namespace copycost::graph
