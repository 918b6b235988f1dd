// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/slice/memory.h"

#include <algorithm>

namespace copycost::event_store {
namespace {
constexpr std::size_t kFirstSegment = std::size_t{64} << 10;
}  // namespace

result<std::unique_ptr<slice_memory>> slice_memory::make(const store_options& o) {
  auto index = counted_index::make(o);
  if (!index) return error{.code = errc::store_full, .expected = o.memory_bytes_max, .got = o.memory_bytes_max};
  return std::unique_ptr<slice_memory>(new slice_memory(o, std::move(index)));
}

slice_memory::slice_memory(const store_options& o, owner<counted_index> index)
    : options_(o),
      first_(o.first),
      end_(o.first),
      root_(owner<slice_root>(slice_root::make(std::move(index)))),
      indexed_(o.first),
      next_bytes_(std::min(kFirstSegment, o.segment_bytes)) {}

void slice_memory::start_at(sequence first) {
  first_.store(first, std::memory_order_relaxed);
  end_.store(first, std::memory_order_release);
  show(0, 0);
  tail_ = nullptr;
  at_ = {};
  indexed_ = first;
}

result<std::span<std::byte>> slice_memory::space(std::size_t bytes) {
  const auto full = error{.code = errc::store_full, .expected = options_.memory_bytes_max, .got = bytes};
  if (!index_has_room()) return full;
  if ((tail_ == nullptr || !at_.fits(bytes)) && !add_segment(bytes)) return full;
  const std::span<std::byte> s = at_.space();
  return std::span<std::byte>(at_.in.base + at_.used, std::max(s.size(), bytes));
}

bool slice_memory::stage(std::size_t bytes) {
  if (!at_.fits(bytes) || !index().has_room(staged_end() - visible().end + 1)) return false;
  at_.stage(bytes);
  return true;
}

// The index has room: stage() has asked. Readers do not look at entries behind the end that they see.
void slice_memory::prepare(std::span<const std::byte* const> records) {
  entity_index& to = index();
  for (const std::byte* r : records) to.add(event_view(r).entity(), indexed_++);
}

void slice_memory::publish(std::span<const std::byte* const> records) {
  const sequence end = visible().end + records.size();
  if (indexed_ < end) prepare(records);
  end_.store(end, std::memory_order_release);
}

void slice_memory::rewind(sequence end) {
  if (indexed_ > end) {
    index().rewind(end);
    indexed_ = end;
  }
  if (tail_ == nullptr) return;
  if (tail_->first >= end) {  // whole segments were staged only
    unsigned keep = root().segments();
    while (keep > 0 && root().at(root().nth(keep - 1))->first >= end) --keep;
    show(0, keep);
    tail_ = keep == 0 ? nullptr : root().at(root().nth(keep - 1));
    if (tail_ == nullptr) return void(at_ = {});
    at_.in = tail_->layout;
  }
  at_.events = end - tail_->first;
  at_.used =
      at_.events == 0 ? 0 : static_cast<std::size_t>(event_view(at_.in.record(at_.events - 1)).next() - at_.in.base);
}

void slice_memory::drop_before(sequence first) {
  first_.store(first, std::memory_order_release);
  if (tail_ == nullptr) return;
  // The last segment stays even when all of it is gone: it is where the next event goes.
  const unsigned all = root().segments();
  unsigned gone = 0;
  while (gone + 1 < all && root().at(root().nth(gone + 1))->first <= first) ++gone;
  if (root().index->area->is_stale(visible().count()))
    show(gone, all, {}, index_anew());
  else if (gone > 0)
    show(gone, all);
}

std::uint64_t slice_memory::bytes_between(sequence from, sequence to) const {
  std::uint64_t bytes = 0;
  while (from < to) {
    const slice_root::spot s = root().locate(from);
    const sequence stop = std::min(to, root().next_first(s));
    const slice_segment* segment = root().at(s);
    const std::byte* last = segment->layout.record(stop - 1 - segment->first);
    bytes += static_cast<std::uint64_t>(event_view(last).next() - segment->layout.record(from - segment->first));
    from = stop;
  }
  return bytes;
}

std::uint64_t slice_memory::held_bytes() const {
  std::uint64_t bytes =
      index().used_bytes() + sizeof(slice_root) + root().leaves * (sizeof(slice_leaf) + sizeof(slice_root::entry));
  for (unsigned i = 0; i < root().segments(); ++i) bytes += root().at(root().nth(i))->bytes;
  return bytes;
}

bool slice_memory::index_has_room() {
  const std::uint64_t events = staged_end() - visible().end + 1;
  if (index().has_room(events)) [[likely]]
    return true;
  if (!root().index->area->has_waste(visible().count())) return false;
  show(0, root().segments(), {}, index_anew());
  return index().has_room(events);
}

bool slice_memory::add_segment(std::size_t bytes) {
  const std::size_t need = bytes + bytes / kRecordHeader * 4 + sizeof(slice_segment) + 128;
  while (next_bytes_ < 2 * need && next_bytes_ < options_.segment_bytes)
    next_bytes_ = std::min(2 * next_bytes_, options_.segment_bytes);
  owner<slice_segment> fresh(
      slice_segment::make(staged_end(), std::max(next_bytes_, (need + 4095) & ~std::size_t{4095})));
  if (!fresh) return false;
  // Not one that is empty.
  const unsigned all = root().segments(), keep = tail_ != nullptr && at_.events == 0 ? all - 1 : all;
  tail_ = fresh.get();
  at_ = {fresh->layout, 0, 0};
  show(0, keep, std::move(fresh));
  next_bytes_ = std::min(2 * next_bytes_, options_.segment_bytes);
  return true;
}

void slice_memory::show(unsigned skip, unsigned keep, owner<slice_segment> more, owner<counted_index> index) {
  if (!index) {
    root().index->owners.fetch_add(1, std::memory_order_relaxed);
    index = owner<counted_index>(root().index);
  }
  root_.replace(owner<slice_root>(root().changed(skip, keep, std::move(more), std::move(index))));
}

// Most of the index is of events that are gone: the others' again, in memory of their own.
owner<counted_index> slice_memory::index_anew() const {
  owner<counted_index> fresh = counted_index::make(options_);
  if (!fresh) {  // then it stays as it is
    root().index->owners.fetch_add(1, std::memory_order_relaxed);
    return owner<counted_index>(root().index);
  }
  for (sequence seq = visible().first; seq < indexed_; ++seq)
    fresh->area->index().add(event_view(record(seq)).entity(), seq);
  return fresh;
}

}  // namespace copycost::event_store
