// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/arena/memory.h"

#include <algorithm>

namespace copycost::event_store {

result<std::unique_ptr<arena_memory>> arena_memory::make(const store_options& o) {
  if (!o.dir.empty()) return error{.code = errc::bad_options, .got = 9};
  auto index = index_area::make(o);
  if (index == nullptr)
    return error{.code = errc::store_full, .expected = o.memory_bytes_max, .got = o.memory_bytes_max};
  return std::unique_ptr<arena_memory>(new arena_memory(o, std::move(index)));
}

arena_memory::arena_memory(const store_options& o, std::unique_ptr<index_area> index)
    : options_(o),
      directory_(std::make_unique<arena_directory>(index->index(), 64)),
      index_(std::move(index)),
      pool_(o.segment_bytes, o.memory_bytes_max) {
  shown_.end.store(o.first);
  shown_.first.store(o.first);
  shown_.directory.store(directory_.get());
  shown_.by_exchange = slots_.by_exchange();
}

arena_memory::~arena_memory() {
  for (const retired& r : retired_)
    if (r.segment != nullptr) pool_.give_back(r.segment);
  for (std::uint32_t i = live_; i < directory_->size(); ++i) pool_.give_back(directory_->at(i));
}

void arena_memory::start_at(sequence first) {
  rewind(visible().end);
  shown_.first.store(first);
  shown_.end.store(first);
}

result<std::span<std::byte>> arena_memory::space(std::size_t bytes) {
  const bool there = index_has_room() && ((tail_ != nullptr && at_.fits(bytes)) || add_segment());
  if (!there) [[unlikely]]
    return error{.code = errc::store_full, .expected = options_.memory_bytes_max, .got = bytes};
  return std::span<std::byte>(at_.in.base + at_.used, std::max(at_.space().size(), bytes));
}

bool arena_memory::stage(std::size_t bytes) {
  if (!at_.fits(bytes) || !index_->index().has_room(events_staged() + 1)) return false;
  at_.stage(bytes);
  return true;
}

// The index has room: stage() has asked.
void arena_memory::publish(std::span<const std::byte* const> records) {
  sequence seq = shown_.end.load(std::memory_order_relaxed);
  for (const std::byte* r : records) index_->index().add(event_view(r).entity(), seq++);
  shown_.end.store(seq, std::memory_order_release);
}

// Segments that were only staged were never seen: they are free at once.
void arena_memory::rewind(sequence end) {
  while (directory_->size() > live_ && directory_->first_of(directory_->size() - 1) >= end) {
    arena_segment* const s = directory_->at(directory_->size() - 1);
    directory_->pop();
    pool_.give_back(s);
  }
  look_at_last();
  if (tail_ == nullptr) return;
  at_.events = end - tail_->first;
  at_.used = static_cast<std::size_t>(event_view(at_.in.record(at_.events - 1)).next() - at_.in.base);
}

void arena_memory::look_at_last() {
  tail_ = directory_->size() > live_ ? directory_->at(directory_->size() - 1) : nullptr;
  at_ = tail_ == nullptr ? segment_tail{} : segment_tail{tail_->layout, 0, 0};
}

void arena_memory::drop_before(sequence first) {
  shown_.first.store(first);
  const std::uint32_t live_before = live_;
  // The last segment stays even when all of it is gone: it is where the next event goes.
  for (; live_ + 1 < directory_->size() && directory_->first_of(live_ + 1) <= first; ++live_)
    retired_.push_back({shown_.generation.load(std::memory_order_relaxed), directory_->at(live_), nullptr, nullptr});
  if (index_->is_stale(visible().count())) renew_index();
  if (live_ != live_before) next_generation();
  if (!retired_.empty()) free_retired();
}

std::uint64_t arena_memory::bytes_between(sequence from, sequence to) const {
  std::uint64_t bytes = 0;
  while (from < to) {
    const record_place place = directory_->find(from);
    const sequence stop = std::min(to, place.stop);
    bytes += static_cast<std::uint64_t>(event_view(record(stop - 1)).next() - place.record);
    from = stop;
  }
  return bytes;
}

std::uint64_t arena_memory::held_bytes() const {
  return pool_.mapped_bytes() + directory_->bytes() + index_->index().used_bytes() + slots_.bytes() + retired_bytes_;
}

bool arena_memory::index_has_room() {
  const std::uint64_t events = events_staged() + 1;
  if (index_->index().has_room(events)) [[likely]]
    return true;
  return index_->has_waste(visible().count()) && renew_index() && index_->index().has_room(events);
}

bool arena_memory::add_segment() {
  if (!retired_.empty()) free_retired();
  arena_segment* const fresh = pool_.get(staged_end());
  if (fresh == nullptr) return false;
  if (directory_->is_full()) renew_directory();
  directory_->push(fresh);
  look_at_last();
  return true;
}

// The segments that are there, in a directory with room for as many more.
void arena_memory::renew_directory() {
  const std::uint32_t count = directory_->size() - live_;
  auto fresh = std::make_unique<arena_directory>(index_->index(), std::max(64u, 2 * count));
  for (std::uint32_t i = live_; i < directory_->size(); ++i) fresh->push(directory_->at(i));
  shown_.directory.store(fresh.get());
  retired_bytes_ += directory_->bytes();
  retired_.push_back({shown_.generation.load(std::memory_order_relaxed), nullptr, std::move(directory_), nullptr});
  directory_ = std::move(fresh);
  live_ = 0;
  next_generation();
}

// Most of the index is of events that are gone: the others' again, in memory of their own. False: there is none.
bool arena_memory::renew_index() {
  auto fresh = index_area::make(options_);
  if (fresh == nullptr) return false;
  for (sequence seq = visible().first; seq < visible().end; ++seq)
    fresh->index().add(event_view(record(seq)).entity(), seq);
  retired_bytes_ += index_->index().used_bytes();
  retired_.push_back(
      {shown_.generation.load(std::memory_order_relaxed), nullptr, nullptr, std::exchange(index_, std::move(fresh))});
  renew_directory();  // which says where the index is
  free_retired();
  return true;
}

// A reader that enters from here on does not see what was retired before.
void arena_memory::next_generation() {
  shown_.generation.store(shown_.generation.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

// What has no fence behind it yet stays for the next time.
void arena_memory::free_retired() {
  if (const std::uint64_t latest = retired_.back().generation; latest > fenced_) {
    if (!slots_.fence()) return;
    fenced_ = latest;
  }
  const std::uint64_t oldest = slots_.oldest();
  for (; !retired_.empty() && retired_.front().generation < oldest; retired_.pop_front()) {
    const retired& r = retired_.front();
    if (r.segment != nullptr) pool_.give_back(r.segment);
    if (r.directory != nullptr) retired_bytes_ -= r.directory->bytes();
    if (r.index != nullptr) retired_bytes_ -= r.index->index().used_bytes();
  }
}

}  // namespace copycost::event_store
