// SPDX-License-Identifier: Apache-2.0
//
// Private to the shm design: what a snapshot or list sees of the shared memory, and how it finds an event in it: by a
// search in the rows, and the places in the segment.
//
// Lifetime: keeps what it sees from being used anew, until it is destroyed; a borrowed one does not.
// Threads: as its reader.
// Cost: a few words; finding an event takes some ten steps of the search, once a segment.
#pragma once
#include <utility>

#include "impls/event_store/common/log_reader.h"
#include "impls/event_store/common/segment_layout.h"
#include "impls/event_store/shm/file.h"
#include "impls/event_store/shm/pins.h"

namespace copycost::event_store {

class shm_log {
 public:
  shm_log(const shm_file& file, std::uint64_t generation, shm_hold hold)
      : file_(&file), generation_(generation), hold_(std::move(hold)) {}

  struct spot {
    std::uint64_t segment, place;
    sequence first, stop;
  };
  // The segment of `seq`. REQUIRES: it is there. Rows in front of it may be used anew while we search, with larger
  // sequences; then `head` has moved before, and we search again.
  static spot locate(const shm_file& file, sequence seq) {
    const shm_span& span = file.top().span;
    for (;;) {
      const std::uint64_t head = span.head.load(std::memory_order_acquire);
      const std::uint64_t tail = span.tail.load(std::memory_order_acquire);
      std::uint64_t low = head, high = tail;
      while (high - low > 1) {
        const std::uint64_t middle = low + (high - low) / 2;
        (file.row(middle).first.load(std::memory_order_acquire) <= seq ? low : high) = middle;
      }
      const shm_row& row = file.row(low);
      const spot found{low, row.place.load(std::memory_order_acquire), row.first.load(std::memory_order_acquire),
                       low + 1 < tail ? file.row(low + 1).first.load(std::memory_order_acquire) : kStart};
      if (span.head.load(std::memory_order_relaxed) == head) [[likely]]
        return found;
    }
  }
  static segment_layout layout(const shm_file& file, std::uint64_t place) {
    return {file.at(file.layout().segment(place)), file.layout().segment_bytes};
  }

  record_place find(sequence seq) const {
    const spot s = locate(*file_, seq);
    return {layout(*file_, s.place).record(seq - s.first), s.stop};
  }
  entity_index index() const {
    return entity_index(file_->at(file_->layout().area(generation_)), file_->layout().index_bytes);
  }
  shm_log borrow() const { return shm_log(*file_, generation_, {}); }

 private:
  const shm_file* file_;
  std::uint64_t generation_;
  shm_hold hold_;
};

}  // namespace copycost::event_store
