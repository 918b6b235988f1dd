// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/sqlite/connection.h"

namespace copycost::event_store {

error sqlite_error(sqlite3* db, int rc) {
  const int extended = db != nullptr ? sqlite3_extended_errcode(db) : rc;
  if (extended == SQLITE_IOERR_FSYNC || extended == SQLITE_IOERR_DIR_FSYNC) return {.code = errc::sync_failed};
  switch (rc & 0xFF) {
    case SQLITE_FULL:
      return {.code = errc::store_full};
    case SQLITE_NOTADB:
      return {.code = errc::foreign_file};
    case SQLITE_CORRUPT:
      return {.code = errc::corrupt_record};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {.code = errc::locked};
    default:
      break;
  }
  const int number = db != nullptr ? sqlite3_system_errno(db) : 0;
  return {.code = errc::io_failed, .got = static_cast<std::uint64_t>(number != 0 ? number : extended)};
}

result<void> sqlite_statement::prepare(sqlite3* db, std::string_view sql) {
  sqlite3_stmt* made = nullptr;
  const int rc =
      // fits: statements of ours
      sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &made, nullptr);
  is_.reset(made);
  return rc == SQLITE_OK ? result<void>() : sqlite_error(db, rc);
}

result<void> sqlite_connection::open(const std::string& path) {
  constexpr int kPatienceMs = 10'000;  // with who is just opening or closing a connection of the same store
  sqlite3* made = nullptr;
  const int rc =
      sqlite3_open_v2(path.c_str(), &made, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  is_.reset(made);
  if (rc != SQLITE_OK) return sqlite_error(made, rc);
  sqlite3_busy_timeout(made, kPatienceMs);
  return {};
}

result<void> sqlite_connection::execute(const std::string& sql) {
  const int rc = sqlite3_exec(get(), sql.c_str(), nullptr, nullptr, nullptr);
  return rc == SQLITE_OK ? result<void>() : sqlite_error(get(), rc);
}

result<std::int64_t> sqlite_connection::pragma(const std::string& name) {
  sqlite_statement s;
  if (const auto made = s.prepare(get(), "PRAGMA " + name); !made.ok()) return made.error();
  const int rc = s.step();
  if (rc != SQLITE_ROW) return sqlite_error(get(), rc);
  return s.number(0);
}

}  // namespace copycost::event_store
