// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/copy/memory.h"

#include <algorithm>
#include <mutex>
#include <new>

namespace copycost::event_store {

bool record_buffer::reserve(std::size_t n) {
  if (n <= capacity_) return true;
  const std::size_t grown = std::max(n, capacity_ * 2);
  std::unique_ptr<std::byte[]> larger(new (std::nothrow) std::byte[grown]);
  if (larger == nullptr) return false;
  copy_records(larger.get(), bytes_.get(), size_);
  bytes_ = std::move(larger);
  capacity_ = grown;
  return true;
}

void record_buffer::drop_front(std::size_t n) {
  std::unique_ptr<std::byte[]> rest(new std::byte[std::max<std::size_t>(size_ - n, 1)]);
  copy_records(rest.get(), bytes_.get() + n, size_ - n);
  bytes_ = std::move(rest);
  size_ -= n;
  capacity_ = std::max<std::size_t>(size_, 1);
}

result<copied_list> copied_snapshot::read(sequence after, std::size_t limit) const {
  const auto from = behind(after, range_);
  if (!from.ok()) return from.error();
  const std::size_t skip = static_cast<std::size_t>(from.value() - range_.first);
  const std::size_t count = static_cast<std::size_t>(limited(from.value(), limit, range_.end) - from.value());
  return copied_list(count == 0 ? nullptr : bytes_.get() + (places_[skip] - places_[0]), count);
}

result<copied_list> copied_snapshot::read_entity(std::string_view entity, sequence after, std::size_t limit) const {
  const auto from = behind(after, range_);
  if (!from.ok()) return from.error();
  std::vector<const std::byte*> all;
  bool known = false;
  const std::byte* r = bytes_.get();
  for (sequence s = range_.first; s < range_.end; ++s, r = event_view(r).next()) {
    if (entity.empty() || event_view(r).entity() != entity) continue;
    known = true;
    if (s >= from.value() && all.size() < limit) all.push_back(r);
  }
  if (!known) return error{.code = errc::entity_not_found};
  return copied_list(std::move(all));
}

result<std::unique_ptr<copy_memory>> copy_memory::make(const store_options& o) {
  return std::unique_ptr<copy_memory>(new copy_memory(o));
}

copied_snapshot copy_memory::snapshot() const {
  const std::shared_lock lock(mutex_);
  const std::uint64_t begin = place(first_);
  std::unique_ptr<std::byte[]> bytes(new std::byte[used_ - begin]);
  copy_records(bytes.get(), log_.data() + begin, used_ - begin);
  const auto first = places_.begin() + static_cast<std::ptrdiff_t>(first_ - base_);
  const auto end = first + static_cast<std::ptrdiff_t>(end_ - first_);
  return {{first_, end_}, std::move(bytes), std::vector<std::uint64_t>(first, end)};  // not payload: places
}

result<copied_list> copy_memory::read(sequence after, std::size_t limit) const {
  const std::shared_lock lock(mutex_);
  const auto from = behind(after, visible());
  if (!from.ok()) return from.error();
  const sequence to = limited(from.value(), limit, end_);
  const std::uint64_t begin = place(from.value()), bytes = place(to) - begin;
  copied_list list(bytes, static_cast<std::size_t>(to - from.value()));
  copy_records(list.own(), log_.data() + begin, bytes);
  return list;
}

result<copied_list> copy_memory::read_entity(std::string_view entity, sequence after, std::size_t limit) const {
  const std::shared_lock lock(mutex_);
  const auto from = behind(after, visible());
  if (!from.ok()) return from.error();
  const auto found = entities_.find(entity);
  if (found == entities_.end()) return error{.code = errc::entity_not_found};
  const std::vector<sequence>& all = found->second;
  const auto end = ready_ == 0 ? all.end() : std::lower_bound(all.begin(), all.end(), end_);
  if (end == all.begin() || *(end - 1) < first_) return error{.code = errc::entity_not_found};
  const auto begin = std::lower_bound(all.begin(), end, std::max(from.value(), first_));
  const auto count = std::min<std::size_t>(limit, static_cast<std::size_t>(end - begin));
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < count; ++i)
    bytes += padded(event_view(record(begin[static_cast<std::ptrdiff_t>(i)])).size());
  copied_list list(bytes, count);
  std::byte* to = list.own();
  for (std::size_t i = 0; i < count; ++i) {
    const std::byte* r = record(begin[static_cast<std::ptrdiff_t>(i)]);
    const std::size_t size = padded(event_view(r).size());
    copy_records(to, r, size);
    to += size;
  }
  return list;
}

void copy_memory::start_at(sequence first) {
  const std::unique_lock lock(mutex_);
  first_ = end_ = base_ = first;
  log_.set_size(0);
  used_ = staged_ = ready_ = ready_bytes_ = 0;
  places_.clear();
  entities_.clear();
  staging_.clear();
}

// Room in log_ comes first, so that nothing can fail when the events are published.
result<std::span<std::byte>> copy_memory::space(std::size_t bytes) {
  const auto full = error{.code = errc::store_full, .expected = options_.memory_bytes_max, .got = bytes};
  if (used_ + staged_ + bytes > log_.capacity()) {
    const std::unique_lock lock(mutex_);
    log_.set_size(used_ + (durable() ? ready_bytes_ : staged_));
    if (!log_.reserve(used_ + staged_ + bytes)) return full;
  }
  if (!durable()) return std::span<std::byte>(log_.data() + used_ + staged_, log_.capacity() - used_ - staged_);
  if (staging_.empty() || staging_.back().capacity() - staging_.back().size() < bytes)
    if (!staging_.emplace_back().reserve(std::max(bytes, kStagingBytes))) {
      staging_.pop_back();
      return full;
    }
  record_buffer& b = staging_.back();
  return std::span<std::byte>(b.data() + b.size(), b.capacity() - b.size());
}

bool copy_memory::stage(std::size_t bytes) {
  if (used_ + staged_ + bytes > log_.capacity()) return false;
  staged_ += bytes;
  if (durable()) staging_.back().set_size(staging_.back().size() + bytes);
  return true;
}

// Behind what readers see.
void copy_memory::add(std::span<const std::byte* const> records) {
  for (const std::byte* r : records) {
    const std::uint64_t at = used_ + ready_bytes_;
    if (durable()) copy_records(log_.data() + at, r, padded(event_view(r).size()));
    const event_view e(log_.data() + at);
    places_.push_back(at);
    if (!e.entity().empty()) {
      auto found = entities_.find(e.entity());
      if (found == entities_.end()) found = entities_.emplace(e.entity(), std::vector<sequence>()).first;
      found->second.push_back(end_ + ready_);
    }
    ready_bytes_ += padded(e.size());
    ++ready_;
  }
}

void copy_memory::prepare(std::span<const std::byte* const> records) {
  const std::unique_lock lock(mutex_);
  add(records);
}

void copy_memory::publish(std::span<const std::byte* const> records) {
  const std::unique_lock lock(mutex_);
  if (ready_ == 0) add(records);
  used_ += ready_bytes_;
  staged_ -= ready_bytes_;
  end_ += ready_;
  ready_ = ready_bytes_ = 0;
  if (durable()) drop_published(records.back());
}

// What was prepared is not there.
void copy_memory::forget_ready() {
  const std::unique_lock lock(mutex_);
  places_.resize(static_cast<std::size_t>(end_ - base_));
  for (auto e = entities_.begin(); e != entities_.end();) {
    while (!e->second.empty() && e->second.back() >= end_) e->second.pop_back();
    e = e->second.empty() ? entities_.erase(e) : std::next(e);
  }
  ready_ = ready_bytes_ = 0;
}

// Staging buffers up to the one that holds what comes behind `last` are not needed any more.
void copy_memory::drop_published(const std::byte* last) {
  const auto holds = [last](const record_buffer& b) { return last >= b.data() && last < b.data() + b.size(); };
  while (!holds(staging_.front())) staging_.pop_front();
  if (event_view(last).next() != staging_.front().data() + staging_.front().size()) return;
  if (staging_.size() == 1)
    staging_.front().set_size(0);
  else
    staging_.pop_front();
}

void copy_memory::rewind(sequence end) {
  if (end < end_ + ready_) forget_ready();
  if (!durable()) {
    staged_ = 0;
    for (sequence s = end_; s < end; ++s) staged_ += padded(event_view(log_.data() + used_ + staged_).size());
    return;
  }
  staged_ = 0;
  while (!staging_.empty() && staging_.back().size() > 0 && event_view(staging_.back().data()).seq() >= end)
    staging_.pop_back();
  for (record_buffer& b : staging_) {
    std::size_t keep = 0;
    for (; keep < b.size() && event_view(b.data() + keep).seq() < end;
         keep += padded(event_view(b.data() + keep).size()))
      if (event_view(b.data() + keep).seq() >= end_) staged_ += padded(event_view(b.data() + keep).size());
    b.set_size(keep);
  }
}

void copy_memory::drop_before(sequence first) {
  const std::unique_lock lock(mutex_);
  first_ = first;
  if (place(first_) > used_ / 2 && staged_ == 0) forget_dropped();
}

// Gives the memory of dropped events back, when it is more than half: each event is moved once on average.
void copy_memory::forget_dropped() {
  const std::uint64_t gone = place(first_);
  log_.set_size(used_);
  log_.drop_front(gone);
  places_.erase(places_.begin(), places_.begin() + static_cast<std::ptrdiff_t>(first_ - base_));
  for (std::uint64_t& p : places_) p -= gone;
  base_ = first_;
  used_ -= gone;
  for (auto e = entities_.begin(); e != entities_.end();) {
    std::vector<sequence>& all = e->second;
    all.erase(all.begin(), std::lower_bound(all.begin(), all.end(), first_));
    e = all.empty() ? entities_.erase(e) : std::next(e);
  }
}

std::uint64_t copy_memory::held_bytes() const {
  std::uint64_t bytes = log_.capacity() + places_.capacity() * sizeof(std::uint64_t);
  for (const auto& [name, all] : entities_) bytes += 96 + name.capacity() + all.capacity() * sizeof(sequence);
  for (const record_buffer& b : staging_) bytes += b.capacity();
  return bytes;
}

}  // namespace copycost::event_store
