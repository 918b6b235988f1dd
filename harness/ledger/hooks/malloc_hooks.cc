// SPDX-License-Identifier: Apache-2.0
//
// The allocation functions that heaptrack interposes on as well. Each goes straight to the allocator: if one called
// another through the linkage table, heaptrack would report the block twice.
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/ledger/hooks/account.h"
#include "harness/ledger/hooks/copies.h"
#include "harness/ledger/hooks/visibility.h"

namespace copycost::hooks {
namespace {

void* out_of_memory() {
  errno = ENOMEM;
  return nullptr;
}

inline void* allocate(std::size_t size) {
  slot& mine = my_slot();
  if (size > kRequestMax) [[unlikely]]
    return out_of_memory();
  void* block = g_allocator.malloc(size + kTrailerBytes);
  if (block == nullptr) [[unlikely]]
    return out_of_memory();
  enter_block(mine, block, usable_of_new(block, size + kTrailerBytes), size);
  return block;
}

bool is_power_of_two(std::size_t n) { return n != 0 && (n & (n - 1)) == 0; }

// REQUIRES: the alignment is a power of two.
void* allocate_aligned(std::size_t alignment, std::size_t size) {
  slot& mine = my_slot();
  if (size > kRequestMax || alignment > kRequestMax) return out_of_memory();
  const std::size_t needed = size + kTrailerBytes;
  void* block = g_allocator.memalign(kept_alignment(alignment, needed), kept_size(alignment, needed));
  if (block == nullptr) return out_of_memory();
  enter_block(mine, block, g_allocator.usable_size(block), size);
  return block;
}

// Moves a block as realloc does when it cannot stay. The move is a copy like any other. Null when out of memory.
void* move_block(slot& mine, void* old_block, const known_block& known, std::size_t size) {
  void* block = g_allocator.malloc(size + kTrailerBytes);
  if (block == nullptr) return out_of_memory();
  const std::size_t kept = known.requested < size ? known.requested : size;
  if (!known.own) count_copy(old_block, kept);
  copy_uncounted(block, old_block, kept);
  replace_block(mine, old_block, known, block, size);
  if (!known.early) g_allocator.free(old_block);
  return block;
}

}  // namespace
}  // namespace copycost::hooks

using namespace copycost::hooks;

CCH_HOOK void* malloc(size_t size) noexcept { return allocate(size); }

CCH_HOOK void free(void* block) noexcept {
  if (block == nullptr) return;
  slot& mine = my_slot();
  const known_block known = look_up_block(block);
  leave_block(mine, block, known);
  if (known.early) [[unlikely]]
    return;
  g_allocator.free(block);
}

CCH_HOOK void* calloc(size_t count, size_t size) noexcept {
  slot& mine = my_slot();
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes) || bytes > kRequestMax) return out_of_memory();
  void* block = g_allocator.calloc(1, bytes + kTrailerBytes);
  if (block == nullptr) return out_of_memory();
  enter_block(mine, block, usable_of_new(block, bytes + kTrailerBytes), bytes);
  return block;
}

CCH_HOOK void* realloc(void* old_block, size_t size) noexcept {
  if (old_block == nullptr) return allocate(size);
  slot& mine = my_slot();
  const known_block known = look_up_block(old_block);
  if (size > kRequestMax) return out_of_memory();
  const std::size_t needed = size + kTrailerBytes;
  // mimalloc's own rule: stay when it fits and at most half is wasted.
  if (needed > known.usable || needed < known.usable / 2) return move_block(mine, old_block, known, size);
  replace_block(mine, old_block, known, old_block, size);
  return old_block;
}

CCH_HOOK void* aligned_alloc(size_t alignment, size_t size) noexcept {
  if (!is_power_of_two(alignment)) {
    errno = EINVAL;
    return nullptr;
  }
  return allocate_aligned(alignment, size);
}

CCH_HOOK int posix_memalign(void** out, size_t alignment, size_t size) noexcept {
  if (!is_power_of_two(alignment) || alignment % sizeof(void*) != 0) return EINVAL;
  const int before = errno;  // posix_memalign does not set it
  void* block = allocate_aligned(alignment, size);
  errno = before;
  if (block == nullptr) return ENOMEM;
  *out = block;
  return 0;
}

CCH_HOOK void* valloc(size_t size) noexcept { return allocate_aligned(static_cast<std::size_t>(getpagesize()), size); }

// The requested size, not the rounded one: what lies between holds the trailer, and a program that cannot use it gets
// the same counts from every allocator.
CCH_HOOK size_t malloc_usable_size(void* block) noexcept {
  return block == nullptr ? 0 : look_up_block(block).requested;
}
