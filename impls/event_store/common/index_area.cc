// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/common/index_area.h"

#include <sys/mman.h>

#include <algorithm>

namespace copycost::event_store {

std::unique_ptr<index_area> index_area::make(const store_options& o) {
  constexpr std::size_t kLeast = std::size_t{1} << 20, kPage = 4096;
  const std::size_t bytes = std::max(o.memory_bytes_max / 8, kLeast) & ~(kPage - 1);
  void* area = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (area == MAP_FAILED) return nullptr;
  return std::make_unique<index_area>(static_cast<std::byte*>(area), bytes);
}
index_area::~index_area() { munmap(at_, bytes_); }

}  // namespace copycost::event_store
