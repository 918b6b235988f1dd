// SPDX-License-Identifier: Apache-2.0
#include "impls/event_store/lmdb/schema.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "harness/base/check.h"
#include "harness/base/sha256.h"

namespace copycost::event_store {

lmdb_key::lmdb_key(std::string_view entity) : size_(entity.size()) {
  if (entity.size() < bytes_.size()) {
    std::ranges::copy(entity, bytes_.begin());  // not payload: a name
    return;
  }
  sha256 whole;
  whole.add(entity);
  const std::string digest = whole.hex();
  size_ = bytes_.size();
  const std::size_t front = size_ - digest.size();
  std::copy_n(entity.begin(), front, bytes_.begin());                              // not payload: a name
  std::ranges::copy(digest, bytes_.begin() + static_cast<std::ptrdiff_t>(front));  // not payload: a digest
}

error lmdb_error(int rc) {
  COPYCOST_ASSERT(rc != 0);
  switch (rc) {
    case MDB_MAP_FULL:
    case MDB_TXN_FULL:
    case MDB_READERS_FULL:
      return {.code = errc::store_full};
    case MDB_INVALID:
      return {.code = errc::foreign_file};
    case MDB_VERSION_MISMATCH:
      return {.code = errc::unsupported_version, .expected = kLmdbFormat};
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_PANIC:
    case MDB_INCOMPATIBLE:
    case MDB_NOTFOUND:  // of what must be there
      return {.code = errc::corrupt_record};
    case ENOSPC:
    case EDQUOT:
      return {.code = errc::disk_full};
    default:
      return {.code = errc::io_failed, .got = static_cast<std::uint64_t>(rc > 0 ? rc : -rc)};
  }
}

result<lmdb_state> lmdb_read_state(MDB_txn* txn, MDB_dbi main) {
  MDB_val name = lmdb_value(kLmdbStateName), value{};
  const int rc = mdb_get(txn, main, &name, &value);
  if (rc == MDB_NOTFOUND) return error{.code = errc::foreign_file};  // a database, and nothing of ours in it
  if (rc != 0) return lmdb_error(rc);
  lmdb_state s;
  if (value.mv_size < sizeof s.format) return error{.code = errc::corrupt_record};
  std::memcpy(&s.format, value.mv_data, sizeof s.format);  // not payload: the format's number
  if (s.format != kLmdbFormat)
    return error{.code = errc::unsupported_version, .expected = kLmdbFormat, .got = s.format};
  if (value.mv_size != sizeof s) return error{.code = errc::corrupt_record};
  std::memcpy(&s, value.mv_data, sizeof s);  // not payload: the state
  return s;
}

}  // namespace copycost::event_store
