// SPDX-License-Identifier: Apache-2.0
//
// What all stores of ours do alike around their memory: who may append, numbers and ids, what is expected, retention,
// and, with a directory, files and group commit.
//
//   append: lock | number and write records into memory | (write to the file, without the lock) | publish
//   with a sync, without the lock: write | the disk begins | lock: prepare to publish, while it works | wait for it
//
// Group commit: an append that comes while another thread writes and syncs waits. Then one of the waiting threads
// writes everything that has come together. Events become visible when they are as durable as the policy promises.
//
//   Memory   the design (all of it is called with the lock held):
//     static result<std::unique_ptr<Memory>> make(const store_options&)
//     bounds visible() const                                  what readers see
//     void start_at(sequence)                                 numbers of an empty log begin here
//     result<std::span<std::byte>> space(std::size_t padded)  at the end of what is staged; at least that many bytes
//     bool stage(std::size_t padded)                          the record at the front of space() stays; false: ask
//                                                             again
//     void publish(std::span<const std::byte* const>)         staged records become visible, oldest first; memory
//                                                             that moves while records are staged looks for itself
//     void prepare(std::span<const std::byte* const>)         optional: what publish() of these records, which
//                                                             follows, would do and readers cannot see; a rewind()
//                                                             takes it back
//     void rewind(sequence end)                               what is staged from `end` on was never there
//     void drop_before(sequence)                              events are gone; REQUIRES: it is between first and end
//     std::uint64_t bytes_between(sequence, sequence) const   of padded records
//     std::uint64_t held_bytes() const
//     ulid last_id() const                                    of the latest event; REQUIRES: there is one
//     result<reader_state> add_reader()                       for reader(Memory&, reader_state)
//     bool writable() const                                   false: another process writes
//     result<void> expect(std::size_t padded, std::uint64_t events)   optional: an append of so many bytes follows
//
// Lifetime: owns what it holds.
// Threads: safe.
// Cost: the lock, a clock reading and an id an append.
#pragma once
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "harness/base/check.h"
#include "impls/event_store/common/log_reader.h"
#include "impls/event_store/common/segment_files.h"

namespace copycost::event_store {

template <class Memory>
class engine final : recovery_sink {
 public:
  static result<std::unique_ptr<engine>> open(const store_options& o) {
    if (const auto fine = check_options(o); !fine.ok()) return fine.error();
    auto memory = Memory::make(o);
    if (!memory.ok()) return memory.error();
    std::unique_ptr<engine> e(new engine(o, std::move(memory).value()));
    if (o.dir.empty()) return e;
    if (const auto found = e->recover(); !found.ok()) return found.error();
    return e;
  }
  // Shared memory of another store, for reading.
  static result<std::unique_ptr<engine>> attach(int fd) {
    auto memory = Memory::attach(fd);
    if (!memory.ok()) return memory.error();
    return std::unique_ptr<engine>(new engine(store_options{}, std::move(memory).value()));
  }
  ~engine() {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    idle_.notify_all();
    if (flusher_.joinable()) flusher_.join();
    if (files_ != nullptr && !refuses_) (void)files_->sync();  // no caller waits for the answer
  }

  result<appended> append(std::span<const draft> batch, std::optional<sequence> expected = {}) {
    if (batch.empty()) return error{.code = errc::empty_batch};
    for (const draft& d : batch)
      if (const auto fine = check_draft(d, d.payload.size(), options_.event_bytes_max); !fine.ok()) return fine.error();
    return commit(
        batch.size(), expected, [&](std::size_t i) { return record_size(batch[i], batch[i].payload.size()); },
        [&](std::size_t i, std::byte* to, sequence seq, const ulid& id) { write_record(to, seq, id, batch[i]); });
  }

  template <class Write>
  result<appended> append_in_place(const draft& one, std::size_t payload, Write write,
                                   std::optional<sequence> expected = {}) {
    if (const auto fine = check_draft(one, payload, options_.event_bytes_max); !fine.ok()) return fine.error();
    return commit(
        1, expected, [&](std::size_t) { return record_size(one, payload); },
        [&](std::size_t, std::byte* to, sequence seq, const ulid& id) {
          write(std::span<std::byte>(detail::write_frame(to, seq, id, one, payload), payload));
        });
  }

  result<typename Memory::reader> reader() {
    const std::lock_guard lock(mutex_);
    auto state = memory_->add_reader();
    if (!state.ok()) return state.error();
    return typename Memory::reader(*memory_, std::move(state).value());
  }

  result<void> truncate_before(sequence before) {
    std::unique_lock lock(mutex_);
    if (!memory_->writable()) return error{.code = errc::locked};
    const bounds b = memory_->visible();
    if (before <= b.first) return {};
    if (before > b.end)
      return error{.code = errc::checkpoint_not_found, .seq = before, .expected = b.first, .got = b.last()};
    if (files_ != nullptr) {
      if (const auto done = sync(lock); !done.ok()) return done;
      if (before <= memory_->visible().first) return {};  // another thread was faster
      if (const auto done = files_->keep_from(before); !done.ok()) return failed(done.error());
    }
    drop_before(before);
    return {};
  }

  result<void> sync() {
    std::unique_lock lock(mutex_);
    return sync(lock);
  }

  store_stats stats() const {
    const std::lock_guard lock(mutex_);
    store_stats s;
    const bounds b = memory_->visible();
    s.events = b.count();
    s.bytes = memory_->writable() ? bytes_ : memory_->bytes_between(b.first, b.end);
    s.held_bytes = memory_->held_bytes();
    if (files_ != nullptr) {
      s.files = files_->files();
      s.syncs = files_->syncs();
    }
    s.cut_bytes = recovered_.cut_bytes;
    s.cut_before = recovered_.cut_before;
    return s;
  }

  int memory_fd() const requires requires(const Memory& m) { m.memory_fd(); }
  { return memory_->memory_fd(); }

 private:
  using clock = std::chrono::steady_clock;

  engine(const store_options& o, std::unique_ptr<Memory> memory)
      : options_(o), memory_(std::move(memory)), ids_(o.seed), next_(memory_->visible().end), durable_(next_) {
    if (const bounds b = memory_->visible(); b.count() > 0) {  // of a writer that died
      bytes_ = memory_->bytes_between(b.first, b.end);
      ids_.continue_after(memory_->last_id());
    }
  }

  // Writes `events` records by write(i, place, seq, id), each size(i) bytes, and makes them durable and visible.
  template <class Size, class Write>
  result<appended> commit(std::size_t events, std::optional<sequence> expected, Size size, Write write) {
    std::unique_lock lock(mutex_);
    if (refuses_) return *refuses_;
    if (!memory_->writable()) return error{.code = errc::locked};
    if (expected && *expected + 1 != next_)
      return error{.code = errc::wrong_expected_version, .seq = next_ - 1, .expected = *expected};
    const ulid_generator ids_before = ids_;
    const std::size_t staged_before = staged_.size();
    const std::uint64_t ms = options_.now_ms();
    appended done{next_, next_ + events - 1, {}};
    if (const auto fine = expect(events, size); !fine.ok()) return fine.error();
    std::uint64_t staged_bytes = 0;
    for (std::size_t i = 0; i < events; ++i) {
      const std::size_t bytes = padded(size(i));
      const auto place = stage(bytes);
      if (!place.ok()) {
        give_up(staged_before, ids_before);
        return place.error();
      }
      done.id = ids_.next(ms);
      write(i, place.value(), next_, done.id);
      staged_.push_back(place.value());
      ++next_;
      staged_bytes += bytes;
    }
    if (files_ == nullptr) {
      publish(staged_.size(), staged_bytes);
      return done;
    }
    if (const auto stays = make_durable(lock, done, staged_before, ids_before); !stays.ok()) return stays.error();
    return done;
  }

  template <class Size>
  result<void> expect([[maybe_unused]] std::size_t events, [[maybe_unused]] Size size) {
    if constexpr (requires(Memory & m) { m.expect(events, events); }) {
      std::size_t bytes = 0;
      for (std::size_t i = 0; i < events; ++i) bytes += padded(size(i));
      return memory_->expect(bytes, events);
    }
    return {};
  }

  result<std::byte*> stage(std::size_t bytes) {
    for (;;) {
      const auto space = memory_->space(bytes);
      if (!space.ok()) return space.error();
      std::byte* const place = space.value().data();
      if (memory_->stage(bytes)) return place;
    }
  }

  // The latest staged records were never there. REQUIRES: no other append has staged since, or everything goes.
  void give_up(std::size_t keep, const ulid_generator& ids) {
    next_ -= staged_.size() - keep;
    staged_.resize(keep);
    memory_->rewind(next_);
    ids_ = ids;
  }

  // The first `events` of what is staged, which have `bytes` padded bytes, become visible.
  void publish(std::size_t events, std::uint64_t bytes) {
    memory_->publish(std::span<const std::byte* const>(staged_.data(), events));
    bytes_ += bytes;
    if (events == staged_.size())
      staged_.clear();
    else
      staged_.erase(staged_.begin(), staged_.begin() + static_cast<std::ptrdiff_t>(events));
    if (options_.events_max != 0 || options_.bytes_max != 0) retain();
  }

  void retain() {
    const bounds b = memory_->visible();
    sequence first = b.first;
    if (options_.events_max != 0 && b.count() > options_.events_max) first = b.end - options_.events_max;
    if (options_.bytes_max != 0)
      for (std::uint64_t left = memory_->bytes_between(first, b.end); left > options_.bytes_max && first + 1 < b.end;
           ++first)
        left -= memory_->bytes_between(first, first + 1);
    if (first == b.first) return;
    // Only for whole files: what stays in one is found again when the store is opened, and dropped again. An error
    // leaves files that are not needed, no more.
    if (files_ != nullptr)
      if (const auto done = files_->remove_files_before(first); !done.ok()) (void)failed(done.error());
    drop_before(first);
  }
  error failed(error why) {
    if (why.code == errc::sync_failed) refuses_ = why;
    return why;
  }
  void drop_before(sequence first) {
    bytes_ -= memory_->bytes_between(memory_->visible().first, first);
    memory_->drop_before(first);
  }

  // Waits until the staged records up to done.last are as durable as the policy asks, and visible. One of those who
  // wait writes for all.
  result<void> make_durable(std::unique_lock<std::mutex>& lock, const appended& done, std::size_t staged_before,
                            const ulid_generator& ids_before) {
    for (std::size_t i = staged_before; i < staged_.size(); ++i) {
      auto* const record = const_cast<std::byte*>(staged_[i]);  // ours until it is published
      seal_record(record, event_view(record).seq() - durable_, i + 1 < staged_.size());
    }
    const std::uint64_t generation = generation_;
    const bool alone = staged_before == 0 && !writing_;
    while (memory_->visible().end <= done.last) {
      if (generation != generation_) return lost_;
      if (writing_) {
        idle_.wait(lock);
        continue;
      }
      if (const auto written = lead(lock); !written.ok()) {
        give_up(0, alone && staged_.size() == done.last - done.first + 1 ? ids_before : ids_);
        ++generation_;
        lost_ = written.error();
        idle_.notify_all();
        return written;
      }
    }
    return {};
  }

  // Writes everything that is staged, and publishes it.
  result<void> lead(std::unique_lock<std::mutex>& lock) {
    const std::size_t events = staged_.size();
    const sequence first = memory_->visible().end, end = first + events;
    const ulid last = event_view(staged_.back()).id();
    const std::uint64_t bytes = gather();
    const bool with_sync = sync_is_due(end);
    writing_ = true;
    lock.unlock();
    auto done = files_->write(pieces_, first, events, last);
    const bool wrote = done.ok();
    if (wrote && with_sync) done = sync_and_prepare(lock, events, bytes);
    lock.lock();
    writing_ = false;
    if (!done.ok()) {
      if (wrote || done.error().code == errc::sync_failed) refuses_ = done.error();
      return done;
    }
    publish(events, bytes);
    if (with_sync) synced(end);
    idle_.notify_all();
    return {};
  }

  // What was just written goes to the disk, and while that takes its time the first `events` of what is staged are made
  // ready to be published. REQUIRES: writing_; the lock is not held, and is not when it returns.
  result<void> sync_and_prepare(std::unique_lock<std::mutex>& lock, std::size_t events, std::uint64_t bytes) {
    COPYCOST_ASSERT(writing_ && !lock.owns_lock());
    if constexpr (requires(Memory & m, std::span<const std::byte* const> records) { m.prepare(records); }) {
      if (const auto begun = files_->begin_sync(bytes); !begun.ok()) return begun;
      if (lock.try_lock()) {  // a thread that stages now must not delay the wait for the disk
        memory_->prepare(std::span<const std::byte* const>(staged_.data(), events));
        lock.unlock();
      }
    }
    return files_->sync();
  }

  // Neighbours in memory become one piece. Answers the bytes of all.
  std::uint64_t gather() {
    pieces_.clear();
    std::uint64_t all = 0;
    for (const std::byte* r : staged_) {
      const std::size_t bytes = padded(event_view(r).size());
      all += bytes;
      if (!pieces_.empty() && pieces_.back().data() + pieces_.back().size() == r)
        pieces_.back() = {pieces_.back().data(), pieces_.back().size() + bytes};
      else
        pieces_.push_back({r, bytes});
    }
    return all;
  }

  bool sync_is_due(sequence end) const {
    switch (options_.sync) {
      case sync_policy::each:
        return true;
      case sync_policy::interval:
        return clock::now() - synced_at_ >= std::chrono::milliseconds(options_.interval_ms);
      case sync_policy::batch:
        return end - durable_ >= options_.batch_events;
    }
    return true;
  }
  void synced(sequence end) {
    durable_ = end;
    synced_at_ = clock::now();
  }

  result<void> sync(std::unique_lock<std::mutex>& lock) {
    if (files_ == nullptr) return {};
    idle_.wait(lock, [this] { return !writing_; });
    if (refuses_) return *refuses_;
    const sequence end = memory_->visible().end;
    if (end == durable_) return {};
    writing_ = true;
    lock.unlock();
    const auto done = files_->sync();
    lock.lock();
    writing_ = false;
    idle_.notify_all();
    if (!done.ok()) {
      refuses_ = done.error();
      return done;
    }
    synced(end);
    return {};
  }

  // Policy `interval`: what no further append follows is synced too.
  void flush_now_and_then() {
    std::unique_lock lock(mutex_);
    while (!closing_ && !refuses_) {
      idle_.wait_for(lock, std::chrono::milliseconds(options_.interval_ms), [this] { return closing_; });
      if (!closing_ && clock::now() - synced_at_ >= std::chrono::milliseconds(options_.interval_ms)) (void)sync(lock);
    }
  }

  result<void> recover() {
    auto files = segment_files::open(options_, *this, recovered_);
    if (!files.ok()) return files.error();
    publish_recovered();
    next_ = durable_ = memory_->visible().end;
    files_ = std::move(files).value();
    if (recovered_.last_id != ulid{}) ids_.continue_after(recovered_.last_id);
    retain();
    synced_at_ = clock::now();
    if (options_.sync == sync_policy::interval) flusher_ = std::thread([this] { flush_now_and_then(); });
    return {};
  }
  // What recovery finds is staged where it was read, and becomes visible when the next piece of memory is asked for; of
  // an append that goes on there, nothing yet.
  void start(sequence first) override { memory_->start_at(first); }
  result<std::span<std::byte>> room(std::size_t size) override {
    if (size > options_.event_bytes_max + 8)
      return error{.code = errc::size_exceeded, .expected = options_.event_bytes_max, .got = size};
    publish_recovered();
    auto space = memory_->space(size);
    if (space.ok()) recovering_ = space.value().data();
    return space;
  }
  bool take(std::size_t bytes) override {
    if (!memory_->stage(bytes)) return false;
    staged_.push_back(recovering_);
    staged_bytes_ += bytes;
    if (!event_view(recovering_).more()) {
      whole_ = staged_.size();
      whole_bytes_ = staged_bytes_;
    }
    recovering_ += bytes;
    return true;
  }
  void give_back(sequence end) override {
    publish_recovered();
    staged_.clear();
    staged_bytes_ = 0;
    memory_->rewind(end);
  }
  void publish_recovered() {
    if (whole_ == 0) return;
    staged_bytes_ -= whole_bytes_;
    publish(std::exchange(whole_, 0), std::exchange(whole_bytes_, 0));
  }

  const store_options options_;
  mutable std::mutex mutex_;
  const std::unique_ptr<Memory> memory_;
  ulid_generator ids_;
  sequence next_;     // of the next record to be staged
  sequence durable_;  // everything before is on the disk
  std::vector<const std::byte*> staged_;
  std::uint64_t bytes_ = 0;  // padded, of all that is visible
  std::unique_ptr<segment_files> files_;
  recovery recovered_{};
  std::optional<error> refuses_;  // permanently
  std::condition_variable idle_;  // no thread writes any more, or closing_
  std::vector<bytes_view> pieces_;
  bool writing_ = false, closing_ = false;
  std::uint64_t generation_ = 0;  // of staged records; one more when all of them are lost
  error lost_{};                  // why they were
  clock::time_point synced_at_{};
  // While it recovers: where the next record lies; what is staged, padded, and how much of it is whole appends.
  std::byte* recovering_ = nullptr;
  std::uint64_t staged_bytes_ = 0, whole_bytes_ = 0;
  std::size_t whole_ = 0;
  std::thread flusher_;
};

}  // namespace copycost::event_store
