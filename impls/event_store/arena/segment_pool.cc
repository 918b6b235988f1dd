// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/arena/segment_pool.h"

#include <sys/mman.h>

#include <new>

#include "harness/base/check.h"
#include "harness/ledger/sub_allocations.h"
#include "impls/common/arena.h"

#if COPYCOST_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

namespace copycost::event_store {
namespace {
constexpr std::size_t kHuge = std::size_t{2} << 20;
}

segment_pool::~segment_pool() {
  while (free_ != nullptr) {
    arena_segment* const s = free_;
    free_ = s->next_free;
    unmap(reinterpret_cast<std::byte*>(s));
  }
  COPYCOST_ASSERT(mapped_ == 0);
}

arena_segment* segment_pool::get(sequence first) {
  std::byte* memory;
  if (free_ != nullptr) {
    memory = reinterpret_cast<std::byte*>(free_);
    free_ = free_->next_free;
    --spares_;
    ASAN_UNPOISON_MEMORY_REGION(memory, segment_bytes_);
  } else {
    memory = map();
    if (memory == nullptr) return nullptr;
  }
  report_sub_alloc(memory, segment_bytes_);
  return new (memory)
      arena_segment{first, {memory + sizeof(arena_segment), segment_bytes_ - sizeof(arena_segment)}, nullptr};
}

void segment_pool::give_back(arena_segment* s) {
  auto* const memory = reinterpret_cast<std::byte*>(s);
  report_sub_free(memory, segment_bytes_);
  if (spares_ == kSpares) return unmap(memory);
  s->next_free = free_;
  free_ = s;
  ++spares_;
  ASAN_POISON_MEMORY_REGION(memory + sizeof(arena_segment), segment_bytes_ - sizeof(arena_segment));
}

std::byte* segment_pool::map() {
  if (mapped_ + segment_bytes_ > bytes_max_) return nullptr;
  const bool huge = segment_bytes_ % kHuge == 0;
  const std::size_t spare = huge ? kHuge : 0;  // so that there is a border in it
  void* const all = mmap(nullptr, segment_bytes_ + spare, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED) return nullptr;
  auto* memory = static_cast<std::byte*>(all);
  if (huge) {
    const std::size_t front = (kHuge - reinterpret_cast<std::uintptr_t>(memory) % kHuge) % kHuge;
    if (front != 0) munmap(memory, front);
    memory += front;
    if (front != spare) munmap(memory + segment_bytes_, spare - front);
    madvise(memory, segment_bytes_, MADV_HUGEPAGE);  // a wish
  }
  mapped_ += segment_bytes_;
  return memory;
}

void segment_pool::unmap(std::byte* memory) {
  ASAN_UNPOISON_MEMORY_REGION(memory, segment_bytes_);  // or the next mapping here would be born poisoned
  munmap(memory, segment_bytes_);
  mapped_ -= segment_bytes_;
}

}  // namespace copycost::event_store
