// SPDX-License-Identifier: Apache-2.0
//
// Private to the arena design: the writer's side of the log, and how readers take what they see. See log.h for the
// directory and reader_slots.h for the generations.
//
// Lifetime: owns what it holds.
// Threads: take() by any thread, each with a slot of its own; everything else under the engine's lock (engine.h says
// what it is).
#pragma once
#include <deque>
#include <memory>

#include "impls/event_store/arena/log.h"
#include "impls/event_store/common/index_area.h"

namespace copycost::event_store {

class arena_memory {
 public:
  using log = arena_log;
  using reader_state = slot_lease;
  using reader = log_reader<arena_memory>;
  struct view {
    arena_log log;
    bounds range;
  };

  // Errors: store_full; bad_options (a directory: this design is in memory only).
  static result<std::unique_ptr<arena_memory>> make(const store_options& o);
  ~arena_memory();

  // The range is taken first and last: what a truncation in between hides must not be shown half.
  view take(reader_state& s) {
    s.slot().pin(shown_.generation, shown_.by_exchange);
    for (;;) {
      const sequence end = shown_.end.load(std::memory_order_acquire);
      const arena_directory* const seen = shown_.directory.load();
      const sequence first = shown_.first.load();
      if (first <= end) [[likely]]
        return {arena_log(&s.slot(), seen), {first, end}};
    }
  }

  bounds visible() const {
    return {shown_.first.load(std::memory_order_relaxed), shown_.end.load(std::memory_order_relaxed)};
  }
  void start_at(sequence first);
  result<std::span<std::byte>> space(std::size_t bytes);  // VALID UNTIL: stage(), or another space()
  bool stage(std::size_t bytes);
  void publish(std::span<const std::byte* const> records);
  void rewind(sequence end);
  void drop_before(sequence first);
  std::uint64_t bytes_between(sequence from, sequence to) const;
  std::uint64_t held_bytes() const;
  ulid last_id() const { return event_view(record(visible().last())).id(); }
  result<reader_state> add_reader() { return slots_.add(); }
  bool writable() const { return true; }

 private:
  // What was taken out of the log and may still be looked at; one of the three.
  struct retired {
    std::uint64_t generation;
    arena_segment* segment;
    std::unique_ptr<arena_directory> directory;
    std::unique_ptr<index_area> index;
  };
  // All that a reader looks at first, on one line.
  struct alignas(64) shown {
    std::atomic<sequence> end, first;
    std::atomic<const arena_directory*> directory;
    std::atomic<std::uint64_t> generation{1};
    bool by_exchange = true;  // of the slots; never changes
  };

  arena_memory(const store_options& o, std::unique_ptr<index_area> index);

  const std::byte* record(sequence seq) const { return directory_->find(seq).record; }  // VALID UNTIL: it is dropped
  std::uint64_t events_staged() const { return staged_end() - visible().end; }
  sequence staged_end() const { return tail_ == nullptr ? visible().end : tail_->first + at_.events; }
  bool index_has_room();
  bool add_segment();
  void look_at_last();
  void renew_directory();
  bool renew_index();
  void next_generation();
  void free_retired();

  const store_options options_;
  shown shown_;
  std::unique_ptr<arena_directory> directory_;
  std::unique_ptr<index_area> index_;
  std::uint32_t live_ = 0;         // the first entry of the directory whose segment is not retired
  arena_segment* tail_ = nullptr;  // the last segment
  segment_tail at_;
  reader_slots slots_;
  std::deque<retired> retired_;      // generations rise
  std::uint64_t fenced_ = 0;         // the latest generation behind which there was a fence
  std::uint64_t retired_bytes_ = 0;  // of directories and indexes in it
  segment_pool pool_;
};

}  // namespace copycost::event_store
