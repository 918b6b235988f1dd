// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/common/entity_index.h"

#include "harness/base/check.h"

namespace copycost::event_store {
namespace {
constexpr unsigned kFirstTable = 6;  // log2 of its slots
}

// A multiplication and a fold for each 8 bytes: short names take a few nanoseconds.
// Source: the mixing step of wyhash (Wang Yi, 2019), public domain.
std::uint32_t entity_index::hash_of(std::string_view name) {
  __extension__ using wide = unsigned __int128;
  const auto mix = [](std::uint64_t a, std::uint64_t b) {
    const wide product = static_cast<wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  std::uint64_t hash = mix(name.size() ^ 0xA0761D6478BD642Full, 0xE7037ED1A0B428DBull);
  std::size_t i = 0;
  for (; i + 8 <= name.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, name.data() + i, 8);  // not payload: a name
    hash = mix(hash ^ word, 0x8EBC6AF09C88C6E3ull);
  }
  std::uint64_t rest = 0;
  if (i < name.size()) std::memcpy(&rest, name.data() + i, name.size() - i);  // not payload: a name
  hash = mix(hash ^ rest, 0x589965CC75374CC3ull);
  return static_cast<std::uint32_t>(hash >> 32);
}

void entity_index::start() {
  at_head()->used = (sizeof(head) + kUnit - 1) / kUnit;
  const std::uint64_t place = allocate(sizeof(slot) << kFirstTable);
  at_head()->table.store(place << 8 | kFirstTable, std::memory_order_release);
}

entity_index::node* entity_index::look_up(std::string_view entity, std::uint32_t hash) const {
  const std::uint64_t table = at_head()->table.load(std::memory_order_acquire);
  const std::uint64_t mask = (std::uint64_t{1} << (table & 0xFF)) - 1;
  const slot* slots = at<slot>(table >> 8);
  for (std::uint64_t i = hash & mask;; i = (i + 1) & mask) {
    const std::uint64_t word = slots[i].word.load(std::memory_order_acquire);
    if (word == 0) return nullptr;
    if (word >> 32 != hash) continue;
    node* const n = at<node>(word & 0xFFFFFFFFu);
    if (name_of(n) == entity) return n;
  }
}

entity_index::node* entity_index::insert(std::string_view entity, std::uint32_t hash) {
  std::uint64_t table = at_head()->table.load(std::memory_order_relaxed);
  if (2 * (at_head()->entities + 1) > std::uint64_t{1} << (table & 0xFF)) {
    grow();
    table = at_head()->table.load(std::memory_order_relaxed);
  }
  const std::uint64_t unit = allocate(sizeof(node) + entity.size());
  node* const n = at<node>(unit);
  n->hash = hash;
  n->name_size = static_cast<std::uint32_t>(entity.size());              // fits: at most kNameMax
  std::memcpy(static_cast<void*>(n + 1), entity.data(), entity.size());  // not payload: a name
  const std::uint64_t mask = (std::uint64_t{1} << (table & 0xFF)) - 1;
  slot* const slots = at<slot>(table >> 8);
  std::uint64_t i = hash & mask;
  while (slots[i].word.load(std::memory_order_relaxed) != 0) i = (i + 1) & mask;
  slots[i].word.store(std::uint64_t{hash} << 32 | unit, std::memory_order_release);
  ++at_head()->entities;
  return n;
}

// Readers that are in the old table go on there: what it holds stays right, and newer names were not there when they
// took their snapshot.
void entity_index::grow() {
  const std::uint64_t old = at_head()->table.load(std::memory_order_relaxed);
  const unsigned log2 = static_cast<unsigned>(old & 0xFF) + 1;
  const std::uint64_t place = allocate(sizeof(slot) << log2), mask = (std::uint64_t{1} << log2) - 1;
  const slot* from = at<slot>(old >> 8);
  slot* to = at<slot>(place);
  for (std::uint64_t k = 0; k < std::uint64_t{1} << (log2 - 1); ++k) {
    const std::uint64_t word = from[k].word.load(std::memory_order_relaxed);
    if (word == 0) continue;
    std::uint64_t i = (word >> 32) & mask;
    while (to[i].word.load(std::memory_order_relaxed) != 0) i = (i + 1) & mask;
    to[i].word.store(word, std::memory_order_relaxed);
  }
  at_head()->table.store(place << 8 | log2, std::memory_order_release);
}

void entity_index::add(std::string_view entity, sequence seq) {
  if (entity.empty()) return;
  const std::uint32_t hash = hash_of(entity);
  node* n = look_up(entity, hash);
  if (n == nullptr) n = insert(entity, hash);
  const std::uint64_t i = n->count.load(std::memory_order_relaxed);
  const unsigned k = piece_of(i);
  if (i == first_in(k) && n->pieces[k] == 0)
    n->pieces[k] = static_cast<std::uint32_t>(allocate((4 * sizeof(sequence)) << k));
  at<sequence>(n->pieces[k])[i - first_in(k)] = seq;
  n->count.store(i + 1, std::memory_order_release);
  ++at_head()->postings;
}

void entity_index::rewind(sequence end) {
  const std::uint64_t table = at_head()->table.load(std::memory_order_relaxed);
  const slot* slots = at<slot>(table >> 8);
  std::uint64_t entities = 0, sum = 0;  // counted again: a writer may have died before it had counted
  for (std::uint64_t k = 0; k < std::uint64_t{1} << (table & 0xFF); ++k) {
    const std::uint64_t word = slots[k].word.load(std::memory_order_relaxed);
    if (word == 0) continue;
    node* const n = at<node>(word & 0xFFFFFFFFu);
    const std::uint64_t left = postings(base_, n).place_of(end);
    n->count.store(left, std::memory_order_release);
    ++entities;
    sum += left;
  }
  at_head()->entities = entities;
  at_head()->postings = sum;
}

}  // namespace copycost::event_store
