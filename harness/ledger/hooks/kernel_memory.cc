// SPDX-License-Identifier: Apache-2.0
//
// System calls on the address space: counted, unless the allocator or this library makes them, whose own housekeeping
// depends on the time of day and is not the program's.
#include <link.h>
#include <sys/mman.h>

#include "harness/ledger/hooks/allocator.h"
#include "harness/ledger/hooks/kernel_count.h"
#include "harness/ledger/hooks/loaded_objects.h"
#include "harness/ledger/hooks/next_call.h"
#include "harness/ledger/hooks/visibility.h"

namespace copycost::hooks {
namespace {

constinit next_call<void*(void*, size_t, int, int, int, off_t)> g_mmap{"mmap64"};
constinit next_call<int(void*, size_t)> g_munmap{"munmap"};
constinit next_call<int(void*, size_t, int)> g_mprotect{"mprotect"};
constinit next_call<int(void*, size_t, int)> g_madvise{"madvise"};
constinit next_call<int(void*, size_t, int)> g_msync{"msync"};

constinit address_span g_allocator_code = {};  // empty before the constructor: early calls count

[[gnu::constructor]] void find_memory_calls() {
  find_all(g_mmap, g_munmap, g_mprotect, g_madvise, g_msync);
  void* warm_up = g_allocator.malloc(1);  // makes sure that the table is resolved
  g_allocator.free(warm_up);
  g_allocator_code = find_object(reinterpret_cast<std::uintptr_t>(g_allocator.malloc)).code;
}

// Counts unless `caller`, a return address, lies in the allocator.
inline void count_from(const void* caller) {
  if (!g_allocator_code.holds(reinterpret_cast<std::uintptr_t>(caller))) count_syscall();
}

}  // namespace
}  // namespace copycost::hooks

using namespace copycost::hooks;

CCH_HOOK void* mmap(void* at, size_t size, int protection, int flags, int fd, off_t offset) noexcept {
  count_from(__builtin_return_address(0));
  return g_mmap(at, size, protection, flags, fd, offset);
}
CCH_HOOK void* mmap64(void* at, size_t size, int protection, int flags, int fd, off_t offset) noexcept {
  count_from(__builtin_return_address(0));
  return g_mmap(at, size, protection, flags, fd, offset);
}
CCH_HOOK int munmap(void* at, size_t size) noexcept {
  count_from(__builtin_return_address(0));
  return g_munmap(at, size);
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
