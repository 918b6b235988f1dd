// SPDX-License-Identifier: Apache-2.0
//
// Private to the copy design: one vector of records and one of their places. Readers copy what they read under a lock.
// Durable stores stage in buffers of their own, because what is being written to a file must not move.
//
//   log_     [record|record|record|record|....room....]     grows by doubling, by copying
//   places_  [0     |128   |256   |...                ]
//   reader:  [record|record]                                 its own bytes
//
// Lifetime: owns what it holds; so do lists and snapshots.
// Threads: readers share the lock; everything else under the engine's lock, which takes this one too.
// Cost: a read copies what it reads, a snapshot everything.
#pragma once
#include <deque>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "impls/event_store/common/copy_records.h"
#include "scenarios/event_store/contract.h"

namespace copycost::event_store {

// Bytes that grow by doubling; what is new is not written to.
class record_buffer {
 public:
  std::byte* data() const { return bytes_.get(); }  // VALID UNTIL: reserve(), or destruction
  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }
  // False when there is no memory. COPIES: the payloads that are there.
  bool reserve(std::size_t n);
  void set_size(std::size_t n) { size_ = n; }
  // Drops `n` bytes at the front. COPIES: the payloads behind.
  void drop_front(std::size_t n);

 private:
  std::unique_ptr<std::byte[]> bytes_;
  std::size_t size_ = 0, capacity_ = 0;
};

// Events of the reader's own.
class copied_list {
 public:
  copied_list() = default;
  // Room for `bytes` of records. REQUIRES: the caller fills it.
  copied_list(std::size_t bytes, std::size_t events) : events_(events), own_(new std::byte[bytes]) {}
  // Records of another store, one behind the other.
  copied_list(const std::byte* borrowed, std::size_t events) : events_(events), lent_(borrowed) {}
  // Records of another store, here and there.
  explicit copied_list(std::vector<const std::byte*> borrowed)
      : events_(borrowed.size()), scattered_(std::move(borrowed)) {}

  std::byte* own() const { return own_.get(); }  // VALID UNTIL: this list is destroyed
  std::size_t size() const { return events_; }
  template <class F>
  void for_each(F f) const {
    for (const std::byte* r : scattered_)
      if (!visit(f, event_view(r))) return;
    const std::byte* r = own_ != nullptr ? own_.get() : lent_;
    for (std::size_t i = scattered_.size(); i < events_; ++i, r = event_view(r).next())
      if (!visit(f, event_view(r))) return;
  }

 private:
  std::size_t events_ = 0;
  std::unique_ptr<std::byte[]> own_;
  const std::byte* lent_ = nullptr;
  std::vector<const std::byte*> scattered_;
};

class copied_snapshot {
 public:
  // The records of `range` lie one behind the other in `bytes`, the one of range.first + i at places[i] - places[0].
  copied_snapshot(bounds range, std::unique_ptr<std::byte[]> bytes, std::vector<std::uint64_t> places)
      : range_(range), bytes_(std::move(bytes)), places_(std::move(places)) {}
  bounds range() const { return range_; }
  result<copied_list> read(sequence after, std::size_t limit = kAll) const;
  result<copied_list> read_entity(std::string_view entity, sequence after, std::size_t limit = kAll) const;

 private:
  bounds range_;
  std::unique_ptr<std::byte[]> bytes_;
  std::vector<std::uint64_t> places_;
};

// So that a name is looked up without making a string of it.
struct hash_of_name {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
};

class copy_memory {
 public:
  struct reader_state {};
  class reader {
   public:
    reader(copy_memory& m, reader_state) : of_(&m) {}
    bounds range() const { return of_->range(); }
    copied_snapshot snapshot() { return of_->snapshot(); }
    result<copied_list> read(sequence after, std::size_t limit = kAll) { return of_->read(after, limit); }
    result<copied_list> read_entity(std::string_view entity, sequence after, std::size_t limit = kAll) {
      return of_->read_entity(entity, after, limit);
    }

   private:
    copy_memory* of_;
  };

  static result<std::unique_ptr<copy_memory>> make(const store_options& o);

  bounds range() const {
    const std::shared_lock lock(mutex_);
    return visible();
  }
  copied_snapshot snapshot() const;                                   // COPIES: everything
  result<copied_list> read(sequence after, std::size_t limit) const;  // COPIES: what is read
  // COPIES: the same
  result<copied_list> read_entity(std::string_view entity, sequence after, std::size_t limit) const;

  bounds visible() const { return {first_, end_}; }
  void start_at(sequence first);
  result<std::span<std::byte>> space(std::size_t bytes);  // VALID UNTIL: stage(), or another space()
  bool stage(std::size_t bytes);
  void prepare(std::span<const std::byte* const> records);  // COPIES: the payloads
  void publish(std::span<const std::byte* const> records);  // COPIES: the payloads, unless they were prepared
  void rewind(sequence end);
  void drop_before(sequence first);
  std::uint64_t bytes_between(sequence from, sequence to) const { return place(to) - place(from); }
  std::uint64_t held_bytes() const;
  ulid last_id() const { return event_view(record(end_ - 1)).id(); }
  result<reader_state> add_reader() { return reader_state{}; }
  bool writable() const { return true; }

 private:
  static constexpr std::size_t kStagingBytes = std::size_t{256} << 10;
  explicit copy_memory(const store_options& o) : options_(o), first_(o.first), end_(o.first), base_(o.first) {}

  std::uint64_t place(sequence seq) const {
    return seq == end_ ? used_ : places_[static_cast<std::size_t>(seq - base_)];
  }
  const std::byte* record(sequence seq) const { return log_.data() + place(seq); }  // VALID UNTIL: the next change
  bool durable() const { return !options_.dir.empty(); }
  void add(std::span<const std::byte* const> records);
  void forget_ready();
  void drop_published(const std::byte* last);
  void forget_dropped();

  const store_options options_;
  mutable std::shared_mutex mutex_;
  sequence first_, end_, base_;  // base_: of places_[0]
  record_buffer log_;
  std::uint64_t used_ = 0;  // bytes of log_ that are visible
  std::vector<std::uint64_t> places_;
  std::unordered_map<std::string, std::vector<sequence>, hash_of_name, std::equal_to<>> entities_;
  std::uint64_t staged_ = 0;                   // bytes behind used_, for which log_ has room
  std::uint64_t ready_ = 0, ready_bytes_ = 0;  // events of them that are prepared, and their bytes
  std::deque<record_buffer> staging_;          // durable: where they lie until they are published
};

}  // namespace copycost::event_store
