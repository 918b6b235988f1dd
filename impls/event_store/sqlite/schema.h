// SPDX-License-Identifier: Apache-2.0
//
// Private to the sqlite design: what is in the database.
//
//   events    seq -> record (record.h), padded, checksums 0; seq counts from `base`, so that it takes few bytes
//   entities  (entity, seq): a table without a rowid, which is an index and nothing else
//   state     one row: base, and where the log ends and its latest id while there is no event; changed only then
//
// Threads: a value.
#pragma once
#include <cstdint>

#include "impls/event_store/sqlite/connection.h"

namespace copycost::event_store {

inline constexpr const char* kSqliteFile = "/events.db";
inline constexpr std::int64_t kSqliteApplication = 0x636F6570, kSqliteFormat = 1;

// Numbers as rows have them. Sequences count from `base` on; ids are two words whose bits matter, not their sign.
inline std::int64_t sqlite_row(sequence seq, sequence base) { return static_cast<std::int64_t>(seq - base); }
inline sequence sqlite_sequence(std::int64_t row, sequence base) { return base + static_cast<std::uint64_t>(row); }

// Two columns of nulls where there is no event, and where the log ends then.
inline constexpr std::string_view kSqliteBounds =
    "SELECT (SELECT min(seq) FROM events), (SELECT max(seq) FROM events), (SELECT end FROM state)";
inline bounds sqlite_bounds(const sqlite_statement& row, sequence base) {
  if (!row.is_null(0)) return {sqlite_sequence(row.number(0), base), sqlite_sequence(row.number(1), base) + 1};
  const sequence end = sqlite_sequence(row.number(2), base);
  return {end, end};
}

// Whether bytes that the database gave back are the record of that event.
inline bool is_record(bytes_view bytes, sequence seq) {
  return bytes.size() >= kRecordHeader && event_view(bytes.data()).seq() == seq &&
         padded(event_view(bytes.data()).size()) == bytes.size();
}

}  // namespace copycost::event_store
