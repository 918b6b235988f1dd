// SPDX-License-Identifier: Apache-2.0
//
// Private to the lmdb design: the writer's side of the database (peer_store.h says when what is called).
//
//   append:  begin | entities: put | records: put MDB_RESERVE, and the record is written there | state | commit
//                                          a page in our memory: LMDB writes it to the file when it commits
//
// Lifetime: owns what it holds.
// Threads: called with the store's lock held; a transaction begins and ends in one call of it.
// Cost: a commit writes each page that changed anew: four for one small event, and the list of free pages.
#pragma once
#include <lmdb.h>

#include <memory>
#include <string>

#include "impls/event_store/common/peer_store.h"
#include "impls/event_store/lmdb/reading.h"

namespace copycost::event_store {

class lmdb_database {
 public:
  using reader = lmdb_reader;

  // Errors: foreign_file, unsupported_version, corrupt_record (what a look at both ends can tell), io_failed.
  static result<std::unique_ptr<lmdb_database>> open(const store_options& o, const std::string& dir);
  ~lmdb_database();
  lmdb_database(const lmdb_database&) = delete;
  lmdb_database& operator=(const lmdb_database&) = delete;

  peer_head head() const { return {state_.range(), state_.last_id, state_.bytes}; }
  // Errors: store_full: fewer pages are free than `bytes` may need.
  result<void> begin(std::size_t bytes);
  template <class Write>
  result<void> put(sequence seq, std::string_view entity, std::size_t bytes, Write write) {
    const auto place = reserve(seq, entity, bytes);
    if (!place.ok()) return place.error();
    write(place.value());
    return result<void>();
  }
  result<std::uint64_t> drop(sequence from, sequence to);
  result<std::uint64_t> record_bytes(sequence seq);
  result<void> commit(const peer_head& after);
  void rollback();
  result<void> sync();

  std::uint64_t syncs() const { return syncs_; }
  std::uint64_t held_bytes();  // pages that are not free, in bytes
  result<std::uint64_t> count_bytes() { return state_.bytes; }
  result<lmdb_reader> add_reader() { return lmdb_reader(std::make_shared<lmdb_pool>(handles_)); }

 private:
  explicit lmdb_database(const store_options& o) : options_(o) {}
  result<void> open_environment(const std::string& dir);
  result<void> fill_up();
  result<void> open_tables();
  result<void> look_at_both_ends();
  // Where the record is to be written. VALID UNTIL: the next call of anything.
  result<std::byte*> reserve(sequence seq, std::string_view entity, std::size_t bytes);
  std::uint64_t used_pages() const;
  std::uint64_t free_pages(std::uint64_t from = 0);  // with this number or a larger one
  error failed(int rc, std::uint64_t bytes = 0) const;

  const store_options options_;
  lmdb_handles handles_;
  MDB_txn* txn_ = nullptr;
  lmdb_state state_;  // as of the last commit
  std::unique_ptr<lmdb_pool> own_;
  std::uint64_t page_bytes_ = 4096, syncs_ = 0;
  int fd_ = -1;                                       // LMDB's, of the file
  std::uint64_t file_bytes_ = 0, missing_pages_ = 0;  // when it was opened
};

}  // namespace copycost::event_store
