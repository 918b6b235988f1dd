// SPDX-License-Identifier: Apache-2.0
//
// Opening: what a writer keeps in its own memory is made from what the last one left, killed or not.
#include "impls/event_store/shm/memory.h"

namespace copycost::event_store {
namespace {
constexpr auto kRelaxed = std::memory_order_relaxed;
}

result<std::unique_ptr<shm_memory>> shm_memory::make(const store_options& o) {
  auto file = shm_file::open(o);
  if (!file.ok()) return file.error();
  std::unique_ptr<shm_memory> m(new shm_memory(o, std::move(file).value()));
  if (!o.dir.empty()) {  // what there is, is in the files
    if (m->pins_.has_readers_elsewhere()) return error{.code = errc::locked};
    m->file_->start_anew(o.first);
  }
  m->take_over();
  return m;
}

result<std::unique_ptr<shm_memory>> shm_memory::attach(int fd) {
  auto file = shm_file::attach(fd);
  if (!file.ok()) return file.error();
  return std::unique_ptr<shm_memory>(new shm_memory(store_options{}, std::move(file).value()));
}

shm_memory::shm_memory(const store_options& o, std::unique_ptr<shm_file> file)
    : options_(o), file_(std::move(file)), front_(&file_->top().front), pins_(*file_) {}

shm_memory::~shm_memory() {
  if (writable()) report_everything_given_back();
}

// Segments that were begun and not published are not there, and neither are entries of the index from `end` on.
void shm_memory::take_over() {
  aside_end_ = head();
  file_->start_numbers_again();
  const bounds b = visible();
  while (tail() > head() && file_->row(tail() - 1).first.load(kRelaxed) >= b.end)
    span().tail.store(tail() - 1, std::memory_order_release);
  find_places();
  continue_at(b.end);
  const std::uint64_t generation = front_->generation.load(kRelaxed);
  index_ = index_at(generation);
  if (index_.is_started())
    index_.rewind(b.end);
  else
    index_.start();
  indexed_ = b.end;
  report_index();
  // The last writer may have begun another index, or put one aside.
  const std::uint64_t epoch = front_->epoch.load(kRelaxed);
  for (std::uint64_t area = 0; area < shm_layout::kAreas; ++area)
    if (area != generation % shm_layout::kAreas) areas_aside_.push_back({area, epoch});
  front_->epoch.store(epoch + 1, std::memory_order_seq_cst);
  put_aside_before(b.first, false);
  reclaim();
}

// Free is what no row says. Its memory goes back: what was in it when the last writer ended is not known.
void shm_memory::find_places() {
  const shm_layout& l = file_->layout();
  std::vector<std::uint64_t> taken;
  for (std::uint64_t k = head(); k < tail(); ++k) taken.push_back(file_->row(k).place.load(kRelaxed));
  std::sort(taken.begin(), taken.end());
  for (const std::uint64_t place : taken) {
    report_taken_place(place);
    if (place > fresh_) file_->punch(l.segment(fresh_), l.segment(place) - l.segment(fresh_));
    for (; fresh_ < place; ++fresh_) cold_.push_back(fresh_);
    fresh_ = place + 1;
  }
  file_->punch(l.segment(fresh_), l.bytes - l.segment(fresh_));
}

}  // namespace copycost::event_store
