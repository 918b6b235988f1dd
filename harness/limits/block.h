// SPDX-License-Identifier: Apache-2.0
//
// Internal to harness/limits: a block of the process's allocator, which no compiler removes.
//
// Lifetime: until std::free.
// Threads: safe.
// Cost: one malloc.
#pragma once
#include <cstddef>
#include <cstdlib>
#include <system_error>

#include "harness/limits/probe.h"

namespace copycost::limits::detail {

// Throws std::system_error.
inline std::byte* allocate(std::size_t bytes) {
  void* block = std::malloc(bytes);
  if (!block) [[unlikely]]
    throw std::system_error(ENOMEM, std::generic_category(), "limits: malloc");
  escape(block);
  return static_cast<std::byte*>(block);
}

}  // namespace copycost::limits::detail
