// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/lmdb/reading.h"

#include <algorithm>
#include <cstring>

namespace copycost::event_store {
namespace {

sequence number_in(const MDB_val& value) {
  sequence seq = 0;
  COPYCOST_REQUIRE(value.mv_size == sizeof seq && "the database is whole");
  std::memcpy(&seq, value.mv_data, sizeof seq);  // not payload: a number
  return seq;
}
bool succeeded(int rc) {
  COPYCOST_REQUIRE((rc == 0 || rc == MDB_NOTFOUND) && "the database can be read");
  return rc == 0;
}

result<lmdb_list> read_view(const lmdb_view& v, sequence after, std::size_t limit) {
  const auto from = behind(after, v.range());
  if (!from.ok()) return from.error();
  const sequence to = limited(from.value(), limit, v.range().end);
  const lmdb_part part{v.txn(), v.of(), from.value(), to, static_cast<std::size_t>(to - from.value()), {}};
  return lmdb_list(part);
}

result<lmdb_list> read_view_entity(const lmdb_view& v, std::string_view entity, sequence after, std::size_t limit) {
  const auto from = behind(after, v.range());
  if (!from.ok()) return from.error();
  if (entity.empty() || entity.size() > kNameMax) return error{.code = errc::entity_not_found};
  const lmdb_part part{v.txn(), v.of(), from.value(), v.range().end, limit, lmdb_key(entity)};
  MDB_val name = part.entity->value(), first{};
  if (const int rc = mdb_get(v.txn(), v.of().entities, &name, &first); rc != 0)
    return rc == MDB_NOTFOUND ? error{.code = errc::entity_not_found} : lmdb_error(rc);
  return lmdb_list(part);
}

}  // namespace

lmdb_pool::~lmdb_pool() {
  for (MDB_txn* const txn : idle_) mdb_txn_abort(txn);
}
result<MDB_txn*> lmdb_pool::take() {
  MDB_txn* txn = nullptr;
  if (idle_.empty()) {
    const int rc = mdb_txn_begin(of_.env, nullptr, MDB_RDONLY, &txn);
    if (rc != 0) return lmdb_error(rc);
    return txn;
  }
  txn = idle_.back();
  idle_.pop_back();
  if (const int rc = mdb_txn_renew(txn); rc != 0) {
    mdb_txn_abort(txn);
    return lmdb_error(rc);
  }
  return txn;
}
void lmdb_pool::give(MDB_txn* txn) {
  mdb_txn_reset(txn);
  idle_.push_back(txn);
}

lmdb_view::lmdb_view(std::shared_ptr<lmdb_pool> pool) : pool_(std::move(pool)) {
  const auto txn = pool_->take();
  if (!txn.ok()) {
    failed_ = txn.error();
    return;
  }
  const auto state = lmdb_read_state(txn.value(), pool_->of().main);
  if (!state.ok()) {
    failed_ = state.error();
    pool_->give(txn.value());
    return;
  }
  txn_ = txn.value();
  range_ = state->range();
}
lmdb_view::~lmdb_view() {
  if (txn_ != nullptr) pool_->give(txn_);
}

lmdb_walk::lmdb_walk(const lmdb_part& part) : part_(part), at_(part.from) {
  COPYCOST_REQUIRE(mdb_cursor_open(part.txn, part.of.records, &records_) == 0);
  if (part.entity) COPYCOST_REQUIRE(mdb_cursor_open(part.txn, part.of.entities, &entities_) == 0);
}
lmdb_walk::~lmdb_walk() {
  mdb_cursor_close(records_);
  if (entities_ != nullptr) mdb_cursor_close(entities_);
}

const std::byte* lmdb_walk::record(sequence seq, MDB_cursor_op op) {
  MDB_val key = lmdb_value(seq), value{};
  COPYCOST_REQUIRE(mdb_cursor_get(records_, &key, &value, op) == 0 && "the database is whole");
  const auto* const record = static_cast<const std::byte*>(value.mv_data);
  COPYCOST_REQUIRE(value.mv_size >= kRecordHeader && event_view(record).seq() == at_ &&
                   padded(event_view(record).size()) == value.mv_size && "the database is whole");
  return record;
}
const std::byte* lmdb_walk::next() {
  if (shown_ == part_.limit) return nullptr;
  if (entities_ != nullptr) return next_of_entity();
  const std::byte* const r = record(at_, shown_++ == 0 ? MDB_SET_KEY : MDB_NEXT);
  ++at_;
  return r;
}
const std::byte* lmdb_walk::next_of_entity() {
  MDB_val key = part_.entity->value(), value = lmdb_value(at_);
  if (!succeeded(mdb_cursor_get(entities_, &key, &value, shown_++ == 0 ? MDB_GET_BOTH_RANGE : MDB_NEXT_DUP)))
    return nullptr;
  at_ = number_in(value);
  return record(at_, MDB_SET_KEY);
}

std::size_t lmdb_list::size() const {
  if (!part_.entity) return part_.limit;
  if (part_.limit == 0) return 0;
  MDB_cursor* c = nullptr;
  COPYCOST_REQUIRE(mdb_cursor_open(part_.txn, part_.of.entities, &c) == 0);
  const std::unique_ptr<MDB_cursor, void (*)(MDB_cursor*)> closes(c, &mdb_cursor_close);
  MDB_val key = part_.entity->value(), value{};
  if (!succeeded(mdb_cursor_get(c, &key, &value, MDB_SET))) return 0;
  std::size_t count = 0;
  COPYCOST_REQUIRE(mdb_cursor_count(c, &count) == 0);
  if (number_in(value) >= part_.from) return std::min(count, part_.limit);
  sequence from = part_.from;
  key = part_.entity->value();
  value = lmdb_value(from);
  count = 0;
  for (MDB_cursor_op op = MDB_GET_BOTH_RANGE; count < part_.limit && succeeded(mdb_cursor_get(c, &key, &value, op));
       op = MDB_NEXT_DUP)
    ++count;
  return count;
}

result<lmdb_list> lmdb_snapshot::read(sequence after, std::size_t limit) const {
  if (const auto good = view_.good(); !good.ok()) return good.error();
  return read_view(view_, after, limit);
}
result<lmdb_list> lmdb_snapshot::read_entity(std::string_view entity, sequence after, std::size_t limit) const {
  if (const auto good = view_.good(); !good.ok()) return good.error();
  return read_view_entity(view_, entity, after, limit);
}

// What a list keeps is its own view; the part of it holds the transaction, which stays where it is.
result<lmdb_list> lmdb_reader::read(sequence after, std::size_t limit) {
  lmdb_view v(pool_);
  if (const auto good = v.good(); !good.ok()) return good.error();
  auto list = read_view(v, after, limit);
  if (!list.ok()) return list.error();
  return std::move(list).value().owning(std::move(v));
}
result<lmdb_list> lmdb_reader::read_entity(std::string_view entity, sequence after, std::size_t limit) {
  lmdb_view v(pool_);
  if (const auto good = v.good(); !good.ok()) return good.error();
  auto list = read_view_entity(v, entity, after, limit);
  if (!list.ok()) return list.error();
  return std::move(list).value().owning(std::move(v));
}

}  // namespace copycost::event_store
