// SPDX-License-Identifier: Apache-2.0
//
// Private to the lmdb design: what is in the database, and how its errors are called here.
//
//   records   MDB_INTEGERKEY              sequence -> record (record.h), padded, checksums 0
//   entities  MDB_DUPSORT|MDB_DUPFIXED    entity   -> sequences, 8 bytes each
//   (main)    "copycost event store"      -> lmdb_state, beside the roots of the other two: no page of its own
//
// Threads: a value.
#pragma once
#include <lmdb.h>

#include <array>
#include <cstdint>
#include <string_view>

#include "scenarios/event_store/contract.h"

namespace copycost::event_store {

// What every user of a transaction needs.
struct lmdb_handles {
  MDB_env* env = nullptr;
  MDB_dbi main = 0, records = 0, entities = 0;
};

struct lmdb_state {
  std::uint64_t format = 1;
  sequence first = 0, end = 0;
  ulid last_id;
  std::uint64_t bytes = 0;  // of padded records
  bounds range() const { return {first, end}; }
};
inline constexpr std::uint64_t kLmdbFormat = 1;
inline constexpr std::string_view kLmdbStateName = "copycost event store";

// An entity as a key: its name, or, where that is longer than LMDB's keys can be, the front of it and its SHA-256. Only
// the latter are as long as a key can be, so that no name is taken for another.
class lmdb_key {
 public:
  explicit lmdb_key(std::string_view entity);
  MDB_val value() const {
    return {size_, const_cast<char*>(bytes_.data())};
  }  // VALID UNTIL: this is destroyed or moved

 private:
  std::array<char, 511> bytes_;
  std::size_t size_;
};

inline MDB_val lmdb_value(sequence& seq) { return {sizeof seq, &seq}; }  // VALID UNTIL: as seq
inline MDB_val lmdb_value(std::string_view text) {                       // VALID UNTIL: as the text
  return {text.size(), const_cast<char*>(text.data())};
}

// REQUIRES: rc is not 0.
error lmdb_error(int rc);
// Errors: foreign_file (there is no state), unsupported_version, and those of lmdb_error().
result<lmdb_state> lmdb_read_state(MDB_txn* txn, MDB_dbi main);

}  // namespace copycost::event_store
