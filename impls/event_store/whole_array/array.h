// SPDX-License-Identifier: Apache-2.0
//
// Private to the whole_array design: all events in one counted array that never changes.
//
//   [head: owners, range, index* | record|record|record|record | place 3|place 2|place 1|place 0]
//                                                                places: segment_layout.h
//
// Lifetime: of its last owner.
// Threads: safe; immutable once it is shown.
// Cost: as large as everything that is there.
#pragma once
#include <utility>

#include "impls/event_store/common/index_area.h"
#include "impls/event_store/common/log_reader.h"
#include "impls/event_store/common/segment_layout.h"

namespace copycost::event_store {

struct event_array : counted {
  bounds range;
  owner<counted_index> index;
  segment_layout layout;
  std::size_t used;   // bytes of records
  std::size_t bytes;  // of all of it

  // Room for exactly `events` events whose padded records have `bytes` bytes. Null: no memory.
  static owner<event_array> make(owner<counted_index> index, std::size_t bytes, std::uint64_t events);
  static void destroy(event_array* a);

  const std::byte* record(sequence seq) const { return layout.record(seq - range.first); }  // VALID UNTIL: this is gone
  // The offset of a record; of the end, that of the room behind.
  std::size_t offset(sequence seq) const {
    return seq == range.end ? used : std::size_t{8} * layout.place(seq - range.first);
  }
  // Starts with the events of `from` from `first` on. COPIES: their payloads. REQUIRES: this one is new, and has room.
  void begin_with(const event_array& from, sequence first);
};

// What a reader holds: an owner, or another reader's array for as long as that lasts.
class array_log {
 public:
  explicit array_log(owner<event_array> a) : is_(a.get()), owned_(std::move(a)) {}
  record_place find(sequence seq) const { return {is_->record(seq), kStart}; }
  const entity_index& index() const { return is_->index->area->index(); }
  array_log borrow() const { return array_log(is_); }
  bounds range() const { return is_->range; }

 private:
  explicit array_log(const event_array* lent) : is_(lent) {}
  const event_array* is_;
  owner<event_array> owned_;
};

}  // namespace copycost::event_store
