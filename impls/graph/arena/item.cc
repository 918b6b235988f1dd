// SPDX-License-Identifier: Apache-2.0
#include "impls/graph/arena/item.h"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace copycost::graph {

item_headers* item_headers::place(void* memory, region& in, std::span<const header> list, std::uint32_t owners) {
  const auto size = static_cast<std::uint32_t>(list.size());  // fits: at most kHeadersMax
  auto* const made = new (memory) item_headers{&in, size, owners};
  std::copy(list.begin(), list.end(), reinterpret_cast<header*>(made + 1));  // not payload: names
  return made;
}

void item_headers::add(std::uint64_t more) {
  constexpr std::uint64_t kMax = std::uint64_t{1} << 31;
  count_refcount_op();
  // Aborts before the count can wrap.
  if (more > kMax || owners.fetch_add(static_cast<std::uint32_t>(more), std::memory_order_relaxed) + more > kMax)
    std::abort();
}

std::uint64_t arena_item::held_bytes() const {
  const region* const in = where();
  if (in == nullptr) return 0;
  return in->held_bytes() + (counts_at_headers() ? item_headers::bytes_for(headers()) : 0);
}

region* arena_item::leave_headers() {
  item_headers* const list = with();
  take_owner();
  region* const in = list->in;
  if (list->owners.load(std::memory_order_relaxed) == 0) return in;
  count_refcount_op();
  if (list->owners.fetch_sub(1, std::memory_order_acq_rel) != 1) return nullptr;
  ::operator delete(list);
  return in;
}

void arena_item::drop_all(std::span<arena_item> all) {
  region* run = nullptr;
  std::uint64_t owners = 0;
  for (arena_item& one : all) {
    region* const in = one.leave();
    one.words_ = {};
    if (in == nullptr) continue;
    if (in != run && run != nullptr) run->drop(std::exchange(owners, 0));
    run = in;
    ++owners;
  }
  if (run != nullptr) run->drop(owners);
}

}  // namespace copycost::graph
