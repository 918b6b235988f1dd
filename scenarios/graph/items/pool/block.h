// SPDX-License-Identifier: Apache-2.0
//
// Private to the pool: a buffer with what stands in front of it, and what happens to its content.
//
//   [owner or next | class | plain size][ content ... ]
//
// Threads: one at a time.
// Cost: wiping and checking go over the whole buffer; they are for builds that look for errors.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

#include "harness/base/check.h"
#include "harness/base/sanitizer.h"
#include "scenarios/graph/items/pool/pool_limits.h"
#include "scenarios/graph/items/pool/size_class.h"

#if COPYCOST_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

namespace copycost::graph {

class pool_core;

struct alignas(16) pool_block {
  static constexpr std::uint32_t kPlain = kSizeClasses;
  union {
    pool_core* owner;  // lent
    pool_block* next;  // kept
  };
  std::uint32_t of;          // its class, or kPlain
  std::uint32_t plain_size;  // of its content, when it is plain

  // VALID UNTIL: the block is freed.
  std::byte* content() { return reinterpret_cast<std::byte*>(this + 1); }
  std::size_t size() const { return of == kPlain ? plain_size : class_size(of); }
  std::uint64_t bytes() const { return sizeof(pool_block) + size(); }

  // Null: there is no memory. VALID UNTIL: it is freed.
  static pool_block* make(pool_core* owner, std::uint32_t of, std::size_t size) {
    void* const memory = std::malloc(sizeof(pool_block) + size);
    if (memory == nullptr) return nullptr;
    return new (memory) pool_block{{owner}, of, of == kPlain ? static_cast<std::uint32_t>(size) : 0};
  }
  void free() {
    ASAN_UNPOISON_MEMORY_REGION(content(), size());
    std::free(this);
  }

  // What an owner wrote is gone: AddressSanitizer sees a look at it, and `wipes` a write to it.
  void hide(bool wipes) {
    if (wipes) std::memset(content(), static_cast<int>(kWiped), size());
    ASAN_POISON_MEMORY_REGION(content(), size());
  }
  void show(bool wipes) {
    ASAN_UNPOISON_MEMORY_REGION(content(), size());
    if (wipes) COPYCOST_REQUIRE(is_wiped());
  }
  // Whether no owner that gave it back has written to it since.
  bool is_wiped() { return content()[0] == kWiped && std::memcmp(content(), content() + 1, size() - 1) == 0; }
};
static_assert(sizeof(pool_block) == 16);

// Blocks that are kept, the last one first.
struct pool_chain {
  pool_block* first = nullptr;
  std::size_t count = 0;

  void push(pool_block* one) {
    one->next = first;
    first = one;
    ++count;
  }
  // Null: there is none. VALID UNTIL: the block is freed.
  pool_block* pop() {
    pool_block* const one = first;
    if (one == nullptr) return nullptr;
    first = one->next;
    --count;
    return one;
  }
};

}  // namespace copycost::graph
