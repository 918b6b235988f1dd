// SPDX-License-Identifier: Apache-2.0
//
// Thirteen ways in which payload is copied in ordinary C++, none through counted_copy: what the witnesses are tested
// on. copy_kinds.cc is compiled once for each compiler and level; a variant that was not built is a null function.
// Lifetime: static. Not thread-safe: a kind keeps its copy until clear().
#pragma once
#include <cstddef>
#include <span>

namespace copycost::copy_kinds {

struct copy_kind {
  const char* name;
  std::size_t bytes;
  // Where the payload is to be written before copy(): in `lent` or, for a container, in its own memory.
  // VALID UNTIL: copy() or clear().
  std::span<std::byte> (*source)(std::span<std::byte> lent);
  // Copies and answers where the copy lies. VALID UNTIL: clear().
  std::span<const std::byte> (*copy)(std::span<const std::byte> from);
  void (*clear)();
};

struct variant {
  const char* compiler;  // "g++ 12 -O2": as in the head of its column
  std::span<const copy_kind> kinds;
};

[[gnu::weak]] variant gxx_o2();
[[gnu::weak]] variant gxx_o3();
[[gnu::weak]] variant clangxx_o2();

}  // namespace copycost::copy_kinds
