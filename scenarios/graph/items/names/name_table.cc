// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/items/names/name_table.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "harness/base/check.h"
#include "scenarios/graph/items/names/name_hash.h"

namespace copycost::graph {

// Open addressing: a slot is 0, or the tag above the number. Slots are only ever filled.
struct name_table::index {
  index* previous;
  std::uint64_t mask;
  // VALID UNTIL: the table is destroyed.
  std::atomic<std::uint64_t>* slots() const {
    return reinterpret_cast<std::atomic<std::uint64_t>*>(const_cast<index*>(this) + 1);
  }

  static index* make(std::uint64_t slots, index* previous) {
    void* const memory = std::malloc(sizeof(index) + slots * sizeof(std::atomic<std::uint64_t>));
    if (memory == nullptr) return nullptr;
    auto* const made = new (memory) index{previous, slots - 1};
    for (std::uint64_t i = 0; i < slots; ++i) new (made->slots() + i) std::atomic<std::uint64_t>(0);
    return made;
  }
  // REQUIRES: there is a free slot, and no other thread puts.
  void put(std::uint64_t slot) {
    std::uint64_t at = (slot >> 32) & mask;
    while (slots()[at].load(std::memory_order_relaxed) != 0) at = (at + 1) & mask;
    slots()[at].store(slot, std::memory_order_release);
  }
};

struct name_table::text_block {
  static constexpr std::size_t kBytes = 16 * 1024;
  text_block* next;
  std::size_t used, size;
  // VALID UNTIL: the table is destroyed.
  char* characters() { return reinterpret_cast<char*>(this + 1); }
};

name_table::name_table(const name_limits& limits) : limits_(limits) {
  COPYCOST_REQUIRE(limits.names >= 1 && limits.names <= kNamesMax);
}

name_table::~name_table() {
  for (index* one = index_.load(std::memory_order_relaxed); one != nullptr;)
    std::free(std::exchange(one, one->previous));
  for (text_block* one = texts_; one != nullptr;) std::free(std::exchange(one, one->next));
  for (std::string_view* one : segments_) std::free(one);
}

std::string_view& name_table::place(name_id id) const {
  const auto segment = static_cast<unsigned>(std::bit_width(id / kFirst));
  const name_id begin = segment == 0 ? 0 : kFirst << (segment - 1);
  return segments_[segment][id - begin];
}

std::string_view name_table::name(name_id id) const {
  if (id == 0 || id >= count_.load(std::memory_order_acquire)) return {};
  return place(id);
}

name_id name_table::find(const index& in, std::uint32_t tag, std::string_view name) const {
  for (std::uint64_t at = tag & in.mask;; at = (at + 1) & in.mask) {
    const std::uint64_t slot = in.slots()[at].load(std::memory_order_acquire);
    if (slot == 0) return 0;
    if (slot >> 32 != tag) continue;
    const auto id = static_cast<name_id>(slot);
    if (place(id) == name) return id;
  }
}

result<name_id> name_table::intern(std::string_view name) {
  if (name.empty()) return name_id{0};
  const std::uint32_t tag = name_hash_of(name);
  if (const index* now = index_.load(std::memory_order_acquire); now != nullptr)
    if (const name_id id = find(*now, tag, name); id != 0) return id;
  if (name.size() > kNameMax) return refuse({errc::too_large, 0, kNameMax, name.size()});
  const std::lock_guard lock(mutex_);
  return add(tag, name);
}

result<name_id> name_table::add(std::uint32_t tag, std::string_view name) {
  // Another thread may have added it since this one looked: without this look a name would get two numbers.
  if (const index* now = index_.load(std::memory_order_relaxed); now != nullptr)
    if (const name_id id = find(*now, tag, name); id != 0) return id;
  const std::uint64_t next = count_.load(std::memory_order_relaxed), used = bytes_.load(std::memory_order_relaxed);
  if (next >= limits_.names) return refuse({errc::names_full, 0, limits_.names, next});
  if (used > limits_.bytes || name.size() > limits_.bytes - used)
    return refuse({errc::names_full, 0, limits_.bytes, used + name.size()});
  const auto id = static_cast<name_id>(next);
  index* const roomy = roomy_index(id);
  const char* const text = roomy != nullptr && has_place(id) ? keep(name) : nullptr;
  if (text == nullptr) return refuse({errc::out_of_memory, 0, 0, name.size()});
  place(id) = {text, name.size()};
  bytes_.store(used + name.size(), std::memory_order_relaxed);
  count_.store(next + 1, std::memory_order_release);
  roomy->put(std::uint64_t{tag} << 32 | id);
  return id;
}

name_table::index* name_table::roomy_index(name_id next) {
  index* const now = index_.load(std::memory_order_relaxed);
  if (now != nullptr && std::uint64_t{next} * 2 <= now->mask) return now;
  const std::uint64_t slots = now == nullptr ? 2 * kFirst : 2 * (now->mask + 1);
  index* const larger = index::make(slots, now);
  if (larger == nullptr) return nullptr;
  for (std::uint64_t i = 0; now != nullptr && i <= now->mask; ++i)
    if (const std::uint64_t slot = now->slots()[i].load(std::memory_order_relaxed); slot != 0) larger->put(slot);
  index_.store(larger, std::memory_order_release);
  return larger;
}

bool name_table::has_place(name_id next) {
  const auto segment = static_cast<unsigned>(std::bit_width(next / kFirst));
  if (segments_[segment] != nullptr) return true;
  const std::size_t places = segment == 0 ? kFirst : std::size_t{kFirst} << (segment - 1);
  void* const memory = std::malloc(places * sizeof(std::string_view));
  if (memory == nullptr) return false;
  auto* const made = static_cast<std::string_view*>(memory);
  for (std::size_t i = 0; i < places; ++i) new (made + i) std::string_view();
  segments_[segment] = made;
  return true;
}

const char* name_table::keep(std::string_view name) {
  if (texts_ == nullptr || texts_->size - texts_->used < name.size()) {
    const std::size_t size = std::max(name.size(), text_block::kBytes);
    void* const memory = std::malloc(sizeof(text_block) + size);
    if (memory == nullptr) return nullptr;
    texts_ = new (memory) text_block{texts_, 0, size};
  }
  char* const text = texts_->characters() + texts_->used;
  std::memcpy(text, name.data(), name.size());
  texts_->used += name.size();
  return text;
}

error name_table::refuse(error why) {
  refused_.fetch_add(1, std::memory_order_relaxed);
  return why;
}

}  // namespace copycost::graph
