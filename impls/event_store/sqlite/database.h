// SPDX-License-Identifier: Apache-2.0
//
// Private to the sqlite design: the writer's connection (peer_store.h says when what is called).
//
//   append:  BEGIN IMMEDIATE | the record is written into a buffer of ours | INSERT, which copies it into a page |
//            INSERT into the index | COMMIT: pages go to the write-ahead log, and are synced there
//
// Lifetime: owns what it holds.
// Threads: called with the store's lock held.
// Cost: statements are prepared once; a commit writes two pages of 4 KiB for one small event; every thousand pages the
// log is moved into the database (a checkpoint).
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "impls/event_store/common/peer_store.h"
#include "impls/event_store/sqlite/reading.h"

namespace copycost::event_store {

class sqlite_database {
 public:
  using reader = sqlite_reader;

  // Errors: foreign_file, unsupported_version, corrupt_record (as far as it is looked at), io_failed.
  static result<std::unique_ptr<sqlite_database>> open(const store_options& o, const std::string& dir);

  const peer_head& head() const { return found_; }
  result<void> begin(std::size_t bytes);
  // COPIES: SQLite copies the record into its page, which no counter of ours sees.
  template <class Write>
  result<void> put(sequence seq, std::string_view entity, std::size_t bytes, Write write) {
    scratch_.resize(bytes / 8);
    auto* const to = reinterpret_cast<std::byte*>(scratch_.data());
    write(to);
    return insert(seq, entity, {to, bytes});
  }
  result<std::uint64_t> drop(sequence from, sequence to);
  result<std::uint64_t> record_bytes(sequence seq);
  result<void> commit(const peer_head& after);
  void rollback();
  result<void> sync();

  std::uint64_t syncs() const { return syncs_; }
  std::uint64_t held_bytes();  // pages of the database that are not free, in bytes; not the write-ahead log
  result<std::uint64_t> count_bytes();
  result<sqlite_reader> add_reader();

 private:
  sqlite_database(const store_options& o, std::string path) : options_(o), path_(std::move(path)) {}
  result<void> set_up();
  result<void> make_tables();
  result<void> look();
  result<void> prepare();
  result<void> insert(sequence seq, std::string_view entity, bytes_view record);
  bool synced_by_commit() const { return !options_.dir.empty() && options_.sync == sync_policy::each; }
  // What an error of SQLite is here. Full is the store at its limit, or else the disk.
  error failed(error e);

  const store_options options_;
  const std::string path_;
  sqlite_connection connection_;
  sqlite_statement begin_, commit_, rollback_, insert_, insert_entity_, oldest_, delete_, delete_entity_, size_, bytes_,
      end_;
  std::vector<std::uint64_t> scratch_;
  peer_head found_;
  sequence base_ = 0;
  std::uint64_t syncs_ = 0, asked_ = 0;  // asked_: bytes of the transaction
};

}  // namespace copycost::event_store
