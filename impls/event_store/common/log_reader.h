// SPDX-License-Identifier: Apache-2.0
//
// Snapshots, lists and readers of every design that keeps its records in memory that readers may look at while it
// grows: slice, arena, shm and whole_array. A list is a range of sequences, or of places in an entity's postings;
// nothing is copied, and nothing is allocated.
//
//   Log      what a design hands out: keeps memory from being freed, and finds records in it
//              place find(sequence) const     the record, and the first sequence that does not follow it in memory
//              const entity_index& index() const
//              Log borrow() const             the same without keeping anything alive
//   Memory   the design's memory: Memory::view take(state&), with `Log log; bounds range;`, and reader_state
//
// Lifetime: as contract.h says.
// Threads: as contract.h says.
// Cost: a snapshot is what Memory::take() costs; a list is a few words more.
#pragma once
#include <utility>

#include "impls/event_store/common/entity_index.h"

namespace copycost::event_store {

struct record_place {
  const std::byte* record;
  sequence stop;
};

template <class Log>
class log_list {
 public:
  log_list(Log log, sequence from, sequence to) : log_(std::move(log)), from_(from), to_(to) {}
  log_list(Log log, entity_index::postings of, std::uint64_t from, std::uint64_t to)
      : log_(std::move(log)), of_(of), from_(from), to_(to), by_entity_(true) {}

  std::size_t size() const { return static_cast<std::size_t>(to_ - from_); }
  template <class F>
  void for_each(F f) const {
    if (by_entity_) return each_posting(f);
    for (sequence seq = from_; seq < to_;) {
      const record_place place = log_.find(seq);
      const std::byte* record = place.record;
      for (const sequence stop = place.stop < to_ ? place.stop : to_; seq < stop; ++seq) {
        fetch_ahead(record);
        const event_view e(record);
        record = e.next();
        if (!visit(f, e)) return;
      }
    }
  }

 private:
  // Asks for the lines of a record that comes in a while: the processor's own guess ends at the next page. It may be
  // behind the end of what is mapped: a hint. Farther and nearer were slower when replays were measured.
  static void fetch_ahead(const std::byte* record) {
    constexpr std::size_t kAhead = 6144, kLine = 64;
    for (std::size_t line = 0; line < 3; ++line) __builtin_prefetch(record + kAhead + line * kLine);
  }
  template <class F>
  void each_posting(F& f) const {
    for (std::uint64_t i = from_; i < to_; ++i)
      if (!visit(f, event_view(log_.find(of_.at(i)).record))) return;
  }

  Log log_;
  entity_index::postings of_;
  std::uint64_t from_, to_;
  bool by_entity_ = false;
};

// Reads of a range through a log. Errors: as the contract's.
template <class Log>
result<log_list<Log>> read_log(Log log, bounds b, sequence after, std::size_t limit) {
  const auto from = behind(after, b);
  if (!from.ok()) return from.error();
  return log_list<Log>(std::move(log), from.value(), limited(from.value(), limit, b.end));
}
template <class Log>
result<log_list<Log>> read_log_entity(Log log, bounds b, std::string_view entity, sequence after, std::size_t limit) {
  const auto from = behind(after, b);
  if (!from.ok()) return from.error();
  const entity_index::postings of = entity.empty() ? entity_index::postings() : log.index().find(entity);
  const std::uint64_t first = of.place_of(b.first), end = of.place_of(b.end);
  if (first == end) return error{.code = errc::entity_not_found};
  const std::uint64_t begin = of.place_of(from.value());
  return log_list<Log>(std::move(log), of, begin, limited(begin, limit, end));
}

template <class Log>
class log_snapshot {
 public:
  log_snapshot(Log log, bounds range) : log_(std::move(log)), range_(range) {}
  bounds range() const { return range_; }
  result<log_list<Log>> read(sequence after, std::size_t limit = kAll) const {
    return read_log(log_.borrow(), range_, after, limit);
  }
  result<log_list<Log>> read_entity(std::string_view entity, sequence after, std::size_t limit = kAll) const {
    return read_log_entity(log_.borrow(), range_, entity, after, limit);
  }

 private:
  Log log_;
  bounds range_;
};

template <class Memory>
class log_reader {
  using log = typename Memory::log;

 public:
  log_reader(Memory& memory, typename Memory::reader_state state) : memory_(&memory), state_(std::move(state)) {}
  bounds range() { return memory_->take(state_).range; }
  log_snapshot<log> snapshot() {
    auto v = memory_->take(state_);
    return {std::move(v.log), v.range};
  }
  result<log_list<log>> read(sequence after, std::size_t limit = kAll) {
    auto v = memory_->take(state_);
    return read_log(std::move(v.log), v.range, after, limit);
  }
  result<log_list<log>> read_entity(std::string_view entity, sequence after, std::size_t limit = kAll) {
    auto v = memory_->take(state_);
    return read_log_entity(std::move(v.log), v.range, entity, after, limit);
  }

 private:
  Memory* memory_;
  typename Memory::reader_state state_;
};

}  // namespace copycost::event_store
