// SPDX-License-Identifier: Apache-2.0
//
// raftpb.Message to bytes: fields by their numbers, those that `has` names, and the unknown ones behind them. Two
// passes: sizes, then bytes, so that nothing is moved afterwards.
//
// A writer is  struct { std::byte* at; void payload(bytes_view); }.  `at` is where the next byte goes, with room for
// what encoded_size() counts as inline, and wire::kSlack behind it; payload() copies or refers to entries' data,
// contexts and snapshots, as the design decides.
//
// Threads: safe on different writers; pure functions.
#pragma once
#include "harness/ledger/witness/counters.h"
#include "scenarios/raft/wire/error.h"
#include "scenarios/raft/wire/limits.h"
#include "scenarios/raft/wire/message.h"
#include "scenarios/raft/wire/wire.h"

namespace copycost::raft {

std::size_t encoded_size_with_unknown(const entry_view& e, std::uint32_t index, std::span<const unknown_field> unknown);
std::size_t encoded_size(const snapshot_view& s, std::span<const unknown_field> unknown);
std::size_t encoded_size_of_metadata(const snapshot_view& s, std::span<const unknown_field> unknown);

// What a writer refuses. Errors: too_many_entries, too_many_unknown_fields.
inline result<void> check_counts(const message_view& m, const wire_limits& l) {
  if (m.entries.size() > l.entries) return error{errc::too_many_entries, 0, l.entries, m.entries.size()};
  if (m.unknown.size() > l.unknown_fields)
    return error{errc::too_many_unknown_fields, 0, l.unknown_fields, m.unknown.size()};
  return {};
}

namespace detail {
inline std::size_t number_size(std::uint32_t has, unsigned field, std::uint64_t v) {
  return (has & bit(field)) != 0 ? (field < 16 ? 1 : 2) + wire::varint_size(v) : 0;
}
inline std::size_t bytes_size(std::uint32_t has, unsigned field, std::size_t n) {
  return (has & bit(field)) != 0 ? 1 + wire::varint_size(n) + n : 0;
}
// VALID UNTIL: the writer's room is.
inline std::byte* put_number(std::byte* at, std::uint32_t has, unsigned field, std::uint64_t v) {
  if ((has & bit(field)) == 0) return at;
  return wire::put_varint(wire::put_tag(at, field, wire::kVarint), v);
}
template <class Writer>
void put_payload(Writer& w, std::uint32_t has, unsigned field, bytes_view bytes) {
  if ((has & bit(field)) == 0) return;
  w.at = wire::put_varint(wire::put_tag(w.at, field, wire::kBytes), bytes.size());
  w.payload(bytes);
}
// Bytes that are no payload: as they came.
template <class Writer>
void put_raw(Writer& w, bytes_view bytes) {
  if (bytes.empty()) return;
  std::memcpy(w.at, bytes.data(), bytes.size());
  w.at += bytes.size();
}
template <class Writer>
void put_unknown(Writer& w, std::uint32_t where, std::span<const unknown_field> unknown) {
  for (const unknown_field& u : unknown)
    if (u.where == where) put_raw(w, u.bytes);
}
}  // namespace detail

// The unknown fields of entry 0, of entry 1, and so on, in one pass: a stranger may send very many of both.
class unknown_of_entries {
 public:
  explicit unknown_of_entries(std::span<const unknown_field> all) : rest_(all) {}
  // VALID UNTIL: the list is changed.
  std::span<const unknown_field> next(std::uint32_t index) {
    if (rest_.empty()) [[likely]]
      return {};
    std::size_t first = 0, end = 0;
    while (first < rest_.size() && rest_[first].where != index && !later(rest_[first].where, index)) ++first;
    for (end = first; end < rest_.size() && rest_[end].where == index;) ++end;
    const auto mine = rest_.subspan(first, end - first);
    rest_ = rest_.subspan(end);
    return mine;
  }

 private:
  static bool later(std::uint32_t where, std::uint32_t index) {
    return where > index && where < unknown_field::kOfMetadata;
  }
  std::span<const unknown_field> rest_;
};

inline std::size_t encoded_size(const entry_view& e, std::uint32_t index, std::span<const unknown_field> unknown) {
  using namespace entry_field;
  if (!unknown.empty()) [[unlikely]]
    return encoded_size_with_unknown(e, index, unknown);
  const std::uint32_t has = e.has;
  std::size_t n = ((has & bit(type)) != 0 ? 2u : 0u) + detail::number_size(has, term, e.term) +
                  detail::number_size(has, entry_field::index, e.index) + detail::bytes_size(has, data, e.data.size());
  if ((has & (bit(sync_log) | bit(context))) != 0)
    n += ((has & bit(sync_log)) != 0 ? 2u : 0u) + detail::bytes_size(has, context, e.context.size());
  return n;
}

// Bytes of the encoded message.
inline std::size_t encoded_size(const message_view& m) {
  const message_head& h = m.head;
  const std::uint32_t has = h.has;
  std::size_t n =
      ((has & bit(field::type)) != 0 ? 2u : 0u) + ((has & bit(field::reject)) != 0 ? 2u : 0u) +
      detail::number_size(has, field::to, h.to) + detail::number_size(has, field::from, h.from) +
      detail::number_size(has, field::term, h.term) + detail::number_size(has, field::log_term, h.log_term) +
      detail::number_size(has, field::index, h.index) + detail::number_size(has, field::commit, h.commit) +
      detail::number_size(has, field::reject_hint, h.reject_hint) +
      detail::bytes_size(has, field::context, m.context.size()) + detail::number_size(has, field::vote, h.vote);
  std::uint32_t i = 0;
  unknown_of_entries unknown(m.unknown);
  for (const entry_view& e : m.entries) {
    const std::size_t size = encoded_size(e, i, unknown.next(i));
    ++i;
    n += 1 + wire::varint_size(size) + size;
  }
  if ((has & bit(field::snapshot)) != 0) {
    const std::size_t size = encoded_size(m.snapshot, m.unknown);
    n += 1 + wire::varint_size(size) + size;
  }
  if (has >= bit(field::deprecated_priority))
    n += detail::number_size(has, field::deprecated_priority, h.deprecated_priority) +
         detail::number_size(has, field::commit_term, h.commit_term) +
         detail::number_size(has, field::priority, h.priority);
  for (const unknown_field& u : m.unknown)
    if (u.where == unknown_field::kOfMessage) n += u.bytes.size();
  return n;
}

template <class Writer>
void encode_entry(const entry_view& e, std::uint32_t index, std::span<const unknown_field> unknown, Writer& w) {
  using namespace entry_field;
  const std::uint32_t has = e.has;
  if ((has & bit(type)) != 0) {
    w.at = wire::put_tag(w.at, type, wire::kVarint);
    *w.at++ = static_cast<std::byte>(e.type);
  }
  w.at = detail::put_number(w.at, has, term, e.term);
  w.at = detail::put_number(w.at, has, entry_field::index, e.index);
  detail::put_payload(w, has, data, e.data);
  w.at = detail::put_number(w.at, has, sync_log, e.sync_log ? 1 : 0);
  detail::put_payload(w, has, context, e.context);
  if (!unknown.empty()) [[unlikely]]
    detail::put_unknown(w, index, unknown);
}

template <class Writer>
void encode_snapshot(const snapshot_view& s, std::span<const unknown_field> unknown, Writer& w) {
  detail::put_payload(w, s.has, snapshot_field::data, s.data);
  if ((s.has & bit(snapshot_field::metadata)) != 0) {
    w.at = wire::put_varint(wire::put_tag(w.at, snapshot_field::metadata, wire::kBytes),
                            encoded_size_of_metadata(s, unknown));
    if ((s.metadata_has & bit(metadata_field::conf_state)) != 0) {
      w.at = wire::put_varint(wire::put_tag(w.at, metadata_field::conf_state, wire::kBytes), s.conf_state.size());
      detail::put_raw(w, s.conf_state);
    }
    w.at = detail::put_number(w.at, s.metadata_has, metadata_field::index, s.index);
    w.at = detail::put_number(w.at, s.metadata_has, metadata_field::term, s.term);
    detail::put_unknown(w, unknown_field::kOfMetadata, unknown);
  }
  detail::put_unknown(w, unknown_field::kOfSnapshot, unknown);
}

// COPIES: what w.payload() copies.
template <class Writer>
void encode_message(const message_view& m, Writer& w) {
  const message_head& h = m.head;
  const std::uint32_t has = h.has;
  if ((has & bit(field::type)) != 0) {
    w.at = wire::put_tag(w.at, field::type, wire::kVarint);
    *w.at++ = static_cast<std::byte>(h.type);
  }
  w.at = detail::put_number(w.at, has, field::to, h.to);
  w.at = detail::put_number(w.at, has, field::from, h.from);
  w.at = detail::put_number(w.at, has, field::term, h.term);
  w.at = detail::put_number(w.at, has, field::log_term, h.log_term);
  w.at = detail::put_number(w.at, has, field::index, h.index);
  std::uint32_t i = 0;
  unknown_of_entries unknown(m.unknown);
  for (const entry_view& e : m.entries) {
    const auto its = unknown.next(i);
    w.at = wire::put_varint(wire::put_tag(w.at, field::entries, wire::kBytes), encoded_size(e, i, its));
    encode_entry(e, i++, its, w);
  }
  w.at = detail::put_number(w.at, has, field::commit, h.commit);
  if ((has & bit(field::snapshot)) != 0) {
    w.at = wire::put_varint(wire::put_tag(w.at, field::snapshot, wire::kBytes), encoded_size(m.snapshot, m.unknown));
    encode_snapshot(m.snapshot, m.unknown, w);
  }
  w.at = detail::put_number(w.at, has, field::reject, h.reject ? 1 : 0);
  w.at = detail::put_number(w.at, has, field::reject_hint, h.reject_hint);
  detail::put_payload(w, has, field::context, m.context);
  if (has >= bit(field::vote)) {
    w.at = detail::put_number(w.at, has, field::vote, h.vote);
    w.at = detail::put_number(w.at, has, field::deprecated_priority, h.deprecated_priority);
    w.at = detail::put_number(w.at, has, field::commit_term, h.commit_term);
    if ((has & bit(field::priority)) != 0) {  // the only tag of two bytes
      w.at = wire::put_varint(w.at, field::priority << 3 | wire::kVarint);
      w.at = wire::put_varint(w.at, h.priority);
    }
  }
  if (!m.unknown.empty()) [[unlikely]]
    detail::put_unknown(w, unknown_field::kOfMessage, m.unknown);
}

// Copies every payload behind what was written: one piece of bytes. COPIES: all of it.
struct flat_writer {
  std::byte* at;
  void payload(bytes_view bytes) {
    counted_copy(at, bytes.data(), bytes.size());
    at += bytes.size();
  }
};

}  // namespace copycost::raft
