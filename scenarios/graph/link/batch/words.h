// SPDX-License-Identifier: Apache-2.0
//
// Part of the wire form: little-endian numbers at any address.
//
// Threads: safe; pure functions.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace copycost::graph::wire {
static_assert(std::endian::native == std::endian::little);

template <class T>
T load(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}
// Answers the byte behind the number. VALID UNTIL: the memory goes.
template <class T>
std::byte* store(std::byte* to, T value) {
  std::memcpy(to, &value, sizeof value);
  return to + sizeof value;
}

}  // namespace copycost::graph::wire
