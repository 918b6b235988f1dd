// SPDX-License-Identifier: Apache-2.0
//
// Private to the sqlite design: how its events are read. A snapshot is a connection in a read transaction; a list is
// memory of its own, because a blob that SQLite shows is gone with the next row, and events live as long as their list.
//
//   reader --> pool of connections with prepared statements
//   snapshot [connection|first|end] -- SELECT ... --> list [record|record|...][record|...]   blocks, 4 KiB to 1 MiB
//
// Lifetime: as contract.h says; the store outlives all of it.
// Threads: a reader, and everything that comes from it, belongs to one thread.
// Cost: a snapshot is BEGIN and one SELECT; a list copies everything that it shows when it is made, whatever the caller
// looks at it; the first snapshots of a reader open a connection each, which takes some 100 us and two descriptors.
#pragma once
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "impls/event_store/common/copy_records.h"
#include "impls/event_store/sqlite/schema.h"

namespace copycost::event_store {

class sqlite_list {
 public:
  std::size_t size() const { return events_; }
  template <class F>
  void for_each(F f) const {
    for (const block& b : blocks_)
      for (const std::byte* r = b.bytes.get(); r < b.bytes.get() + b.used; r = event_view(r).next())
        if (!visit(f, event_view(r))) return;
  }
  // COPIES: the payload. REQUIRES: a whole padded record.
  void add(bytes_view record);

 private:
  struct block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t used, capacity;
  };
  std::vector<block> blocks_;
  std::size_t events_ = 0;
};

// A connection that reads.
struct sqlite_session {
  sqlite_connection connection;
  sqlite_statement begin, commit, bounds, range, of_entity, has_entity;
  sequence base = 0;
  // Errors: io_failed (no descriptors are left), and others of sqlite_error().
  static result<std::unique_ptr<sqlite_session>> open(const std::string& path, sequence base);
};

// Sessions of one reader that are not in use.
struct sqlite_pool {
  std::string path;
  sequence base;
  std::vector<std::unique_ptr<sqlite_session>> idle;
};

// Where no connection could be had the range is empty, and every read answers why.
class sqlite_snapshot {
 public:
  explicit sqlite_snapshot(std::shared_ptr<sqlite_pool> pool);
  ~sqlite_snapshot();
  sqlite_snapshot(sqlite_snapshot&&) noexcept = default;
  sqlite_snapshot& operator=(sqlite_snapshot&& o) noexcept {
    std::swap(pool_, o.pool_);
    std::swap(session_, o.session_);
    range_ = o.range_;
    failed_ = o.failed_;
    return *this;
  }
  bounds range() const { return range_; }
  // COPIES: the payloads of what is read.
  result<sqlite_list> read(sequence after, std::size_t limit = kAll) const;
  result<sqlite_list> read_entity(std::string_view entity, sequence after, std::size_t limit = kAll) const;

 private:
  result<void> take();
  // All rows; where `next` is given, numbered from there without a gap.
  result<sqlite_list> collect(sqlite_statement& s, std::optional<sequence> next) const;

  std::shared_ptr<sqlite_pool> pool_;
  std::unique_ptr<sqlite_session> session_;
  bounds range_;
  error failed_;
};

class sqlite_reader {
 public:
  explicit sqlite_reader(std::shared_ptr<sqlite_pool> pool) : pool_(std::move(pool)) {}
  sqlite_snapshot snapshot() { return sqlite_snapshot(pool_); }
  result<sqlite_list> read(sequence after, std::size_t limit = kAll) { return snapshot().read(after, limit); }
  result<sqlite_list> read_entity(std::string_view entity, sequence after, std::size_t limit = kAll) {
    return snapshot().read_entity(entity, after, limit);
  }

 private:
  std::shared_ptr<sqlite_pool> pool_;
};

}  // namespace copycost::event_store
