// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/whole_array/memory.h"

#include <cstring>
#include <new>

#include "impls/event_store/common/copy_records.h"

namespace copycost::event_store {

owner<event_array> event_array::make(owner<counted_index> index, std::size_t records, std::uint64_t events) {
  const std::size_t capacity = records + (4 * events + 7) / 8 * 8, bytes = sizeof(event_array) + capacity;
  void* memory = ::operator new(bytes, std::nothrow);
  if (memory == nullptr) return {};
  auto* a = new (memory) event_array();
  a->index = std::move(index);
  a->used = 0;
  a->bytes = bytes;
  a->layout = {reinterpret_cast<std::byte*>(a + 1), capacity};
  return owner<event_array>(a);
}
void event_array::destroy(event_array* a) {
  a->~event_array();
  ::operator delete(a);
}

void event_array::begin_with(const event_array& from, sequence first) {
  const std::size_t skip = from.offset(first);
  used = from.used - skip;
  range = {first, from.range.end};
  copy_records(layout.base, from.layout.base + skip, used);
  const auto gone = static_cast<std::uint32_t>(skip / 8);
  for (std::uint64_t i = 0; i < range.count(); ++i)
    layout.place(i) = from.layout.place(first - from.range.first + i) - gone;
}

result<std::unique_ptr<whole_array_memory>> whole_array_memory::make(const store_options& o) {
  if (!o.dir.empty()) return error{.code = errc::bad_options, .got = 9};
  auto index = counted_index::make(o);
  owner<event_array> empty = index ? event_array::make(std::move(index), 0, 0) : owner<event_array>();
  if (!empty) return error{.code = errc::store_full, .expected = o.memory_bytes_max, .got = o.memory_bytes_max};
  empty->range = {o.first, o.first};
  std::unique_ptr<whole_array_memory> made(new whole_array_memory(std::move(empty)));
  made->options_ = o;
  return made;
}

void whole_array_memory::start_at(sequence first) {
  place_.peek()->range = {first, first};  // before there are readers
}

result<void> whole_array_memory::expect(std::size_t bytes, std::uint64_t events) {
  const event_array& old = now();
  const std::size_t records = old.used + bytes;
  if (records > options_.memory_bytes_max) return full(bytes);
  owner<counted_index> index = index_with_room(events);
  if (!index) return full(bytes);
  next_ = event_array::make(std::move(index), records, old.range.count() + events);
  if (!next_) return full(bytes);
  next_->begin_with(old, old.range.first);
  at_ = {next_->layout, next_->used, next_->range.count()};
  return {};
}

result<std::span<std::byte>> whole_array_memory::space(std::size_t bytes) {
  if (!next_)
    if (const auto made = expect(bytes, 1); !made.ok()) return made.error();
  if (!at_.fits(bytes)) return full(bytes);
  return std::span<std::byte>(next_->layout.base + at_.used, bytes);
}

bool whole_array_memory::stage(std::size_t bytes) {
  if (!at_.fits(bytes)) return false;
  at_.stage(bytes);
  return true;
}

void whole_array_memory::publish(std::span<const std::byte* const> records) {
  event_array& next = *next_.get();
  for (const std::byte* r : records) next.index->area->index().add(event_view(r).entity(), next.range.end++);
  next.used = at_.used;
  place_.replace(std::move(next_));
}

void whole_array_memory::drop_before(sequence first) {
  const event_array& old = now();
  owner<counted_index> index = old.index->area->is_stale(old.range.end - first) ? index_anew() : old.index.share();
  owner<event_array> rest = event_array::make(std::move(index), old.used - old.offset(first), old.range.end - first);
  if (!rest) std::abort();  // less than is there already
  rest->begin_with(old, first);
  place_.replace(std::move(rest));
}

// The index is one that grows, shared by all arrays: what it says of later events is behind the range of an array.
// Null: there is no room in it.
owner<counted_index> whole_array_memory::index_with_room(std::uint64_t events) const {
  const owner<counted_index>& index = now().index;
  if (index->area->index().has_room(events)) return index.share();
  owner<counted_index> fresh = index->area->has_waste(visible().count()) ? index_anew() : owner<counted_index>();
  return fresh && fresh->area->index().has_room(events) ? std::move(fresh) : owner<counted_index>();
}

// Most of the index is of events that are gone: the others' again. The old one where there is no memory.
owner<counted_index> whole_array_memory::index_anew() const {
  owner<counted_index> fresh = counted_index::make(options_);
  if (!fresh) return now().index.share();
  for (sequence seq = visible().first; seq < visible().end; ++seq)
    fresh->area->index().add(event_view(now().record(seq)).entity(), seq);
  return fresh;
}

}  // namespace copycost::event_store
