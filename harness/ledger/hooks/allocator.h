// SPDX-License-Identifier: Apache-2.0
//
// The allocator behind the malloc hooks: mimalloc, reached through dlsym(RTLD_NEXT), never through the linkage table,
// because heaptrack interposes on mi_malloc as well and would see each block twice.
//
// Lifetime: usable from the first call on; the first one looks the functions up. What the loader asks for during that
// look-up comes from a small static buffer ("early blocks").
// Threads: safe; the look-up happens before there are threads.
// Cost: one indirect call.
#pragma once
#include <cstddef>
#include <cstdint>

#include "harness/ledger/hooks/thread_state.h"

namespace copycost::hooks {

struct allocator_functions {
  void* (*malloc)(std::size_t size);
  void* (*calloc)(std::size_t count, std::size_t size);
  void* (*memalign)(std::size_t alignment, std::size_t size);
  void (*free)(void* block);
  std::size_t (*usable_size)(const void* block);
  bool (*owns)(const void* pointer);  // false for what lies in none of the allocator's segments
};

extern constinit allocator_functions g_allocator;

// Usable bytes of a block of `size` bytes by malloc or calloc: from a table where the allocator rounds small sizes the
// same way each time (the table was made by asking it), else by asking.
inline constexpr std::size_t kTableBytes = 1024;
extern constinit std::uint16_t g_small_usable[kTableBytes / 8 + 1];  // 0: ask

inline std::size_t usable_of_new(const void* block, std::size_t size) {
  if (size <= kTableBytes) [[likely]] {
    const std::size_t known = g_small_usable[(size + 7) / 8];
    if (known != 0) [[likely]]
      return known;
  }
  return g_allocator.usable_size(block);
}

// Whether the block is the allocator's own. A region of 4 MiB, which no allocator segment is smaller than, is asked
// about once; after that each thread remembers the last one.
inline bool is_owned(const void* block) {
  const std::uintptr_t region = (reinterpret_cast<std::uintptr_t>(block) >> 22) + 1;  // + 1: never the initial 0
  if (t_state.region == region) [[likely]]
    return true;
  if (!g_allocator.owns(block)) return false;
  t_state.region = region;
  return true;
}

// The alignment and the size to ask for, so that a block of `size` bytes is aligned and the allocator remembers that it
// is. mimalloc 3.0 forgets it of blocks that do not begin where it begins them (their usable size changes later, and
// free takes them for others), but not of those that get pages of their own; blocks of a power of two begin aligned.
std::size_t kept_alignment(std::size_t alignment, std::size_t size);
std::size_t kept_size(std::size_t alignment, std::size_t size);

bool is_early(const void* block);
std::size_t early_usable_size(const void* block);

// Prints one line and ends the process with status 70: the library cannot do its work.
[[noreturn]] void die(const char* what, const void* pointer = nullptr);
// Prints one line and aborts: the program that is watched has done what it must not.
[[noreturn]] void accuse(const char* what, const void* pointer);

}  // namespace copycost::hooks
