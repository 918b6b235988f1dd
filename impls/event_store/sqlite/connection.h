// SPDX-License-Identifier: Apache-2.0
//
// Private to the sqlite design: a connection, its prepared statements, and how its errors are called here.
//
// Lifetime: statements go before their connection.
// Threads: one at a time (SQLITE_OPEN_NOMUTEX).
#pragma once
#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "scenarios/event_store/contract.h"

namespace copycost::event_store {

// Of the latest call of `db` that failed. `store_full` stands for SQLITE_FULL, which is a full disk too.
error sqlite_error(sqlite3* db, int rc);

// Prepared once. A run of it is bind, step, step, ..., reset.
class sqlite_statement {
 public:
  sqlite_statement() = default;
  // Errors: those of sqlite_error().
  result<void> prepare(sqlite3* db, std::string_view sql);
  void bind(int at, std::int64_t number) { sqlite3_bind_int64(is_.get(), at, number); }
  // Borrowed until reset().
  void bind(int at, bytes_view bytes) { sqlite3_bind_blob64(is_.get(), at, bytes.data(), bytes.size(), SQLITE_STATIC); }
  void bind(int at, std::string_view text) { bind(at, std::as_bytes(std::span(text.data(), text.size()))); }
  // SQLITE_ROW, SQLITE_DONE, or what went wrong.
  int step() { return sqlite3_step(is_.get()); }
  void reset() { sqlite3_reset(is_.get()); }
  // Once, without a row.
  result<void> run() {
    const int rc = step();
    if (rc != SQLITE_DONE && rc != SQLITE_ROW) {
      const error e = sqlite_error(sqlite3_db_handle(is_.get()), rc);
      reset();
      return e;
    }
    reset();
    return result<void>();
  }
  bool is_null(int column) const { return sqlite3_column_type(is_.get(), column) == SQLITE_NULL; }
  std::int64_t number(int column) const { return sqlite3_column_int64(is_.get(), column); }
  // VALID UNTIL: the next step(), or reset().
  bytes_view bytes(int column) const {
    const auto* const data = static_cast<const std::byte*>(sqlite3_column_blob(is_.get(), column));
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(is_.get(), column))};
  }

 private:
  struct finalizes {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
  };
  std::unique_ptr<sqlite3_stmt, finalizes> is_;
};

// Resets a statement whatever happens.
class sqlite_run {
 public:
  explicit sqlite_run(sqlite_statement& s) : is_(s) {}
  ~sqlite_run() { is_.reset(); }
  sqlite_run(const sqlite_run&) = delete;
  sqlite_run& operator=(const sqlite_run&) = delete;

 private:
  sqlite_statement& is_;
};

class sqlite_connection {
 public:
  // Errors: those of sqlite_error().
  result<void> open(const std::string& path);
  result<void> execute(const std::string& sql);
  // The number that a PRAGMA answers.
  result<std::int64_t> pragma(const std::string& name);
  sqlite3* get() const { return is_.get(); }

 private:
  struct closes {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
  };
  std::unique_ptr<sqlite3, closes> is_;
};

}  // namespace copycost::event_store
