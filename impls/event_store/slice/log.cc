// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/slice/log.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <vector>

namespace copycost::event_store {
namespace {
constexpr std::size_t kHuge = std::size_t{2} << 20;
}

slice_segment* slice_segment::make(sequence first, std::size_t bytes) {
  const std::size_t alignment = bytes >= kHuge ? kHuge : 64;
  void* memory = ::operator new(bytes, std::align_val_t(alignment), std::nothrow);
  if (memory == nullptr) return nullptr;
  if (bytes >= kHuge) madvise(memory, bytes & ~(kHuge - 1), MADV_HUGEPAGE);  // a wish
  auto* s = new (memory) slice_segment();
  s->first = first;
  s->bytes = bytes;
  s->layout = {reinterpret_cast<std::byte*>(s + 1), (bytes - sizeof(slice_segment)) & ~std::size_t{7}};
  return s;
}
void slice_segment::destroy(slice_segment* s) {
  const std::size_t alignment = s->bytes >= kHuge ? kHuge : 64;
  s->~slice_segment();
  ::operator delete(s, std::align_val_t(alignment));
}

void slice_leaf::destroy(slice_leaf* l) {
  for (unsigned i = 0; i < l->count; ++i) owner<slice_segment>{l->segments[i]};
  delete l;
}

namespace {
slice_root* allocate_root(std::size_t leaves, owner<counted_index> index) {
  void* memory = std::malloc(sizeof(slice_root) + leaves * sizeof(slice_root::entry));
  if (memory == nullptr) std::abort();  // a few hundred bytes
  auto* r = new (memory) slice_root();
  r->leaves = static_cast<unsigned>(leaves);
  r->index = index.release();
  return r;
}
void put(slice_leaf& to, slice_segment* segment) {
  to.first[to.count] = segment->first;
  to.segments[to.count++] = segment;
}
template <class T>
owner<T> shared(T* object) {
  object->owners.fetch_add(1, std::memory_order_relaxed);
  return owner<T>(object);
}
}  // namespace

slice_root* slice_root::make(owner<counted_index> index) { return allocate_root(0, std::move(index)); }

slice_root* slice_root::changed(unsigned skip, unsigned keep, owner<slice_segment> more,
                                owner<counted_index> with) const {
  std::vector<owner<slice_leaf>> row;
  unsigned n = 0;  // segments in front of the leaf
  for (unsigned i = 0; i < leaves && n < keep; n += entries()[i++].leaf->count) {
    slice_leaf* const old = entries()[i].leaf;
    const unsigned begin = std::min(old->count, skip > n ? skip - n : 0), end = std::min(old->count, keep - n);
    if (begin >= end) continue;
    const bool grows = more && n + end >= keep && end - begin < slice_leaf::kSegments;
    if (begin == 0 && end == old->count && !grows) {
      row.push_back(shared(old));
      continue;
    }
    owner<slice_leaf> fresh(new slice_leaf());
    for (unsigned k = begin; k < end; ++k) put(*fresh.get(), shared(old->segments[k]).release());
    if (grows) put(*fresh.get(), more.release());
    row.push_back(std::move(fresh));
  }
  if (more) {
    owner<slice_leaf> fresh(new slice_leaf());
    put(*fresh.get(), more.release());
    row.push_back(std::move(fresh));
  }
  slice_root* const r = allocate_root(row.size(), std::move(with));
  for (std::size_t i = 0; i < row.size(); ++i) {
    const sequence first = row[i]->first[0];
    r->entries()[i] = {first, row[i].release()};
  }
  return r;
}

void slice_root::destroy(slice_root* r) {
  for (unsigned i = 0; i < r->leaves; ++i) owner<slice_leaf>{r->entries()[i].leaf};
  owner<counted_index>{r->index};
  r->~slice_root();
  std::free(r);
}

slice_root::spot slice_root::locate(sequence seq) const {
  const entry* const begin = entries();
  const auto leaf =
      std::upper_bound(begin + 1, begin + leaves, seq, [](sequence s, const entry& e) { return s < e.first; }) - 1;
  const sequence* const firsts = leaf->leaf->first;
  const auto segment = std::upper_bound(firsts + 1, firsts + leaf->leaf->count, seq) - 1;
  return {static_cast<unsigned>(leaf - begin), static_cast<unsigned>(segment - firsts)};
}

slice_root::spot slice_root::nth(unsigned n) const {
  unsigned leaf = 0;
  for (; n >= entries()[leaf].leaf->count; ++leaf) n -= entries()[leaf].leaf->count;
  return {leaf, n};
}

sequence slice_root::next_first(spot s) const {
  const slice_leaf* leaf = entries()[s.leaf].leaf;
  if (s.segment + 1 < leaf->count) return leaf->first[s.segment + 1];
  return s.leaf + 1 < leaves ? entries()[s.leaf + 1].first : kStart;
}

unsigned slice_root::segments() const {
  unsigned n = 0;
  for (unsigned i = 0; i < leaves; ++i) n += entries()[i].leaf->count;
  return n;
}

}  // namespace copycost::event_store
