// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/sqlite/database.h"

#include <algorithm>

namespace copycost::event_store {
namespace {

constexpr std::uint64_t kPage = 4096, kPagesOfCommit = 16;

std::uint64_t pages_of(const store_options& o) {
  return std::min<std::uint64_t>(o.memory_bytes_max / kPage, 0xFFFFFFFE);
}
std::int64_t word(std::uint64_t w) { return static_cast<std::int64_t>(w); }

}  // namespace

result<std::unique_ptr<sqlite_database>> sqlite_database::open(const store_options& o, const std::string& dir) {
  std::unique_ptr<sqlite_database> d(new sqlite_database(o, dir + kSqliteFile));
  if (const auto done = d->connection_.open(d->path_); !done.ok()) return done.error();
  if (const auto done = d->set_up(); !done.ok()) return done.error();
  if (const auto done = d->prepare(); !done.ok()) return done.error();
  if (const auto done = d->look(); !done.ok()) return done.error();
  return d;
}

// The settings are those of the README.
result<void> sqlite_database::set_up() {
  const char* synchronous = options_.dir.empty() ? "OFF" : options_.sync == sync_policy::each ? "FULL" : "NORMAL";
  const auto objects = connection_.pragma("schema_version");  // the first look into the file
  if (!objects.ok()) return objects.error();
  const auto application = connection_.pragma("application_id"), format = connection_.pragma("user_version");
  if (!application.ok()) return application.error();
  if (!format.ok()) return format.error();
  const bool is_new = objects.value() == 0;
  if (!is_new && application.value() != kSqliteApplication) return error{.code = errc::foreign_file};
  if (!is_new && format.value() != kSqliteFormat)
    return error{.code = errc::unsupported_version,
                 .expected = std::uint64_t{kSqliteFormat},
                 .got = static_cast<std::uint64_t>(format.value())};
  if (is_new)
    if (const auto set = connection_.execute("PRAGMA page_size=4096; PRAGMA journal_mode=WAL"); !set.ok()) return set;
  const auto set = connection_.execute(std::string("PRAGMA synchronous=") + synchronous +
                                       "; PRAGMA max_page_count=" + std::to_string(pages_of(options_)));
  if (!set.ok()) return set;
  return is_new ? make_tables() : result<void>();
}

// One transaction, so that a store that was killed here is a new one.
result<void> sqlite_database::make_tables() {
  return connection_.execute(
      "BEGIN IMMEDIATE;"
      "PRAGMA application_id=" +
      std::to_string(kSqliteApplication) +
      ";"
      "PRAGMA user_version=" +
      std::to_string(kSqliteFormat) +
      ";"
      "CREATE TABLE events(seq INTEGER PRIMARY KEY, record BLOB NOT NULL);"
      "CREATE TABLE entities(entity BLOB NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY(entity, seq)) WITHOUT ROWID;"
      "CREATE TABLE state(id INTEGER PRIMARY KEY CHECK(id = 1), base INTEGER NOT NULL, end INTEGER NOT NULL,"
      " id_high INTEGER NOT NULL, id_low INTEGER NOT NULL);"
      "INSERT INTO state VALUES(1, " +
      std::to_string(word(options_.first)) +
      ", 0, 0, 0);"
      "COMMIT");
}

result<void> sqlite_database::prepare() {
  const std::pair<sqlite_statement*, std::string_view> all[] = {
      {&begin_, "BEGIN IMMEDIATE"},
      {&commit_, "COMMIT"},
      {&rollback_, "ROLLBACK"},
      {&insert_, "INSERT INTO events VALUES(?1, ?2)"},
      {&insert_entity_, "INSERT INTO entities VALUES(?1, ?2)"},
      {&oldest_, "SELECT seq, record FROM events WHERE seq < ?1 ORDER BY seq"},
      {&delete_, "DELETE FROM events WHERE seq < ?1"},
      {&delete_entity_, "DELETE FROM entities WHERE entity = ?1 AND seq = ?2"},
      {&size_, "SELECT length(record) FROM events WHERE seq = ?1"},
      {&bytes_, "SELECT coalesce(sum(length(record)), 0) FROM events"},
      {&end_, "UPDATE state SET end = ?1, id_high = ?2, id_low = ?3"}};
  for (const auto& [statement, sql] : all)
    if (const auto made = statement->prepare(connection_.get(), sql); !made.ok()) return made;
  return {};
}

// The range, the latest id, and that both ends are records.
result<void> sqlite_database::look() {
  sqlite_statement state, range, record;
  if (const auto made = state.prepare(connection_.get(), "SELECT base, id_high, id_low FROM state"); !made.ok())
    return made;
  if (const auto made = range.prepare(connection_.get(), kSqliteBounds); !made.ok()) return made;
  if (const auto made = record.prepare(connection_.get(), "SELECT record FROM events WHERE seq = ?1"); !made.ok())
    return made;
  if (const int rc = state.step(); rc != SQLITE_ROW)
    return rc == SQLITE_DONE ? error{.code = errc::corrupt_record} : sqlite_error(connection_.get(), rc);
  base_ = static_cast<sequence>(state.number(0));
  found_.last_id = {static_cast<std::uint64_t>(state.number(1)), static_cast<std::uint64_t>(state.number(2))};
  if (const int rc = range.step(); rc != SQLITE_ROW) return sqlite_error(connection_.get(), rc);
  found_.range = sqlite_bounds(range, base_);
  if (found_.range.count() == 0) found_.bytes = 0;
  for (const sequence seq : {found_.range.first, found_.range.last()}) {
    if (found_.range.count() == 0) break;
    const sqlite_run resets(record);
    record.bind(1, sqlite_row(seq, base_));
    if (const int rc = record.step(); rc != SQLITE_ROW) return sqlite_error(connection_.get(), rc);
    if (!is_record(record.bytes(0), seq)) return error{.code = errc::corrupt_record, .seq = seq};
    found_.last_id = event_view(record.bytes(0).data()).id();
  }
  return {};
}

result<void> sqlite_database::begin(std::size_t bytes) {
  asked_ = bytes;
  const auto begun = begin_.run();
  return begun.ok() ? begun : failed(begun.error());
}

result<void> sqlite_database::insert(sequence seq, std::string_view entity, bytes_view record) {
  insert_.bind(1, sqlite_row(seq, base_));
  insert_.bind(2, record);
  if (const auto done = insert_.run(); !done.ok()) return failed(done.error());
  if (entity.empty()) return {};
  insert_entity_.bind(1, entity);
  insert_entity_.bind(2, sqlite_row(seq, base_));
  if (const auto done = insert_entity_.run(); !done.ok()) return failed(done.error());
  return {};
}

result<std::uint64_t> sqlite_database::drop(sequence from, sequence to) {
  const sqlite_run resets(oldest_);
  oldest_.bind(1, sqlite_row(to, base_));
  std::uint64_t bytes = 0;
  int rc = SQLITE_OK;
  for (sequence seq = from; (rc = oldest_.step()) == SQLITE_ROW; ++seq) {
    const bytes_view record = oldest_.bytes(1);
    if (!is_record(record, seq)) return error{.code = errc::corrupt_record, .seq = seq};
    bytes += record.size();
    const std::string_view entity = event_view(record.data()).entity();
    if (entity.empty()) continue;
    delete_entity_.bind(1, entity);
    delete_entity_.bind(2, sqlite_row(seq, base_));
    if (const auto done = delete_entity_.run(); !done.ok()) return failed(done.error());
  }
  if (rc != SQLITE_DONE) return failed(sqlite_error(connection_.get(), rc));
  delete_.bind(1, sqlite_row(to, base_));
  if (const auto done = delete_.run(); !done.ok()) return failed(done.error());
  return bytes;
}

result<std::uint64_t> sqlite_database::record_bytes(sequence seq) {
  const sqlite_run resets(size_);
  size_.bind(1, sqlite_row(seq, base_));
  const int rc = size_.step();
  if (rc == SQLITE_DONE) return error{.code = errc::corrupt_record, .seq = seq};
  if (rc != SQLITE_ROW) return failed(sqlite_error(connection_.get(), rc));
  return static_cast<std::uint64_t>(size_.number(0));
}

result<void> sqlite_database::commit(const peer_head& after) {
  if (after.range.count() == 0) {  // nothing else says where it ends
    end_.bind(1, sqlite_row(after.range.end, base_));
    end_.bind(2, word(after.last_id.high));
    end_.bind(3, word(after.last_id.low));
    if (const auto done = end_.run(); !done.ok()) {
      rollback();
      return failed(done.error());
    }
  }
  const auto done = commit_.run();
  if (!done.ok()) {
    rollback();
    return failed(done.error());
  }
  syncs_ += synced_by_commit() ? 1 : 0;
  return {};
}

void sqlite_database::rollback() {
  if (sqlite3_get_autocommit(connection_.get()) == 0) (void)rollback_.run();  // else SQLite has done it
}

// The write-ahead log is what holds the commits that no checkpoint has moved; a checkpoint syncs both files itself.
result<void> sqlite_database::sync() {
  sqlite3_file* log = nullptr;
  const int rc =
      sqlite3_file_control(connection_.get(), "main", SQLITE_FCNTL_JOURNAL_POINTER, static_cast<void*>(&log));
  if (rc != SQLITE_OK || log == nullptr) return sqlite_error(connection_.get(), rc);
  if (log->pMethods == nullptr) return {};  // nothing was written since it was opened
  if (log->pMethods->xSync(log, SQLITE_SYNC_NORMAL) != SQLITE_OK) return error{.code = errc::sync_failed};
  ++syncs_;
  return {};
}

std::uint64_t sqlite_database::held_bytes() {
  const auto all = connection_.pragma("page_count"), idle = connection_.pragma("freelist_count");
  return all.ok() && idle.ok() ? static_cast<std::uint64_t>(all.value() - idle.value()) * kPage : 0;
}

result<std::uint64_t> sqlite_database::count_bytes() {
  const sqlite_run resets(bytes_);
  if (const int rc = bytes_.step(); rc != SQLITE_ROW) return sqlite_error(connection_.get(), rc);
  return static_cast<std::uint64_t>(bytes_.number(0));
}

result<sqlite_reader> sqlite_database::add_reader() {
  auto first = sqlite_session::open(path_, base_);
  if (!first.ok()) return first.error();
  auto pool = std::make_shared<sqlite_pool>(sqlite_pool{path_, base_, {}});
  pool->idle.push_back(std::move(first).value());
  return sqlite_reader(std::move(pool));
}

error sqlite_database::failed(error e) {
  if (e.code != errc::store_full) return e;
  rollback();  // then the pages are those of the last commit
  const std::uint64_t need = asked_ / kPage * 2 + kPagesOfCommit;
  if (held_bytes() / kPage + need <= pages_of(options_)) return {.code = errc::disk_full};
  return {.code = errc::store_full, .expected = options_.memory_bytes_max, .got = asked_};
}

}  // namespace copycost::event_store
