// SPDX-License-Identifier: Apache-2.0
#include "impls/raft/common/protobuf_message.h"

namespace copycost::raft {
namespace {

bytes_view bytes_of(const std::string& s) { return std::as_bytes(std::span(s.data(), s.size())); }
const char* text(bytes_view v) { return reinterpret_cast<const char*>(v.data()); }
constexpr std::uint32_t when(bool there, unsigned number) { return there ? bit(number) : 0; }

entry_view view_of(const raftpb::Entry& e) {
  using namespace entry_field;
  entry_view v;
  v.type = static_cast<entry_type>(e.type());
  v.term = e.term();
  v.index = e.index();
  v.data = bytes_of(e.data());
  v.sync_log = e.sync_log();
  v.context = bytes_of(e.context());
  v.has = static_cast<std::uint8_t>(when(e.has_type(), type) | when(e.has_term(), term) |
                                    when(e.has_index(), entry_field::index) | when(e.has_data(), data) |
                                    when(e.has_sync_log(), sync_log) | when(e.has_context(), context));
  return v;
}

snapshot_view view_of(const raftpb::Snapshot& s) {
  const raftpb::SnapshotMetadata& m = s.metadata();
  snapshot_view v;
  v.data = bytes_of(s.data());
  v.conf_state = bytes_of(m.conf_state());
  v.index = m.index();
  v.term = m.term();
  v.has = static_cast<std::uint8_t>(when(s.has_data(), snapshot_field::data) |
                                    when(s.has_metadata(), snapshot_field::metadata));
  v.metadata_has =
      static_cast<std::uint8_t>(when(m.has_conf_state(), metadata_field::conf_state) |
                                when(m.has_index(), metadata_field::index) | when(m.has_term(), metadata_field::term));
  return v;
}

void append(std::string& to, bytes_view bytes) {
  to.append(text(bytes), bytes.size());  // not payload: unknown fields
}

// set_data() would make a string of its own first.
void set(std::string& to, bytes_view bytes) {
  // not payload: libprotobuf's copy, which the hooks see; a peer has no primitive witness
  to.assign(text(bytes), bytes.size());
}

void to_proto(const entry_view& e, raftpb::Entry& out) {
  using namespace entry_field;
  const std::uint32_t has = e.has;
  if ((has & bit(type)) != 0) out.set_type(static_cast<raftpb::EntryType>(e.type));
  if ((has & bit(term)) != 0) out.set_term(e.term);
  if ((has & bit(entry_field::index)) != 0) out.set_index(e.index);
  if ((has & bit(data)) != 0) set(*out.mutable_data(), e.data);
  if ((has & bit(sync_log)) != 0) out.set_sync_log(e.sync_log);
  if ((has & bit(context)) != 0) set(*out.mutable_context(), e.context);
}

void to_proto(const snapshot_view& s, raftpb::Snapshot& out) {
  if ((s.has & bit(snapshot_field::data)) != 0) set(*out.mutable_data(), s.data);
  if ((s.has & bit(snapshot_field::metadata)) == 0) return;
  raftpb::SnapshotMetadata& m = *out.mutable_metadata();
  if ((s.metadata_has & bit(metadata_field::conf_state)) != 0) set(*m.mutable_conf_state(), s.conf_state);
  if ((s.metadata_has & bit(metadata_field::index)) != 0) m.set_index(s.index);
  if ((s.metadata_has & bit(metadata_field::term)) != 0) m.set_term(s.term);
}

}  // namespace

message_view view_of(const raftpb::Message& m, std::vector<entry_view>& entries) {
  message_view v;
  message_head& h = v.head;
  h.type = static_cast<message_type>(m.type());
  h.to = m.to();
  h.from = m.from();
  h.term = m.term();
  h.log_term = m.log_term();
  h.index = m.index();
  h.commit = m.commit();
  h.reject = m.reject();
  h.reject_hint = m.reject_hint();
  h.vote = m.vote();
  h.deprecated_priority = m.deprecated_priority();
  h.commit_term = m.commit_term();
  h.priority = static_cast<std::uint64_t>(m.priority());
  h.has = when(m.has_type(), field::type) | when(m.has_to(), field::to) | when(m.has_from(), field::from) |
          when(m.has_term(), field::term) | when(m.has_log_term(), field::log_term) |
          when(m.has_index(), field::index) | when(m.entries_size() != 0, field::entries) |
          when(m.has_commit(), field::commit) | when(m.has_snapshot(), field::snapshot) |
          when(m.has_reject(), field::reject) | when(m.has_reject_hint(), field::reject_hint) |
          when(m.has_context(), field::context) | when(m.has_vote(), field::vote) |
          when(m.has_deprecated_priority(), field::deprecated_priority) |
          when(m.has_commit_term(), field::commit_term) | when(m.has_priority(), field::priority);
  entries.clear();
  for (const raftpb::Entry& e : m.entries()) entries.push_back(view_of(e));
  v.entries = entries;
  if (m.has_snapshot()) v.snapshot = view_of(m.snapshot());
  v.context = bytes_of(m.context());
  return v;
}

void to_proto(const message_view& m, raftpb::Message& out) {
  const message_head& h = m.head;
  const auto has = [&](unsigned number) { return (h.has & bit(number)) != 0; };
  if (has(field::type)) out.set_type(static_cast<raftpb::MessageType>(h.type));
  if (has(field::to)) out.set_to(h.to);
  if (has(field::from)) out.set_from(h.from);
  if (has(field::term)) out.set_term(h.term);
  if (has(field::log_term)) out.set_log_term(h.log_term);
  if (has(field::index)) out.set_index(h.index);
  for (const entry_view& e : m.entries) to_proto(e, *out.add_entries());
  if (has(field::commit)) out.set_commit(h.commit);
  if (has(field::snapshot)) to_proto(m.snapshot, *out.mutable_snapshot());
  if (has(field::reject)) out.set_reject(h.reject);
  if (has(field::reject_hint)) out.set_reject_hint(h.reject_hint);
  if (has(field::context)) set(*out.mutable_context(), m.context);
  if (has(field::vote)) out.set_vote(h.vote);
  if (has(field::deprecated_priority)) out.set_deprecated_priority(h.deprecated_priority);
  if (has(field::commit_term)) out.set_commit_term(h.commit_term);
  if (has(field::priority)) out.set_priority(static_cast<std::int64_t>(h.priority));
  for (const unknown_field& u : m.unknown) {
    if (u.where == unknown_field::kOfMessage)
      append(*out.mutable_unknown_fields(), u.bytes);
    else if (u.where == unknown_field::kOfSnapshot)
      append(*out.mutable_snapshot()->mutable_unknown_fields(), u.bytes);
    else if (u.where == unknown_field::kOfMetadata)
      append(*out.mutable_snapshot()->mutable_metadata()->mutable_unknown_fields(), u.bytes);
    else
      append(*out.mutable_entries(static_cast<int>(u.where))->mutable_unknown_fields(), u.bytes);
  }
}

void kept_unknown::keep(std::span<const unknown_field> from) {
  clear();
  bytes.reserve(from.size());
  for (const unknown_field& u : from) {
    append(bytes.emplace_back(), u.bytes);
    fields.push_back({u.where, bytes_of(bytes.back())});
  }
}

bool has_unknown(const raftpb::Message& m) {
  if (!m.unknown_fields().empty()) return true;
  if (m.has_snapshot() && (!m.snapshot().unknown_fields().empty() || !m.snapshot().metadata().unknown_fields().empty()))
    return true;
  for (const raftpb::Entry& e : m.entries())
    if (!e.unknown_fields().empty()) return true;
  return false;
}

}  // namespace copycost::raft
