// SPDX-License-Identifier: Apache-2.0
//
// Private to the slice design: the writer's side of its segments, and how readers take them. See log.h for the picture.
//
// Lifetime: owns what it holds.
// Threads: take() by any thread; everything else under the engine's lock (engine.h says what it is).
#pragma once
#include "impls/event_store/slice/log.h"

namespace copycost::event_store {

class slice_memory {
 public:
  using log = slice_log;
  struct reader_state {};
  using reader = log_reader<slice_memory>;
  struct view {
    slice_log log;
    bounds range;
  };

  static result<std::unique_ptr<slice_memory>> make(const store_options& o);

  // The range is taken first and last: what a truncation in between hides must not be shown half.
  view take(reader_state&) {
    for (;;) {
      const sequence end = end_.load(std::memory_order_acquire);
      owner<slice_root> root = root_.take();
      const sequence first = first_.load(std::memory_order_acquire);
      if (first <= end) [[likely]]
        return {slice_log(std::move(root)), {first, end}};
    }
  }

  bounds visible() const { return {first_.load(std::memory_order_relaxed), end_.load(std::memory_order_relaxed)}; }
  void start_at(sequence first);
  result<std::span<std::byte>> space(std::size_t bytes);  // VALID UNTIL: stage(), or another space()
  bool stage(std::size_t bytes);
  void prepare(std::span<const std::byte* const> records);
  void publish(std::span<const std::byte* const> records);
  void rewind(sequence end);
  void drop_before(sequence first);
  std::uint64_t bytes_between(sequence from, sequence to) const;
  std::uint64_t held_bytes() const;
  ulid last_id() const { return event_view(record(visible().last())).id(); }
  result<reader_state> add_reader() { return reader_state{}; }
  bool writable() const { return true; }

 private:
  slice_memory(const store_options& o, owner<counted_index> index);

  const slice_root& root() const { return *root_.peek(); }
  const std::byte* record(sequence seq) const {  // VALID UNTIL: the event is dropped
    const slice_segment* s = root().at(root().locate(seq));
    return s->layout.record(seq - s->first);
  }
  sequence staged_end() const { return tail_ == nullptr ? visible().end : tail_->first + at_.events; }
  entity_index& index() const { return root().index->area->index(); }
  // Whether the index has room for one event more than are staged; where it is full of what is gone it is built anew.
  bool index_has_room();
  bool add_segment(std::size_t bytes);
  // Readers see the segments [skip, keep) and `more` from here on.
  void show(unsigned skip, unsigned keep, owner<slice_segment> more = {}, owner<counted_index> index = {});
  owner<counted_index> index_anew() const;

  const store_options options_;
  std::atomic<sequence> first_, end_;
  counted_place<slice_root> root_;
  slice_segment* tail_ = nullptr;  // the last segment, owned by the root
  segment_tail at_;
  sequence indexed_;  // the index has the events in front of it: those that are visible, and those that are prepared
  std::size_t next_bytes_;  // of the next segment: they grow up to segment_bytes
};

}  // namespace copycost::event_store
