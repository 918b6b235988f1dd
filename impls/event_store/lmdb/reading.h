// SPDX-License-Identifier: Apache-2.0
//
// Private to the lmdb design: how its events are read. A snapshot is a read transaction; a list borrows the snapshot's
// or has its own; what is shown lies in the map.
//
//   reader --> pool of transactions, reset and renewed: after the first few, taking one takes no lock and no memory
//   snapshot [txn|first|end]      list [txn|from|to]      for_each: a cursor, and pointers into the map
//
// Lifetime: as contract.h says; the store outlives all of it.
// Threads: a reader, and everything that comes from it, belongs to one thread.
// Cost: a snapshot is mdb_txn_renew and one mdb_get; a walk is a cursor's step an event, and one allocation.
#pragma once
#include <lmdb.h>

#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "impls/event_store/lmdb/schema.h"
#include "scenarios/event_store/contract.h"

namespace copycost::event_store {

// Read transactions of one reader that are not in use.
class lmdb_pool {
 public:
  explicit lmdb_pool(lmdb_handles of) : of_(of) {}
  ~lmdb_pool();
  lmdb_pool(const lmdb_pool&) = delete;
  lmdb_pool& operator=(const lmdb_pool&) = delete;
  // Errors: store_full (all places for readers are taken), io_failed.
  result<MDB_txn*> take();
  void give(MDB_txn* txn);
  const lmdb_handles& of() const { return of_; }

 private:
  lmdb_handles of_;
  std::vector<MDB_txn*> idle_;
};

// A read transaction, or why there is none.
class lmdb_view {
 public:
  explicit lmdb_view(std::shared_ptr<lmdb_pool> pool);
  ~lmdb_view();
  lmdb_view(lmdb_view&& o) noexcept
      : pool_(std::move(o.pool_)), txn_(std::exchange(o.txn_, nullptr)), range_(o.range_), failed_(o.failed_) {}
  lmdb_view& operator=(lmdb_view&& o) noexcept {
    std::swap(pool_, o.pool_);
    std::swap(txn_, o.txn_);
    range_ = o.range_;
    failed_ = o.failed_;
    return *this;
  }

  result<void> good() const { return txn_ != nullptr ? result<void>() : failed_; }
  MDB_txn* txn() const { return txn_; }
  const lmdb_handles& of() const { return pool_->of(); }
  bounds range() const { return range_; }

 private:
  std::shared_ptr<lmdb_pool> pool_;
  MDB_txn* txn_ = nullptr;
  bounds range_;
  error failed_;
};

// What a list shows: sequences [from, to), or the first `limit` from `from` on of an entity.
struct lmdb_part {
  MDB_txn* txn;
  lmdb_handles of;
  sequence from, to;
  std::size_t limit;
  std::optional<lmdb_key> entity;
};

// One walk through it. Aborts, with a message, where the database is damaged: never shows less than there was.
class lmdb_walk {
 public:
  explicit lmdb_walk(const lmdb_part& part);
  ~lmdb_walk();
  lmdb_walk(const lmdb_walk&) = delete;
  lmdb_walk& operator=(const lmdb_walk&) = delete;
  // The next record, in the map; null at the end. VALID UNTIL: the transaction ends.
  const std::byte* next();

 private:
  const std::byte* next_of_entity();                        // VALID UNTIL: as next()
  const std::byte* record(sequence seq, MDB_cursor_op op);  // VALID UNTIL: as next()

  const lmdb_part& part_;
  MDB_cursor *records_ = nullptr, *entities_ = nullptr;
  sequence at_;
  std::size_t shown_ = 0;
};

class lmdb_list {
 public:
  explicit lmdb_list(const lmdb_part& part) : part_(part) {}
  // The same, keeping the transaction itself.
  lmdb_list owning(lmdb_view view) && {
    own_.emplace(std::move(view));
    return std::move(*this);
  }
  // Of an entity: counted when it is asked for, in one step for all of its events, else event by event.
  std::size_t size() const;
  template <class F>
  void for_each(F f) const {
    lmdb_walk walk(part_);
    while (const std::byte* const record = walk.next())
      if (!visit(f, event_view(record))) return;
  }

 private:
  std::optional<lmdb_view> own_;  // none: the snapshot's, which lives longer
  lmdb_part part_;
};

// Where no read transaction could be had (store_full, io_failed), the range is empty and every read answers why.
class lmdb_snapshot {
 public:
  explicit lmdb_snapshot(lmdb_view view) : view_(std::move(view)) {}
  bounds range() const { return view_.range(); }
  result<lmdb_list> read(sequence after, std::size_t limit = kAll) const;
  result<lmdb_list> read_entity(std::string_view entity, sequence after, std::size_t limit = kAll) const;

 private:
  lmdb_view view_;
};

class lmdb_reader {
 public:
  explicit lmdb_reader(std::shared_ptr<lmdb_pool> pool) : pool_(std::move(pool)) {}
  lmdb_snapshot snapshot() { return lmdb_snapshot(lmdb_view(pool_)); }
  result<lmdb_list> read(sequence after, std::size_t limit = kAll);
  result<lmdb_list> read_entity(std::string_view entity, sequence after, std::size_t limit = kAll);

 private:
  std::shared_ptr<lmdb_pool> pool_;
};

}  // namespace copycost::event_store
