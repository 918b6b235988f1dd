// SPDX-License-Identifier: Apache-2.0
//
// A message of raftpb in both dialects, as views: etcd's (proto2: scalars are always written) and raft-rs's (proto3: a
// scalar that is 0 is left out). Which fields a message has is part of it (`has`), so that what was decoded is encoded
// to the same bytes, in either dialect and in those of older versions. Nothing here copies payload.
//
// Lifetime: borrows: the bytes behind the spans have another owner.
// Threads: a value.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "scenarios/common/bytes.h"

namespace copycost::raft {

enum class message_type : std::uint8_t {
  hup,
  beat,
  propose,
  append,
  append_response,
  vote,
  vote_response,
  snapshot,
  heartbeat,
  heartbeat_response,
  unreachable,
  snap_status,
  check_quorum,
  transfer_leader,
  timeout_now,
  read_index,
  read_index_response,
  pre_vote,
  pre_vote_response,
  // The last five: etcd's.
  storage_append,
  storage_append_response,
  storage_apply,
  storage_apply_response,
  forget_leader
};
inline constexpr std::size_t kMessageTypes = 24;
// raftpb's names: "MsgHup", "MsgApp", ... VALID UNTIL: the program ends.
std::string_view name_of(message_type);
std::optional<message_type> type_named(std::string_view name);

enum class entry_type : std::uint8_t { normal, conf_change, conf_change_v2 };
enum class dialect : std::uint8_t { etcd, raft_rs };

// Bit n of a mask says that field n is there.
constexpr std::uint32_t bit(unsigned field) { return std::uint32_t{1} << field; }

// Numbers of the fields of raftpb.Message.
namespace field {
inline constexpr unsigned type = 1, to = 2, from = 3, term = 4, log_term = 5, index = 6, entries = 7, commit = 8,
                          snapshot = 9, reject = 10, reject_hint = 11, context = 12,
                          vote = 13,  // etcd; in raft-rs request_snapshot
    deprecated_priority = 14,         // raft-rs; etcd's `responses` never leave a member
    commit_term = 15, priority = 16;  // raft-rs
}  // namespace field

struct message_head {
  std::uint64_t to = 0, from = 0, term = 0, log_term = 0, index = 0, commit = 0, reject_hint = 0, vote = 0,
                deprecated_priority = 0, commit_term = 0, priority = 0;  // priority: an int64 in two's complement
  std::uint32_t has = 0;
  message_type type = message_type::hup;
  bool reject = false;
  friend bool operator==(const message_head&, const message_head&) = default;
};

namespace entry_field {
inline constexpr unsigned type = 1, term = 2, index = 3, data = 4, sync_log = 5, context = 6;  // the last two: raft-rs
}
struct entry_view {
  std::uint64_t term = 0, index = 0;
  bytes_view data, context;
  entry_type type = entry_type::normal;
  bool sync_log = false;
  std::uint8_t has = 0;
};

namespace snapshot_field {
inline constexpr unsigned data = 1, metadata = 2;
}
namespace metadata_field {
inline constexpr unsigned conf_state = 1, index = 2, term = 3;
}
struct snapshot_view {
  bytes_view data, conf_state;  // conf_state: as it was encoded (conf_state.h)
  std::uint64_t index = 0, term = 0;
  std::uint8_t has = 0, metadata_has = 0;
};

// A field that neither dialect has: kept as it came, tag included, and written behind the known ones. In a message's
// list, those of entries stand in the order of the entries.
struct unknown_field {
  static constexpr std::uint32_t kOfMessage = 0xFFFFFFFF, kOfSnapshot = 0xFFFFFFFE, kOfMetadata = 0xFFFFFFFD;
  std::uint32_t where = kOfMessage;  // or the index of an entry
  bytes_view bytes;
};

struct message_view {
  message_head head;
  std::span<const entry_view> entries;
  snapshot_view snapshot;
  bytes_view context;
  std::span<const unknown_field> unknown;
};

// Sets `has` as a writer of the dialect does: the scalars that etcd always writes, or those that are
// not 0; what has no bit in the dialect is left out. Snapshots: etcd before 3.6 writes an empty one; we do as 3.6 does.
std::uint32_t fields_of(dialect d, const message_view& m);
std::uint8_t fields_of(dialect d, const entry_view& e);

// The conf state in the empty snapshot that etcd before 3.6 writes into every message. A message that was read shows
// these two bytes and not the ones that came, so that a heartbeat refers to nothing and needs no owner.
inline constexpr std::array<std::byte, 2> kConfStateOfNone{std::byte{0x28}, std::byte{0}};
inline bool is_of_none(bytes_view conf_state) {
  return conf_state.size() == 2 && conf_state[0] == kConfStateOfNone[0] && conf_state[1] == kConfStateOfNone[1];
}

// Whether anything in it lies in the bytes that it was parsed from.
inline bool refers_to_bytes(const message_view& m) {
  const bytes_view conf_state = m.snapshot.conf_state;
  return !m.entries.empty() || !m.context.empty() || !m.snapshot.data.empty() || !m.unknown.empty() ||
         (!conf_state.empty() && conf_state.data() != kConfStateOfNone.data());
}
// Sum of the sizes of all entries' data.
std::uint64_t entry_bytes(const message_view& m);

}  // namespace copycost::raft
