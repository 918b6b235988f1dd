// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/shm/memory.h"

namespace copycost::event_store {
namespace {
constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr auto kRelease = std::memory_order_release;
}  // namespace

void shm_memory::start_at(sequence first) {
  drop_before(visible().end);
  while (pop_empty(visible().end)) {
  }
  put_aside_before(first, true);
  at_ = {};
  file_->start_numbers(first);
  indexed_ = first;
}

result<std::span<std::byte>> shm_memory::space(std::size_t bytes) {
  const auto full = error{.code = errc::store_full, .expected = options_.memory_bytes_max, .got = bytes};
  const std::uint64_t staged = staged_end() - visible().end;
  if (!index_.has_room(staged + 1) && !(renew_index() && index_.has_room(staged + 1))) return full;
  if ((!has_tail() || !at_.fits(bytes)) && !add_segment()) return full;
  if (!make_ready(bytes)) return full;
  const std::span<std::byte> s = at_.space();
  return std::span<std::byte>(at_.in.base + at_.used, std::max(s.size(), bytes));
}

bool shm_memory::stage(std::size_t bytes) {
  if (!has_tail() || !at_.fits(bytes) || !index_.has_room(staged_end() - visible().end + 1)) return false;
  at_.stage(bytes);
  return true;
}

// Readers do not look at entries behind the end that they see.
void shm_memory::index_them(std::span<const std::byte* const> records) {
  for (const std::byte* r : records) index_.add(event_view(r).entity(), indexed_++);
  if (index_.used_bytes() > index_reported_) [[unlikely]]
    report_index();
}

void shm_memory::prepare(std::span<const std::byte* const> records) {
  index_them(records);
  if (has_tail()) (void)make_ready(std::min(step_, at_.in.capacity - at_.used));  // where it cannot, space() tells
}

void shm_memory::publish(std::span<const std::byte* const> records) {
  const sequence end = visible().end + records.size();
  if (indexed_ < end) index_them(records);
  front_->end.store(end, kRelease);
}

void shm_memory::rewind(sequence end) {
  if (indexed_ > end) {
    index_.rewind(end);
    indexed_ = end;
  }
  while (pop_empty(end)) {
  }
  continue_at(end);
}

void shm_memory::drop_before(sequence first) {
  front_->first.store(first, kRelease);
  if (index_.size() > 2 * visible().count() + 4096) renew_index();
  put_aside_before(first, false);
}

std::uint64_t shm_memory::sum_of_bytes(sequence from, sequence to) const {
  std::uint64_t bytes = 0;
  while (from < to) {
    shm_log::spot s{};
    if (has_tail() && from >= tail_first_) [[likely]]
      s = {0, tail_place_, tail_first_, kStart};
    else
      s = shm_log::locate(*file_, from);
    const segment_layout in = shm_log::layout(*file_, s.place);
    const sequence stop = std::min(to, s.stop);
    bytes += static_cast<std::uint64_t>(event_view(in.record(stop - 1 - s.first)).next() - in.record(from - s.first));
    from = stop;
  }
  return bytes;
}

// A process that only reads pins what it looks at, as any reader does.
std::uint64_t shm_memory::bytes_between(sequence from, sequence to) const {
  if (writable()) return sum_of_bytes(from, to);
  auto by = pins_.add();
  if (!by.ok()) return 0;
  const view v = const_cast<shm_memory*>(this)->take(*by);
  return sum_of_bytes(std::max(from, v.range.first), std::min(to, v.range.end));
}

ulid shm_memory::last_id() const {
  if (!writable()) return {};  // it gives no ids
  const shm_log::spot s = shm_log::locate(*file_, visible().last());
  return event_view(shm_log::layout(*file_, s.place).record(visible().last() - s.first)).id();
}

bool shm_memory::add_segment() {
  bool warm = false;
  std::uint64_t place = kNoPlace;
  if (tail() - head() < file_->layout().segments) place = take_place(warm);
  if (place == kNoPlace) {
    reclaim();
    if (tail() - head() < file_->layout().segments) place = take_place(warm);
    if (place == kNoPlace) return false;
  } else if (!segments_aside_.empty() || !areas_aside_.empty()) {
    reclaim();
  }
  const sequence first = staged_end();
  shm_row& row = file_->row(tail());
  row.place.store(place, kRelease);
  row.first.store(first, kRelease);
  span().tail.store(tail() + 1, kRelease);
  tail_first_ = first;
  tail_place_ = place;
  at_ = {shm_log::layout(*file_, place), 0, 0};
  ready_front_ = ready_back_ = warm ? at_.in.capacity : 0;
  return true;
}

// The front of the segment for records and its back for their places, some pages at a time.
bool shm_memory::make_ready(std::size_t bytes) {
  const std::size_t capacity = at_.in.capacity, front = at_.used + bytes, back = 4 * (at_.events + 1);
  const std::uint64_t offset = static_cast<std::uint64_t>(at_.in.base - file_->at(0));
  if (front > ready_front_) {
    const std::size_t to = std::min(shm_layout::up(std::max(front, ready_front_ + step_), 4096), capacity);
    if (!file_->make_ready(offset + ready_front_, to - ready_front_)) return false;
    ready_front_ = to;
    step_ = std::min(2 * step_, kStep);
  }
  if (back > ready_back_) {
    const std::size_t to = std::min(shm_layout::up(std::max(back, ready_back_ + step_ / 16), 4096), capacity);
    if (!file_->make_ready(offset + capacity - to, to - ready_back_)) return false;
    ready_back_ = to;
  }
  return true;
}

// Records go on behind `end`, in the last segment that there is.
void shm_memory::continue_at(sequence end) {
  const bool same = tail() > aside_end_ && has_tail() && file_->row(tail() - 1).first.load(kRelaxed) == tail_first_;
  if (tail() == aside_end_) return void(at_ = {});
  const shm_row& row = file_->row(tail() - 1);
  tail_first_ = row.first.load(kRelaxed);
  tail_place_ = row.place.load(kRelaxed);
  at_.in = shm_log::layout(*file_, tail_place_);
  at_.events = end - tail_first_;
  at_.used = static_cast<std::size_t>(event_view(at_.in.record(at_.events - 1)).next() - at_.in.base);
  if (!same) ready_front_ = ready_back_ = at_.in.capacity;
}

// The last segment goes if nothing in front of `end` is in it. No reader has ever looked into it.
bool shm_memory::pop_empty(sequence end) {
  if (tail() == aside_end_ || file_->row(tail() - 1).first.load(kRelaxed) < end) return false;
  const std::uint64_t place = file_->row(tail() - 1).place.load(kRelaxed);
  span().tail.store(tail() - 1, kRelease);
  free_place(place);
  return true;
}

// Segments without an event from `first` on. The last one stays even when all of it is gone, unless it must not: it is
// where the next event goes.
void shm_memory::put_aside_before(sequence first, bool tail_too) {
  const std::uint64_t before = aside_end_;
  while (aside_end_ + 1 < tail() && file_->row(aside_end_ + 1).first.load(kRelaxed) <= first) ++aside_end_;
  if (tail_too) aside_end_ = tail();
  if (aside_end_ > before) {
    const std::uint64_t epoch = front_->epoch.load(kRelaxed);
    segments_aside_.push_back({aside_end_, epoch});
    front_->epoch.store(epoch + 1, std::memory_order_seq_cst);  // behind `first`, and before pins are looked at
    reclaim();
  }
}

// What no reader looks at any more is used anew.
void shm_memory::reclaim() {
  if (segments_aside_.empty() && areas_aside_.empty()) return;
  const std::uint64_t oldest = pins_.oldest(front_->epoch.load(kRelaxed) - 1);
  while (!segments_aside_.empty() && segments_aside_.front().epoch < oldest) {
    for (std::uint64_t k = head(); k < segments_aside_.front().until; ++k) {
      const std::uint64_t place = file_->row(k).place.load(kRelaxed);
      span().head.store(k + 1, kRelease);
      free_place(place);
    }
    segments_aside_.pop_front();
  }
  std::erase_if(areas_aside_, [&](const aside& a) {
    if (a.epoch >= oldest) return false;
    file_->punch(file_->layout().area(a.until), file_->layout().index_bytes);
    areas_free_.push_back(a.until);
    return true;
  });
}

}  // namespace copycost::event_store
