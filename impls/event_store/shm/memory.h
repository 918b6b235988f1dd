// SPDX-License-Identifier: Apache-2.0
//
// Private to the shm design: the writer's side of the segments, and how readers take them. design.h has the picture,
// layout.h what lies where.
//
//   segments   head ..put aside.. | first ............ tail     in the order of their numbers
//   places     each segment has one; free ones are kept warm (a few), or given back to the machine
//
// Everything that readers see is stored in an order that leaves a readable log whenever the writer is killed: a record,
// then its index entry, then `end`; a row, then `tail`; `head`, then whatever comes to the row and to the place. The
// writer's own memory follows from the shared memory, so the next writer makes it anew.
//
// Lifetime: owns what it holds.
// Threads: take() by each reader's thread; everything else under the engine's lock.
#pragma once
#include <deque>
#include <vector>

#include "impls/event_store/shm/log.h"
#include "impls/event_store/shm/pin_places.h"

namespace copycost::event_store {

class shm_memory {
 public:
  using log = shm_log;
  using reader_state = shm_reader_state;
  using reader = log_reader<shm_memory>;
  struct view {
    shm_log log;
    bounds range;
  };

  // Errors: those of shm_file.
  static result<std::unique_ptr<shm_memory>> make(const store_options& o);
  static result<std::unique_ptr<shm_memory>> attach(int fd);
  ~shm_memory();

  // What is loaded must have been there at one moment: `first` and the index are the same before and after `end`.
  view take(reader_state& by) {
    std::uint64_t generation = 0;
    bounds b;
    shm_reader::mark* const m = by->hold(*front_, [&] {
      do {
        generation = front_->generation.load(std::memory_order_acquire);
        b.first = front_->first.load(std::memory_order_acquire);
        b.end = front_->end.load(std::memory_order_acquire);
      } while (front_->first.load(std::memory_order_relaxed) != b.first ||
               front_->generation.load(std::memory_order_relaxed) != generation);
    });
    b.end = std::max(b.first, b.end);  // a writer between two numbers of an empty log (start_numbers)
    return {shm_log(*file_, generation, shm_hold(by.get(), m)), b};
  }
  result<reader_state> add_reader() { return pins_.add(); }

  bool writable() const { return file_->is_writer(); }
  int memory_fd() const { return file_->descriptor(); }
  bounds visible() const {
    const sequence first = front_->first.load(std::memory_order_acquire);
    return {first, std::max(first, front_->end.load(std::memory_order_relaxed))};
  }
  std::uint64_t bytes_between(sequence from, sequence to) const;
  std::uint64_t held_bytes() const { return file_->held_bytes(); }
  ulid last_id() const;

  // REQUIRES, from here on: writable(). start_at: nothing was ever published, or the numbers rise.
  void start_at(sequence first);
  result<std::span<std::byte>> space(std::size_t bytes);  // VALID UNTIL: stage(), rewind() or start_at()
  bool stage(std::size_t bytes);
  void prepare(std::span<const std::byte* const> records);  // and the memory that comes next
  void publish(std::span<const std::byte* const> records);
  void rewind(sequence end);
  void drop_before(sequence first);

 private:
  static constexpr std::size_t kWarm = 4;  // free segments that keep their memory
  static constexpr std::size_t kStep = std::size_t{256} << 10;

  shm_memory(const store_options& o, std::unique_ptr<shm_file> file);

  shm_span& span() const { return file_->top().span; }
  std::uint64_t head() const { return span().head.load(std::memory_order_relaxed); }
  std::uint64_t tail() const { return span().tail.load(std::memory_order_relaxed); }
  bool has_tail() const { return at_.in.base != nullptr; }
  sequence staged_end() const { return has_tail() ? tail_first_ + at_.events : visible().end; }
  std::uint64_t sum_of_bytes(sequence from, sequence to) const;

  // memory.cc
  void index_them(std::span<const std::byte* const> records);
  bool add_segment();
  bool make_ready(std::size_t bytes);
  void continue_at(sequence end);
  bool pop_empty(sequence end);
  void put_aside_before(sequence first, bool tail_too);
  void reclaim();

  // take_over.cc
  void take_over();
  void find_places();

  // places.cc
  static constexpr std::uint64_t kNoPlace = ~std::uint64_t{0};
  std::uint64_t take_place(bool& warm);
  void free_place(std::uint64_t place);
  bool renew_index();
  entity_index index_at(std::uint64_t generation) const {
    return entity_index(file_->at(file_->layout().area(generation)), file_->layout().index_bytes);
  }
  void report_taken_place(std::uint64_t place) const;  // to the ledger, as the others
  void report_index();
  void report_everything_given_back() const;

  const store_options options_;
  const std::unique_ptr<shm_file> file_;
  shm_front* const front_;
  shm_pin_places mutable pins_;

  // The writer's.
  entity_index index_;
  sequence indexed_ = 0;     // it has the events in front: those that are visible, and those that are prepared
  segment_tail at_;          // base null: the next record begins a segment
  sequence tail_first_ = 0;  // of the last segment, and where it is
  std::uint64_t tail_place_ = 0;
  std::size_t ready_front_ = 0, ready_back_ = 0, step_ = std::size_t{16} << 10;  // of the last segment
  struct aside {
    std::uint64_t until, epoch;  // segments in front of `until`, or the area `until`
  };
  std::deque<aside> segments_aside_;
  std::vector<aside> areas_aside_;
  std::uint64_t aside_end_ = 0;  // segments in front of it are put aside
  std::vector<std::uint64_t> areas_free_, warm_, cold_;
  std::uint64_t fresh_ = 0;           // places from here on were never used
  std::uint64_t index_reported_ = 0;  // bytes of it that the ledger knows
};

}  // namespace copycost::event_store
