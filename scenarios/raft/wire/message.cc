// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/wire/message.h"

namespace copycost::raft {
namespace {

constexpr std::string_view kNames[kMessageTypes] = {"MsgHup",
                                                    "MsgBeat",
                                                    "MsgProp",
                                                    "MsgApp",
                                                    "MsgAppResp",
                                                    "MsgVote",
                                                    "MsgVoteResp",
                                                    "MsgSnap",
                                                    "MsgHeartbeat",
                                                    "MsgHeartbeatResp",
                                                    "MsgUnreachable",
                                                    "MsgSnapStatus",
                                                    "MsgCheckQuorum",
                                                    "MsgTransferLeader",
                                                    "MsgTimeoutNow",
                                                    "MsgReadIndex",
                                                    "MsgReadIndexResp",
                                                    "MsgPreVote",
                                                    "MsgPreVoteResp",
                                                    "MsgStorageAppend",
                                                    "MsgStorageAppendResp",
                                                    "MsgStorageApply",
                                                    "MsgStorageApplyResp",
                                                    "MsgForgetLeader"};

constexpr std::uint32_t when(bool there, unsigned number) { return there ? bit(number) : 0; }

}  // namespace

std::string_view name_of(message_type t) { return kNames[static_cast<std::size_t>(t)]; }

std::optional<message_type> type_named(std::string_view name) {
  for (std::size_t i = 0; i < kMessageTypes; ++i)
    if (kNames[i] == name) return static_cast<message_type>(i);
  return std::nullopt;
}

std::uint32_t fields_of(dialect d, const message_view& m) {
  const message_head& h = m.head;
  const std::uint32_t both = when(!m.entries.empty(), field::entries) | when(m.snapshot.has != 0, field::snapshot);
  if (d == dialect::etcd)
    return both | when(!m.context.empty(), field::context) | when(h.vote != 0, field::vote) | bit(field::type) |
           bit(field::to) | bit(field::from) | bit(field::term) | bit(field::log_term) | bit(field::index) |
           bit(field::commit) | bit(field::reject) | bit(field::reject_hint);
  return both | when(h.type != message_type::hup, field::type) | when(h.to != 0, field::to) |
         when(h.from != 0, field::from) | when(h.term != 0, field::term) | when(h.log_term != 0, field::log_term) |
         when(h.index != 0, field::index) | when(h.commit != 0, field::commit) | when(h.reject, field::reject) |
         when(h.reject_hint != 0, field::reject_hint) | when(!m.context.empty(), field::context) |
         when(h.vote != 0, field::vote) | when(h.deprecated_priority != 0, field::deprecated_priority) |
         when(h.commit_term != 0, field::commit_term) | when(h.priority != 0, field::priority);
}

std::uint8_t fields_of(dialect d, const entry_view& e) {
  using namespace entry_field;
  const std::uint32_t data_there = when(!e.data.empty(), data);
  if (d == dialect::etcd) return static_cast<std::uint8_t>(data_there | bit(type) | bit(term) | bit(index));
  return static_cast<std::uint8_t>(data_there | when(e.type != entry_type::normal, type) | when(e.term != 0, term) |
                                   when(e.index != 0, index) | when(e.sync_log, sync_log) |
                                   when(!e.context.empty(), context));
}

std::uint64_t entry_bytes(const message_view& m) {
  std::uint64_t sum = 0;
  for (const entry_view& e : m.entries) sum += e.data.size();
  return sum;
}

}  // namespace copycost::raft
