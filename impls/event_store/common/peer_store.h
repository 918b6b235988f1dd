// SPDX-License-Identifier: Apache-2.0
//
// What the stores of peers do alike around their database: what the contract asks for and a database does not have:
// numbers and ids, what is expected, retention, when to sync, and the directory.
//
//   append: lock | begin | put, put, ... | drop what retention removes | commit | (sync, when the policy says so)
//
// One transaction is one append, and appends wait for each other: there is no group commit.
//
//   Database   the design (all of it is called with the lock held):
//     static result<std::unique_ptr<Database>> open(const store_options&, const std::string& dir)
//     peer_head head() const                      of what was found
//     result<void> begin(std::size_t bytes)       a transaction for so many bytes of padded records, 0: for dropping
//     result<void> put(sequence, std::string_view entity, std::size_t padded, Write)   Write: void(std::byte* record)
//     result<std::uint64_t> drop(sequence from, sequence to)   the oldest events go; their bytes
//     result<std::uint64_t> record_bytes(sequence)             padded
//     result<void> commit(const peer_head& after)  ends the transaction whatever it answers; under `each` on the disk
//     void rollback()
//     result<void> sync()                         everything that was committed is on the disk
//     std::uint64_t syncs() const, held_bytes()
//     result<std::uint64_t> count_bytes()         of all padded records; where head() does not know them
//     result<reader> add_reader()
//
// Lifetime: owns what it holds.
// Threads: safe.
// Cost: the lock, a clock reading and an id an append, and the peer's.
#pragma once
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "impls/event_store/common/peer_place.h"
#include "scenarios/event_store/contract.h"

namespace copycost::event_store {

// What a log looks like from outside.
struct peer_head {
  bounds range;
  ulid last_id;                        // of the latest event that there ever was; zero: none
  std::optional<std::uint64_t> bytes;  // of padded records, where they are known
};

template <class Database>
class peer_store {
 public:
  static result<std::unique_ptr<peer_store>> open(const store_options& o) {
    if (const auto fine = check_options(o); !fine.ok()) return fine.error();
    auto place = peer_place::take(o.dir);
    if (!place.ok()) return place.error();
    auto database = Database::open(o, place.value()->path());
    if (!database.ok()) return database.error();
    if (const auto settled = place.value()->settle(); !settled.ok()) return settled.error();
    std::unique_ptr<peer_store> s(new peer_store(o, std::move(place).value(), std::move(database).value()));
    if (const auto kept = s->retain_at_opening(); !kept.ok()) return kept.error();
    if (!o.dir.empty() && o.sync == sync_policy::interval)
      s->flusher_ = std::thread([store = s.get()] { store->flush_now_and_then(); });
    return s;
  }
  ~peer_store() {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    wake_.notify_all();
    if (flusher_.joinable()) flusher_.join();
    if (!refuses_) (void)sync_now();  // no caller waits for the answer
  }

  // COPIES: the payloads, into the place that the database gives.
  result<appended> append(std::span<const draft> batch, std::optional<sequence> expected = {}) {
    if (batch.empty()) return error{.code = errc::empty_batch};
    for (const draft& d : batch)
      if (const auto fine = check_draft(d, d.payload.size(), options_.event_bytes_max); !fine.ok()) return fine.error();
    return write(
        batch, expected, [](const draft& d) { return d.payload.size(); },
        [](const draft& d, std::byte* to, sequence seq, const ulid& id) { write_record(to, seq, id, d); });
  }

  template <class Write>
  result<appended> append_in_place(const draft& one, std::size_t payload, Write fill,
                                   std::optional<sequence> expected = {}) {
    if (const auto fine = check_draft(one, payload, options_.event_bytes_max); !fine.ok()) return fine.error();
    return write(
        {&one, 1}, expected, [payload](const draft&) { return payload; },
        [&](const draft& d, std::byte* to, sequence seq, const ulid& id) {
          fill(std::span<std::byte>(detail::write_frame(to, seq, id, d, payload), payload));
        });
  }

  result<typename Database::reader> reader() {
    const std::lock_guard lock(mutex_);
    return database_->add_reader();
  }

  // In steps, so that a transaction stays small: who reads meanwhile may see some of them.
  result<void> truncate_before(sequence before) {
    const std::lock_guard lock(mutex_);
    if (refuses_) return *refuses_;
    if (before <= head_.range.first) return {};
    if (before > head_.range.end)
      return error{
          .code = errc::checkpoint_not_found, .seq = before, .expected = head_.range.first, .got = head_.range.last()};
    while (head_.range.first < before) {
      transaction t(*database_);
      if (const auto begun = t.begin(0); !begun.ok()) return begun;
      peer_head after = head_;
      const sequence to = before - after.range.first > kStep ? after.range.first + kStep : before;
      if (const auto gone = drop_before(after, to); !gone.ok()) return gone;
      if (const auto done = commit(t, after); !done.ok()) return done;
    }
    return {};
  }

  result<void> sync() {
    const std::lock_guard lock(mutex_);
    if (refuses_) return *refuses_;
    return sync_now();
  }

  store_stats stats() const {
    const std::lock_guard lock(mutex_);
    store_stats s;
    if (!head_.bytes)
      if (const auto counted = database_->count_bytes(); counted.ok()) head_.bytes = counted.value();
    s.events = head_.range.count();
    s.bytes = head_.bytes.value_or(0);
    s.held_bytes = database_->held_bytes();
    s.syncs = database_->syncs();
    s.files = options_.dir.empty() ? 0 : 1;
    return s;
  }

 private:
  using clock = std::chrono::steady_clock;
  static constexpr std::uint64_t kStep = 1 << 16;  // events dropped in one transaction

  // Rolled back unless it is committed.
  class transaction {
   public:
    explicit transaction(Database& d) : database_(d) {}
    ~transaction() {
      if (open_) database_.rollback();
    }
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;
    result<void> begin(std::size_t bytes) {
      const auto done = database_.begin(bytes);
      open_ = done.ok();
      return done;
    }
    result<void> commit(const peer_head& after) {
      open_ = false;
      return database_.commit(after);
    }

   private:
    Database& database_;
    bool open_ = false;
  };

  peer_store(const store_options& o, std::unique_ptr<peer_place> place, std::unique_ptr<Database> database)
      : options_(o),
        place_(std::move(place)),
        database_(std::move(database)),
        head_(database_->head()),
        ids_(o.seed),
        durable_(head_.range.end) {
    if (head_.last_id != ulid{}) ids_.continue_after(head_.last_id);
  }

  template <class Payload, class Record>
  result<appended> write(std::span<const draft> batch, std::optional<sequence> expected, Payload payload,
                         Record record) {
    const std::lock_guard lock(mutex_);
    if (refuses_) return *refuses_;
    const sequence first = head_.range.end;
    if (expected && *expected + 1 != first)
      return error{.code = errc::wrong_expected_version, .seq = first - 1, .expected = *expected};
    std::size_t bytes = 0;
    for (const draft& d : batch) bytes += padded(record_size(d, payload(d)));
    transaction t(*database_);
    if (const auto begun = t.begin(bytes); !begun.ok()) return begun.error();
    ulid_generator ids = ids_;
    peer_head after = head_;
    const std::uint64_t ms = options_.now_ms();
    for (const draft& d : batch) {
      const ulid id = after.last_id = ids.next(ms);
      const sequence seq = after.range.end++;
      const auto put = database_->put(seq, d.entity, padded(record_size(d, payload(d))),
                                      [&](std::byte* to) { record(d, to, seq, id); });
      if (!put.ok()) return put.error();
    }
    if (after.bytes) *after.bytes += bytes;
    if (const auto kept = retain(after); !kept.ok()) return kept.error();
    if (const auto done = commit(t, after); !done.ok()) return done.error();
    ids_ = ids;
    if (sync_is_due())
      if (const auto done = sync_now(); !done.ok()) return done.error();
    return appended{first, first + batch.size() - 1, after.last_id};
  }

  result<void> commit(transaction& t, const peer_head& after) {
    const auto done = t.commit(after);
    if (done.ok())
      head_ = after;
    else if (done.error().code == errc::sync_failed)
      refuses_ = done.error();
    return done;
  }

  // In a transaction: takes the events before `to` out of the database and of `head`.
  result<void> drop_before(peer_head& head, sequence to) {
    const auto gone = database_->drop(head.range.first, to);
    if (!gone.ok()) return gone.error();
    head.range.first = to;
    if (head.bytes) *head.bytes -= gone.value();
    return {};
  }

  result<void> retain(peer_head& head) {
    if (options_.events_max != 0 && head.range.count() > options_.events_max)
      if (const auto gone = drop_before(head, head.range.end - options_.events_max); !gone.ok()) return gone;
    if (options_.bytes_max == 0) return {};
    if (!head.bytes) {
      const auto counted = database_->count_bytes();
      if (!counted.ok()) return counted.error();
      head.bytes = counted.value();
    }
    sequence to = head.range.first;
    for (std::uint64_t left = *head.bytes; left > options_.bytes_max && to + 1 < head.range.end; ++to) {
      const auto bytes = database_->record_bytes(to);
      if (!bytes.ok()) return bytes.error();
      left -= bytes.value();
    }
    return to == head.range.first ? result<void>() : drop_before(head, to);
  }
  result<void> retain_at_opening() {
    if (options_.events_max == 0 && options_.bytes_max == 0) return {};
    const std::lock_guard lock(mutex_);
    transaction t(*database_);
    if (const auto begun = t.begin(0); !begun.ok()) return begun;
    peer_head after = head_;
    if (const auto kept = retain(after); !kept.ok()) return kept;
    if (after.range == head_.range) return {};
    return commit(t, after);
  }

  bool sync_is_due() const {
    if (options_.dir.empty() || options_.sync == sync_policy::each) return false;
    if (options_.sync == sync_policy::batch) return head_.range.end - durable_ >= options_.batch_events;
    return clock::now() - synced_at_ >= std::chrono::milliseconds(options_.interval_ms);
  }
  result<void> sync_now() {
    if (options_.dir.empty() || options_.sync == sync_policy::each) return {};  // nothing to sync, or it is
    const auto done = database_->sync();
    if (!done.ok())
      refuses_ = done.error();
    else
      durable_ = head_.range.end, synced_at_ = clock::now();
    return done;
  }
  // Policy `interval`: what no further append follows is synced too.
  void flush_now_and_then() {
    const std::chrono::milliseconds interval(options_.interval_ms);
    std::unique_lock lock(mutex_);
    while (!closing_ && !refuses_) {
      wake_.wait_for(lock, interval, [this] { return closing_; });
      if (!closing_ && durable_ != head_.range.end && clock::now() - synced_at_ >= interval) (void)sync_now();
    }
  }

  const store_options options_;
  mutable std::mutex mutex_;
  const std::unique_ptr<peer_place> place_;
  const std::unique_ptr<Database> database_;  // goes before its place
  mutable peer_head head_;                    // stats() may count its bytes
  ulid_generator ids_;
  sequence durable_;  // under `interval` and `batch`: everything before is on the disk
  clock::time_point synced_at_ = clock::now();
  std::optional<error> refuses_;  // permanently
  std::condition_variable wake_;  // the flusher, when closing_
  bool closing_ = false;
  std::thread flusher_;
};

}  // namespace copycost::event_store
