// SPDX-License-Identifier: Apache-2.0
//
// All forms of operator new and delete, because libmimalloc exports its own, which bypass malloc. They call malloc,
// aligned_alloc and free through the linkage table, so that heaptrack sees them.
#include <stdlib.h>

#include <new>

#include "harness/ledger/hooks/visibility.h"

namespace {

void* request(std::size_t size, std::size_t alignment) {
  return alignment == 0 ? malloc(size) : aligned_alloc(alignment, size);
}

// The standard's loop: ask the new-handler to make room until it succeeds, gives up or there is none.
void* request_or_throw(std::size_t size, std::size_t alignment) {
  for (;;) {
    if (void* block = request(size, alignment)) return block;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

// The same without an exception of its own, which would be an allocation.
void* request_or_null(std::size_t size, std::size_t alignment) noexcept {
  for (;;) {
    if (void* block = request(size, alignment)) return block;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) return nullptr;
    try {
      handler();
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
  }
}

std::size_t to_size(std::align_val_t alignment) { return static_cast<std::size_t>(alignment); }

}  // namespace

CCH_VISIBLE void* operator new(std::size_t size) { return request_or_throw(size, 0); }
CCH_VISIBLE void* operator new[](std::size_t size) { return request_or_throw(size, 0); }
CCH_VISIBLE void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return request_or_null(size, 0); }
CCH_VISIBLE void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return request_or_null(size, 0); }
CCH_VISIBLE void* operator new(std::size_t size, std::align_val_t a) { return request_or_throw(size, to_size(a)); }
CCH_VISIBLE void* operator new[](std::size_t size, std::align_val_t a) { return request_or_throw(size, to_size(a)); }
CCH_VISIBLE void* operator new(std::size_t size, std::align_val_t a, const std::nothrow_t&) noexcept {
  return request_or_null(size, to_size(a));
}
CCH_VISIBLE void* operator new[](std::size_t size, std::align_val_t a, const std::nothrow_t&) noexcept {
  return request_or_null(size, to_size(a));
}

CCH_VISIBLE void operator delete(void* p) noexcept { free(p); }
CCH_VISIBLE void operator delete[](void* p) noexcept { free(p); }
CCH_VISIBLE void operator delete(void* p, std::size_t) noexcept { free(p); }
CCH_VISIBLE void operator delete[](void* p, std::size_t) noexcept { free(p); }
CCH_VISIBLE void operator delete(void* p, const std::nothrow_t&) noexcept { free(p); }
CCH_VISIBLE void operator delete[](void* p, const std::nothrow_t&) noexcept { free(p); }
CCH_VISIBLE void operator delete(void* p, std::align_val_t) noexcept { free(p); }
CCH_VISIBLE void operator delete[](void* p, std::align_val_t) noexcept { free(p); }
CCH_VISIBLE void operator delete(void* p, std::size_t, std::align_val_t) noexcept { free(p); }
CCH_VISIBLE void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { free(p); }
CCH_VISIBLE void operator delete(void* p, std::align_val_t, const std::nothrow_t&) noexcept { free(p); }
CCH_VISIBLE void operator delete[](void* p, std::align_val_t, const std::nothrow_t&) noexcept { free(p); }
