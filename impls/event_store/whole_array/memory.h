// SPDX-License-Identifier: Apache-2.0
//
// Private to the whole_array design: the array that readers see, and the one that an append makes to follow it.
//
//   place_ --> [e0|e1|e2]             next_ --> [e0|e1|e2|e3]       then place_ --> next_, and the old one goes with
//                                                copied   new       its last reader
//
// Lifetime: owns what it holds.
// Threads: take() by any thread; everything else under the engine's lock.
// Cost: see design.h.
#pragma once
#include "impls/event_store/whole_array/array.h"

namespace copycost::event_store {

class whole_array_memory {
 public:
  using log = array_log;
  struct reader_state {};
  using reader = log_reader<whole_array_memory>;
  struct view {
    array_log log;
    bounds range;
  };

  // Errors: store_full; bad_options (a directory: this design is in memory only).
  static result<std::unique_ptr<whole_array_memory>> make(const store_options& o);

  view take(reader_state&) {
    array_log now(place_.take());
    const bounds range = now.range();
    return {std::move(now), range};
  }

  bounds visible() const { return now().range; }
  void start_at(sequence first);
  // An append of so many events follows, of so many bytes in all. COPIES: everything that is there.
  // Errors: store_full; nothing is changed then.
  result<void> expect(std::size_t bytes, std::uint64_t events);
  result<std::span<std::byte>> space(std::size_t bytes);  // VALID UNTIL: stage(), or another space()
  bool stage(std::size_t bytes);
  void publish(std::span<const std::byte* const> records);
  void rewind(sequence) { next_ = {}; }  // all that is staged is of one append
  void drop_before(sequence first);      // COPIES: everything that stays
  std::uint64_t bytes_between(sequence from, sequence to) const { return now().offset(to) - now().offset(from); }
  std::uint64_t held_bytes() const { return now().bytes + now().index->area->index().used_bytes(); }
  ulid last_id() const { return event_view(now().record(visible().last())).id(); }
  result<reader_state> add_reader() { return reader_state{}; }
  bool writable() const { return true; }

 private:
  explicit whole_array_memory(owner<event_array> empty) : place_(std::move(empty)) {}

  const event_array& now() const { return *place_.peek(); }
  error full(std::size_t bytes) const {
    return {.code = errc::store_full, .expected = options_.memory_bytes_max, .got = bytes};
  }
  owner<counted_index> index_with_room(std::uint64_t events) const;
  owner<counted_index> index_anew() const;

  store_options options_;
  counted_place<event_array> place_;
  owner<event_array> next_;  // of the running append
  segment_tail at_;          // its end
};

}  // namespace copycost::event_store
