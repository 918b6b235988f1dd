// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/lmdb/database.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace copycost::event_store {
namespace {

// Pages that a snapshot still needs are not free, and those of the last two commits are not yet: the map has room for
// them beside the events, which get no more than memory_bytes_max.
constexpr std::size_t kMapFactor = 4, kMapMore = std::size_t{4} << 20, kMapMax = std::size_t{1} << 44;
// What a transaction changes beside the pages of its records: the way to them, entities, the state, the free list.
constexpr std::uint64_t kPagesOfCommit = 16;
constexpr unsigned kReaders = 4096;

std::size_t map_bytes(const store_options& o) {
  return std::min(o.memory_bytes_max, (kMapMax - kMapMore) / kMapFactor) / 4096 * 4096 * kMapFactor + kMapMore;
}
unsigned flags_of(const store_options& o) {
  const bool with_commit = !o.dir.empty() && o.sync == sync_policy::each;
  return MDB_NOTLS | (with_commit ? 0u : unsigned{MDB_NOSYNC});
}

}  // namespace

result<std::unique_ptr<lmdb_database>> lmdb_database::open(const store_options& o, const std::string& dir) {
  std::unique_ptr<lmdb_database> d(new lmdb_database(o));
  if (const auto done = d->open_environment(dir); !done.ok()) return done.error();
  auto done = d->open_tables();
  if (done.ok()) {
    d->own_ = std::make_unique<lmdb_pool>(d->handles_);
    done = d->look_at_both_ends();
  }
  if (done.ok()) return d;
  if (d->missing_pages_ == 0) return done.error();
  (void)::ftruncate(d->fd_, static_cast<off_t>(d->file_bytes_));  // as it was found
  return error{.code = errc::corrupt_record, .seq = d->state_.first, .at = d->file_bytes_};
}

lmdb_database::~lmdb_database() {
  own_.reset();
  if (handles_.env != nullptr) mdb_env_close(handles_.env);
}

result<void> lmdb_database::open_environment(const std::string& dir) {
  if (const int rc = mdb_env_create(&handles_.env); rc != 0) return lmdb_error(rc);
  mdb_env_set_maxdbs(handles_.env, 2);
  mdb_env_set_maxreaders(handles_.env, kReaders);
  if (const int rc = mdb_env_set_mapsize(handles_.env, map_bytes(options_)); rc != 0) return lmdb_error(rc);
  if (const int rc = mdb_env_open(handles_.env, dir.c_str(), flags_of(options_), 0666); rc != 0) return lmdb_error(rc);
  MDB_stat of{};
  if (const int rc = mdb_env_stat(handles_.env, &of); rc != 0) return lmdb_error(rc);
  page_bytes_ = of.ms_psize;
  return fill_up();
}

// A page behind the file's end would be a signal when it is read; one of zeros is an error. Only pages that were free
// when they would have been written may be missing (look_at_both_ends()).
result<void> lmdb_database::fill_up() {
  struct stat file {};
  if (mdb_env_get_fd(handles_.env, &fd_) != 0 || ::fstat(fd_, &file) != 0)
    return error{.code = errc::io_failed, .got = static_cast<std::uint64_t>(errno)};
  file_bytes_ = static_cast<std::uint64_t>(file.st_size);
  const std::uint64_t there = file_bytes_ / page_bytes_, used = used_pages();
  if (there >= used) return {};
  missing_pages_ = used - there;
  if (::ftruncate(fd_, static_cast<off_t>(used * page_bytes_)) != 0)
    return error{.code = errno == ENOSPC ? errc::disk_full : errc::io_failed, .got = static_cast<std::uint64_t>(errno)};
  return {};
}

// One transaction, so that a store that was killed here is a new one.
result<void> lmdb_database::open_tables() {
  MDB_txn* txn = nullptr;
  if (const int rc = mdb_txn_begin(handles_.env, nullptr, 0, &txn); rc != 0) return lmdb_error(rc);
  const auto give_up = [&](const error& e) {
    mdb_txn_abort(txn);
    return e;
  };
  MDB_stat all{};
  int rc = mdb_dbi_open(txn, nullptr, 0, &handles_.main);
  if (rc == 0) rc = mdb_stat(txn, handles_.main, &all);
  if (rc != 0) return give_up(lmdb_error(rc));
  const bool is_new = all.ms_entries == 0;
  if (is_new) {
    state_.first = state_.end = options_.first;
    MDB_val name = lmdb_value(kLmdbStateName), value{sizeof state_, &state_};
    if (rc = mdb_put(txn, handles_.main, &name, &value, 0); rc != 0) return give_up(lmdb_error(rc));
  } else {
    const auto found = lmdb_read_state(txn, handles_.main);
    if (!found.ok()) return give_up(found.error());
    state_ = found.value();
  }
  const unsigned create = is_new ? MDB_CREATE : 0;
  rc = mdb_dbi_open(txn, "records", create | MDB_INTEGERKEY, &handles_.records);
  if (rc == 0)
    rc = mdb_dbi_open(txn, "entities", create | MDB_DUPSORT | MDB_DUPFIXED | MDB_INTEGERDUP, &handles_.entities);
  if (rc != 0) return give_up(lmdb_error(rc));
  if (rc = mdb_txn_commit(txn); rc != 0) return lmdb_error(rc);
  return {};
}

// No page is missing, and the first and the last record are there and what the state says. LMDB has no checksums:
// nothing else is known without reading everything.
result<void> lmdb_database::look_at_both_ends() {
  if (missing_pages_ > 0 && free_pages(file_bytes_ / page_bytes_) != missing_pages_)
    return error{.code = errc::corrupt_record};
  const bounds b = state_.range();
  const error damaged{.code = errc::corrupt_record, .seq = b.first};
  if (b.end < b.first) return damaged;
  const auto txn = own_->take();
  if (!txn.ok()) return txn.error();
  MDB_stat of{};
  bool whole = mdb_stat(txn.value(), handles_.records, &of) == 0 && of.ms_entries == b.count();
  for (const sequence seq : {b.first, b.last()}) {
    if (b.count() == 0 || !whole) break;
    sequence asked = seq;
    MDB_val key = lmdb_value(asked), value{};
    whole = mdb_get(txn.value(), handles_.records, &key, &value) == 0 && value.mv_size >= kRecordHeader;
    if (!whole) break;
    const event_view e(static_cast<const std::byte*>(value.mv_data));
    whole = e.seq() == seq && padded(e.size()) == value.mv_size;
  }
  own_->give(txn.value());
  return whole ? result<void>() : damaged;
}

std::uint64_t lmdb_database::used_pages() const {
  MDB_envinfo info{};
  mdb_env_info(handles_.env, &info);
  return info.me_last_pgno + 1;
}

// Database 0 is the list of free pages: transaction -> [count|page|page|...].
std::uint64_t lmdb_database::free_pages(std::uint64_t from) {
  const auto txn = own_->take();
  if (!txn.ok()) return 0;
  std::uint64_t pages = 0;
  MDB_cursor* c = nullptr;
  if (mdb_cursor_open(txn.value(), 0, &c) == 0) {
    for (MDB_val key{}, value{}; mdb_cursor_get(c, &key, &value, MDB_NEXT) == 0;) {
      const auto* const list = static_cast<const std::uint64_t*>(value.mv_data);
      pages += static_cast<std::uint64_t>(
          std::count_if(list + 1, list + 1 + list[0], [=](auto page) { return page >= from; }));
    }
    mdb_cursor_close(c);
  }
  own_->give(txn.value());
  return pages;
}

std::uint64_t lmdb_database::held_bytes() { return (used_pages() - free_pages()) * page_bytes_; }

result<void> lmdb_database::begin(std::size_t bytes) {
  const std::uint64_t need = kPagesOfCommit + 2 * (bytes / page_bytes_),
                      limit = options_.memory_bytes_max / page_bytes_;
  if (bytes > 0 && used_pages() + need > limit && used_pages() - free_pages() + need > limit)
    return failed(MDB_MAP_FULL, bytes);
  if (const int rc = mdb_txn_begin(handles_.env, nullptr, 0, &txn_); rc != 0) return failed(rc, bytes);
  return {};
}

result<std::byte*> lmdb_database::reserve(sequence seq, std::string_view entity, std::size_t bytes) {
  if (!entity.empty()) {
    const lmdb_key name(entity);
    MDB_val key = name.value(), value = lmdb_value(seq);
    if (const int rc = mdb_put(txn_, handles_.entities, &key, &value, MDB_APPENDDUP); rc != 0) return failed(rc, bytes);
  }
  MDB_val key = lmdb_value(seq), value{bytes, nullptr};
  if (const int rc = mdb_put(txn_, handles_.records, &key, &value, MDB_APPEND | MDB_RESERVE); rc != 0)
    return failed(rc, bytes);
  return static_cast<std::byte*>(value.mv_data);
}

result<std::uint64_t> lmdb_database::drop(sequence from, sequence to) {
  MDB_cursor* c = nullptr;
  if (const int rc = mdb_cursor_open(txn_, handles_.records, &c); rc != 0) return failed(rc);
  const std::unique_ptr<MDB_cursor, void (*)(MDB_cursor*)> closes(c, &mdb_cursor_close);
  std::uint64_t bytes = 0;
  for (sequence seq = from; seq < to; ++seq) {
    MDB_val key{}, value{};
    if (const int rc = mdb_cursor_get(c, &key, &value, MDB_FIRST); rc != 0) return failed(rc);
    const event_view e(static_cast<const std::byte*>(value.mv_data));
    if (e.seq() != seq) return error{.code = errc::corrupt_record, .seq = seq};
    bytes += value.mv_size;
    const bool named = !e.entity().empty();
    const lmdb_key name(e.entity());  // of its own: the record moves when pages do
    if (const int rc = mdb_cursor_del(c, 0); rc != 0) return failed(rc);
    if (!named) continue;
    key = name.value();
    value = lmdb_value(seq);
    if (const int rc = mdb_del(txn_, handles_.entities, &key, &value); rc != 0) return failed(rc);
  }
  return bytes;
}

result<std::uint64_t> lmdb_database::record_bytes(sequence seq) {
  MDB_val key = lmdb_value(seq), value{};
  if (const int rc = mdb_get(txn_, handles_.records, &key, &value); rc != 0) return failed(rc);
  return value.mv_size;
}

result<void> lmdb_database::commit(const peer_head& after) {
  lmdb_state next;
  next.first = after.range.first;
  next.end = after.range.end;
  next.last_id = after.last_id;
  next.bytes = after.bytes.value_or(0);
  MDB_val name = lmdb_value(kLmdbStateName), value{sizeof next, &next};
  if (const int rc = mdb_put(txn_, handles_.main, &name, &value, 0); rc != 0) {
    rollback();
    return failed(rc);
  }
  const int rc = mdb_txn_commit(std::exchange(txn_, nullptr));
  const bool with_sync = (flags_of(options_) & MDB_NOSYNC) == 0;
  if (rc == EIO && with_sync) return error{.code = errc::sync_failed};
  if (rc != 0) return failed(rc);
  state_ = next;
  syncs_ += with_sync ? 1 : 0;
  return {};
}

void lmdb_database::rollback() {
  if (txn_ != nullptr) mdb_txn_abort(std::exchange(txn_, nullptr));
}

result<void> lmdb_database::sync() {
  if (mdb_env_sync(handles_.env, 1) != 0) return error{.code = errc::sync_failed};
  ++syncs_;
  return {};
}

error lmdb_database::failed(int rc, std::uint64_t bytes) const {
  error e = lmdb_error(rc);
  if (e.code == errc::store_full) {
    e.expected = options_.memory_bytes_max;
    e.got = bytes;
  }
  return e;
}

}  // namespace copycost::event_store
