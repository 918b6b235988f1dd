// SPDX-License-Identifier: Apache-2.0
//
// System calls on the address space: counted, unless the allocator or this library makes them, whose own housekeeping
// depends on the time of day and is not the program's.
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdint>

#include "harness/ledger/hooks/allocator.h"
#include "harness/ledger/hooks/kernel/count.h"
#include "harness/ledger/hooks/next_call.h"
#include "harness/ledger/hooks/trace/loaded_objects.h"
#include "harness/ledger/hooks/visibility.h"

namespace copycost::hooks {
namespace {

constinit next_call<void*(void*, size_t, int, int, int, off_t)> g_mmap{"mmap64"};
constinit next_call<int(void*, size_t)> g_munmap{"munmap"};
constinit next_call<int(void*, size_t, int)> g_mprotect{"mprotect"};
constinit next_call<int(void*, size_t, int)> g_madvise{"madvise"};
constinit next_call<int(void*, size_t, int)> g_msync{"msync"};
constinit next_call<void*(void*, size_t, size_t, int, void*)> g_mremap{"mremap"};
constinit next_call<int(void*)> g_brk{"brk"};
constinit next_call<void*(intptr_t)> g_sbrk{"sbrk"};

constinit address_span g_allocator_code = {};  // empty before the constructor: early calls count

[[gnu::constructor]] void find_memory_calls() {
  find_all(g_mmap, g_munmap, g_mprotect, g_madvise, g_msync, g_mremap, g_brk, g_sbrk);
  void* warm_up = g_allocator.malloc(1);  // makes sure that the table is resolved
  g_allocator.free(warm_up);
  g_allocator_code = find_object(reinterpret_cast<std::uintptr_t>(g_allocator.malloc)).code;
}

// Whether a return address lies in the allocator, whose calls do not count.
inline bool is_allocator(const void* caller) {
  return g_allocator_code.holds(reinterpret_cast<std::uintptr_t>(caller));
}
inline void count_from(const void* caller) {
  if (!is_allocator(caller)) count_syscall();
}

void* map(void* at, size_t size, int protection, int flags, int fd, off_t offset, const void* caller) {
  count_from(caller);
  void* mapped = g_mmap(at, size, protection, flags, fd, offset);
  if (mapped != MAP_FAILED && !is_allocator(caller)) count_mapped(size);
  return mapped;
}

// What grows is new; what shrinks is given back.
void count_change(size_t before, size_t after) {
  if (after > before)
    count_mapped(after - before);
  else
    count_unmapped(before - after);
}

}  // namespace
}  // namespace copycost::hooks

using namespace copycost::hooks;

CCH_HOOK void* mmap(void* at, size_t size, int protection, int flags, int fd, off_t offset) noexcept {
  return map(at, size, protection, flags, fd, offset, __builtin_return_address(0));
}
CCH_HOOK void* mmap64(void* at, size_t size, int protection, int flags, int fd, off_t offset) noexcept {
  return map(at, size, protection, flags, fd, offset, __builtin_return_address(0));
}
CCH_HOOK int munmap(void* at, size_t size) noexcept {
  const void* const caller = __builtin_return_address(0);
  count_from(caller);
  const int result = g_munmap(at, size);
  if (result == 0 && !is_allocator(caller)) count_unmapped(size);
  return result;
}
CCH_HOOK void* mremap(void* at, size_t size, size_t to_size, int flags, ...) noexcept {
  std::va_list rest;
  va_start(rest, flags);
  void* const to = (flags & MREMAP_FIXED) != 0 ? va_arg(rest, void*) : nullptr;
  va_end(rest);
  const void* const caller = __builtin_return_address(0);
  count_from(caller);
  void* const mapped = g_mremap(at, size, to_size, flags, to);
  if (mapped != MAP_FAILED && !is_allocator(caller)) count_change(size, to_size);
  return mapped;
}
CCH_HOOK int brk(void* end) noexcept {
  const auto before = reinterpret_cast<std::uintptr_t>(g_sbrk(0));
  count_syscall();
  const int result = g_brk(end);
  if (result == 0) count_change(before, reinterpret_cast<std::uintptr_t>(end));
  return result;
}
CCH_HOOK void* sbrk(intptr_t change) noexcept {
  count_syscall();
  void* const before = g_sbrk(change);
  if (before != reinterpret_cast<void*>(-1)) {
    if (change >= 0)
      count_mapped(static_cast<std::size_t>(change));
    else
      count_unmapped(static_cast<std::size_t>(-change));
  }
  return before;
}
CCH_HOOK int mprotect(void* at, size_t size, int protection) noexcept {
  count_from(__builtin_return_address(0));
  return g_mprotect(at, size, protection);
}
CCH_HOOK int madvise(void* at, size_t size, int advice) noexcept {
  count_from(__builtin_return_address(0));
  return g_madvise(at, size, advice);
}
CCH_HOOK int msync(void* at, size_t size, int flags) {
  count_syscall();
  return g_msync(at, size, flags);
}
