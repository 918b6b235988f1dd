// SPDX-License-Identifier: Apache-2.0
//
// Places of segments and areas of indexes: where the next one goes, and the index of the events that are left.
#include "harness/ledger/sub_allocations.h"
#include "impls/event_store/shm/memory.h"

namespace copycost::event_store {
namespace {
constexpr std::uint64_t kReportStep = std::uint64_t{64} << 10;
void report_given_back(const void* at, std::uint64_t bytes) {
  if (bytes > 0) report_sub_free(at, bytes);
}
}  // namespace

// Warm ones first: their pages are there.
std::uint64_t shm_memory::take_place(bool& warm) {
  warm = !warm_.empty();
  auto& from = warm ? warm_ : cold_;
  std::uint64_t place = kNoPlace;
  if (!from.empty()) {
    place = from.back();
    from.pop_back();
  } else if (fresh_ < file_->layout().segments)
    place = fresh_++;
  if (place != kNoPlace && !warm) report_taken_place(place);
  return place;
}

void shm_memory::free_place(std::uint64_t place) {
  if (warm_.size() < kWarm) return warm_.push_back(place);
  report_given_back(file_->at(file_->layout().segment(place)), file_->layout().segment_bytes);
  file_->punch(file_->layout().segment(place), file_->layout().segment_bytes);
  cold_.push_back(place);
}

void shm_memory::report_taken_place(std::uint64_t place) const {
  report_sub_alloc(file_->at(file_->layout().segment(place)), file_->layout().segment_bytes);
}

void shm_memory::report_index() {
  const std::uint64_t now = shm_layout::up(index_.used_bytes(), kReportStep);
  const std::byte* const at = file_->at(file_->layout().area(front_->generation.load(std::memory_order_relaxed)));
  if (index_reported_ == 0)
    report_sub_alloc(at, now);
  else
    report_sub_realloc(at, index_reported_, at, now);
  index_reported_ = now;
}

// Most of the index is of events that are gone: the others' again, in an area of its own.
bool shm_memory::renew_index() {
  const bounds b = visible();
  if (index_.size() <= b.count() + b.count() / 4 + 64) return false;  // it would be as large
  if (areas_free_.empty()) reclaim();
  if (areas_free_.empty()) return false;
  const shm_layout& l = file_->layout();
  const std::uint64_t area = areas_free_.back(), old = front_->generation.load(std::memory_order_relaxed);
  entity_index fresh = index_at(area);
  fresh.start();
  for (sequence seq = b.first; seq < indexed_;) {
    const shm_log::spot s = shm_log::locate(*file_, seq);
    const std::byte* record = shm_log::layout(*file_, s.place).record(seq - s.first);
    for (const sequence stop = std::min(s.stop, indexed_); seq < stop; ++seq) {
      const event_view e(record);
      record = e.next();
      fresh.add(e.entity(), seq);
    }
  }
  areas_free_.pop_back();
  areas_aside_.push_back({old % shm_layout::kAreas, front_->epoch.load(std::memory_order_relaxed)});
  report_given_back(file_->at(l.area(old)), std::exchange(index_reported_, 0));
  const std::uint64_t next = old + 1 + (area - (old + 1)) % shm_layout::kAreas;  // the next one that has this area
  index_ = fresh;
  front_->generation.store(next, std::memory_order_release);
  front_->epoch.store(areas_aside_.back().epoch + 1, std::memory_order_seq_cst);
  report_index();
  reclaim();
  return true;
}

void shm_memory::report_everything_given_back() const {
  const shm_layout& l = file_->layout();
  report_given_back(file_->at(l.area(front_->generation.load(std::memory_order_relaxed))), index_reported_);
  for (std::uint64_t k = head(); k < tail(); ++k)
    report_given_back(file_->at(l.segment(file_->row(k).place.load(std::memory_order_relaxed))), l.segment_bytes);
  for (const std::uint64_t place : warm_) report_given_back(file_->at(l.segment(place)), l.segment_bytes);
}

}  // namespace copycost::event_store
