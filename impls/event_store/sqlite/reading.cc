// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/sqlite/reading.h"

#include <algorithm>
#include <limits>

namespace copycost::event_store {
namespace {

constexpr std::size_t kBlockMin = 4096, kBlockMax = std::size_t{1} << 20;

std::int64_t limit_of(std::uint64_t limit) {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return static_cast<std::int64_t>(std::min(limit, kMost));
}

}  // namespace

void sqlite_list::add(bytes_view record) {
  if (blocks_.empty() || blocks_.back().capacity - blocks_.back().used < record.size()) {
    std::size_t grown = blocks_.empty() ? kBlockMin : std::min(2 * blocks_.back().capacity, kBlockMax);
    grown = std::max(grown, record.size());
    blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(grown), 0, grown});
  }
  block& b = blocks_.back();
  copy_records(b.bytes.get() + b.used, record.data(), record.size());
  b.used += record.size();
  ++events_;
}

result<std::unique_ptr<sqlite_session>> sqlite_session::open(const std::string& path, sequence base) {
  auto s = std::make_unique<sqlite_session>();
  s->base = base;
  if (const auto opened = s->connection.open(path); !opened.ok()) return opened.error();
  if (const auto set = s->connection.execute("PRAGMA wal_autocheckpoint=0"); !set.ok()) return set.error();
  const std::pair<sqlite_statement*, std::string_view> all[] = {
      {&s->begin, "BEGIN"},
      {&s->commit, "COMMIT"},
      {&s->bounds, kSqliteBounds},
      {&s->range, "SELECT seq, record FROM events WHERE seq >= ?1 ORDER BY seq LIMIT ?2"},
      {&s->of_entity,
       "SELECT n.seq, e.record FROM entities n LEFT JOIN events e ON e.seq = n.seq WHERE n.entity = ?3 AND n.seq >= ?1"
       " ORDER BY n.seq LIMIT ?2"},
      {&s->has_entity, "SELECT 1 FROM entities WHERE entity = ?1 LIMIT 1"}};
  for (const auto& [statement, sql] : all)
    if (const auto made = statement->prepare(s->connection.get(), sql); !made.ok()) return made.error();
  return s;
}

sqlite_snapshot::sqlite_snapshot(std::shared_ptr<sqlite_pool> pool) : pool_(std::move(pool)) {
  if (const auto taken = take(); !taken.ok()) {
    session_.reset();
    range_ = {};
    failed_ = taken.error();
  }
}

result<void> sqlite_snapshot::take() {
  if (pool_->idle.empty()) {
    auto opened = sqlite_session::open(pool_->path, pool_->base);
    if (!opened.ok()) return opened.error();
    session_ = std::move(opened).value();
  } else {
    session_ = std::move(pool_->idle.back());
    pool_->idle.pop_back();
  }
  if (const auto begun = session_->begin.run(); !begun.ok()) return begun;
  const sqlite_run resets(session_->bounds);  // the first SELECT is what takes the snapshot
  if (const int rc = session_->bounds.step(); rc != SQLITE_ROW) return sqlite_error(session_->connection.get(), rc);
  range_ = sqlite_bounds(session_->bounds, session_->base);
  return {};
}

sqlite_snapshot::~sqlite_snapshot() {
  if (session_ != nullptr && session_->commit.run().ok()) pool_->idle.push_back(std::move(session_));
}

result<sqlite_list> sqlite_snapshot::collect(sqlite_statement& s, std::optional<sequence> next) const {
  sqlite_list list;
  int rc = SQLITE_OK;
  while ((rc = s.step()) == SQLITE_ROW) {
    const sequence seq = sqlite_sequence(s.number(0), session_->base);
    const bytes_view record = s.bytes(1);
    if (next && seq != *next) return error{.code = errc::corrupt_record, .seq = *next};
    if (!is_record(record, seq)) return error{.code = errc::corrupt_record, .seq = seq};
    if (next) ++*next;
    list.add(record);
  }
  if (rc != SQLITE_DONE) return sqlite_error(session_->connection.get(), rc);
  return list;
}

result<sqlite_list> sqlite_snapshot::read(sequence after, std::size_t limit) const {
  if (session_ == nullptr) return failed_;
  const auto from = behind(after, range_);
  if (!from.ok()) return from.error();
  const std::uint64_t count = limited(from.value(), limit, range_.end) - from.value();
  sqlite_statement& s = session_->range;
  const sqlite_run resets(s);
  s.bind(1, sqlite_row(from.value(), session_->base));
  s.bind(2, limit_of(count));
  auto list = collect(s, from.value());
  if (list.ok() && list->size() != count)
    return error{.code = errc::corrupt_record, .seq = from.value() + list->size()};
  return list;
}

result<sqlite_list> sqlite_snapshot::read_entity(std::string_view entity, sequence after, std::size_t limit) const {
  if (session_ == nullptr) return failed_;
  const auto from = behind(after, range_);
  if (!from.ok()) return from.error();
  if (entity.empty() || entity.size() > kNameMax) return error{.code = errc::entity_not_found};
  sqlite_statement& s = session_->of_entity;
  const sqlite_run resets(s);
  s.bind(1, sqlite_row(from.value(), session_->base));
  s.bind(2, limit_of(limit));
  s.bind(3, entity);
  auto list = collect(s, std::nullopt);
  if (!list.ok() || list->size() > 0) return list;
  sqlite_statement& any = session_->has_entity;
  const sqlite_run resets_any(any);
  any.bind(1, entity);
  const int rc = any.step();
  if (rc == SQLITE_ROW) return list;
  return rc == SQLITE_DONE ? error{.code = errc::entity_not_found} : sqlite_error(session_->connection.get(), rc);
}

}  // namespace copycost::event_store
