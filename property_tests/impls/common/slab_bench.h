// SPDX-License-Identifier: Apache-2.0
//
// What the tests of slabs share: fresh segments, another process's view of one, and blocks with known bytes.
//
// Threads: a value.
#pragma once
#include <algorithm>
#include <cstring>
#include <memory>

#include "impls/common/slab.h"
#include "property_tests/catch.h"

namespace copycost::test {

inline constexpr std::size_t kMiB = std::size_t{1} << 20;
struct slab_closer {
  void operator()(slab* s) const { s->close(); }
};
using slab_ptr = std::unique_ptr<slab, slab_closer>;

inline slab_ptr fresh(std::size_t bytes = 4 * kMiB) {
  auto segment = shm_segment::create({bytes, false});
  REQUIRE(segment.ok());
  auto opened = slab::open(std::move(segment).value());
  REQUIRE(opened.ok());
  return slab_ptr(*opened);
}
// Without Catch's macros: children use it too. Null when there is no slot.
inline slab_ptr another(const slab& of) {
  auto segment = shm_segment::attach(of.segment().descriptor());
  if (!segment) return nullptr;
  auto opened = slab::open(std::move(segment).value());
  return slab_ptr(opened ? *opened : nullptr);
}

inline void fill(held_block b, std::size_t size, unsigned seed) {
  std::memset(b.data, static_cast<int>(seed & 0xFF), size);
}
inline bool is_filled(const std::byte* data, std::size_t size, unsigned seed) {
  return std::all_of(data, data + size, [&](std::byte x) { return x == static_cast<std::byte>(seed & 0xFF); });
}

inline held_block hold_one(slab& s, const block_message& m) {
  held_block out;
  s.hold({&m, 1}, {&out, 1});
  return out;
}

}  // namespace copycost::test
