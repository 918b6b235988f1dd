// SPDX-License-Identifier: Apache-2.0
//
// What the tests of shm links share: items that follow from their number, so that a process that gets one can tell
// whether it is the next one and intact. Free of Catch's macros: children use it too.
//
// Threads: safe; pure functions, except of what they are given.
#pragma once
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/rng.h"
#include "impls/graph/common/item_words.h"
#include "impls/graph/shm/link.h"

namespace copycost::graph::test {

inline constexpr shm_options kLinkSegment{std::size_t{16} << 20, false};

inline std::byte byte_of(std::uint64_t number, std::size_t at) {
  return static_cast<std::byte>(((number + at) * 0x9E3779B97F4A7C15u) >> 56);
}
inline std::vector<header> headers_of(shm_context& x, std::uint64_t number) {
  std::vector<header> out;
  for (std::uint64_t i = 0; i < number % 4; ++i)
    out.push_back({x.intern("n" + std::to_string(number % 5 + i)).value(), x.intern("value").value()});
  return out;
}

// The item with that number and `size` bytes of payload. `kind` 0: no headers; 1: headers in front of the payload;
// 2: headers in a block of their own. Empty when the segment is full.
inline shm_item numbered(shm_context& x, std::uint64_t number, std::size_t size, unsigned kind) {
  shm_maker m(x);
  std::vector<header> headers;
  if (kind > 0) headers = headers_of(x, number);
  const metadata meta{x.intern("source").value(), number, headers};
  auto draft = m.build(kind == 1 ? meta : metadata{}, size + 3);
  if (!draft) return {};
  for (std::size_t i = 0; i < size; ++i) draft->bytes()[i + 1] = byte_of(number, i);
  auto whole = m.seal(std::move(*draft), size + 3);
  if (!whole) return {};
  auto part = m.part(*whole, 1, size, meta);
  return part ? std::move(*part) : shm_item();
}
inline shm_item item_of_kind(shm_context& x, std::uint64_t number, std::uint64_t kind) {
  return numbered(x, number, 20 + number % 50, static_cast<unsigned>(kind));
}
inline shm_item sent_item(shm_context& x, rng& random, std::uint64_t number) {
  const std::size_t sizes[] = {0, 1, 64, 1000, 9000};
  return numbered(x, number, random.below(2) == 0 ? sizes[random.below(5)] : random.below(200),
                  static_cast<unsigned>(random.below(3)));
}

// Whether it is the item with that number, of whatever kind and size.
inline bool is_sent_item(shm_context& x, const shm_item& one, std::uint64_t number) {
  if (one.meta().key != number || x.name(one.meta().source) != "source") return false;
  const auto headers = headers_of(x, number);
  if (!one.meta().headers.empty() && !same_headers(one.meta().headers, headers)) return false;
  for (std::size_t i = 0; i < one.size(); ++i)
    if (one.bytes()[i] != byte_of(number, i)) return false;
  return true;
}

// Both ends of a link over ring 0, whose first message is number `first`.
struct link_pair {
  explicit link_pair(const link_options& options = {}, std::uint32_t first = 0, std::size_t bytes = kLinkSegment.bytes)
      : a(shm_options{bytes, false}), b(must(shm_context::attach(a.descriptor()))) {
    a.memory().queue(0).head = first;
    a.memory().queue(0).tail = first;
    out = must(shm_link_out::open(a, 0, options));
    in = must(shm_link_in::open(b, 0, options));
  }
  template <class T>
  static T must(result<T> r) {
    if (!r) std::abort();
    return std::move(*r);
  }
  // After the ends are gone, or have taken and settled everything.
  bool is_empty() { return a.used() == slab::usage{}; }

  shm_context a, b;
  shm_maker from{a};
  std::unique_ptr<shm_link_out> out;
  std::unique_ptr<shm_link_in> in;
};

}  // namespace copycost::graph::test
