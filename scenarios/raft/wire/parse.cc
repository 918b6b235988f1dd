// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/wire/parse.h"

namespace copycost::raft {
namespace {

result<void> number(const field_reader& r, const wire_field& f, std::uint64_t& out) {
  if (f.type != wire::kVarint) return r.wrong_type(f, wire::kVarint);
  out = f.value;
  return {};
}
result<void> bytes(const field_reader& r, const wire_field& f, bytes_view& out) {
  if (f.type != wire::kBytes) return r.wrong_type(f, wire::kBytes);
  out = f.bytes;
  return {};
}
// An enumeration, or a flag, of at most `last`.
result<void> small(const field_reader& r, const wire_field& f, std::uint64_t last, std::uint64_t& out) {
  if (auto ok = number(r, f, out); !ok) return ok;
  if (out > last) return error{errc::unknown_type, r.start(), last, out};
  return {};
}

// The latest field is an unknown one.
result<void> keep(const field_reader& r, std::uint32_t where, const wire_limits& l,
                  std::vector<unknown_field>& unknown) {
  if (unknown.size() >= l.unknown_fields)
    return error{errc::too_many_unknown_fields, r.start(), l.unknown_fields, unknown.size() + 1};
  unknown.push_back({where, r.whole()});
  return {};
}

result<void> parse_metadata(bytes_view in, std::uint64_t at, const wire_limits& l, snapshot_view& out,
                            std::vector<unknown_field>& unknown) {
  field_reader r(in, at);
  wire_field f;
  while (!r.at_end()) {
    if (auto ok = r.next(f); !ok) return ok;
    result<void> ok;
    switch (f.number) {
      case metadata_field::conf_state:
        if ((out.metadata_has & bit(metadata_field::conf_state)) != 0) return r.bad(f.number);  // not merged
        ok = bytes(r, f, out.conf_state);
        if (is_of_none(out.conf_state)) out.conf_state = kConfStateOfNone;
        break;
      case metadata_field::index:
        ok = number(r, f, out.index);
        break;
      case metadata_field::term:
        ok = number(r, f, out.term);
        break;
      default:
        if (ok = keep(r, unknown_field::kOfMetadata, l, unknown); !ok) return ok;
        continue;
    }
    if (!ok) return ok;
    out.metadata_has |= static_cast<std::uint8_t>(bit(f.number));
  }
  return {};
}

}  // namespace

result<void> parse_snapshot(bytes_view in, std::uint64_t at, const wire_limits& l, snapshot_view& out,
                            std::vector<unknown_field>& unknown) {
  field_reader r(in, at);
  wire_field f;
  while (!r.at_end()) {
    if (auto ok = r.next(f); !ok) return ok;
    if (f.number != snapshot_field::data && f.number != snapshot_field::metadata) {
      if (auto ok = keep(r, unknown_field::kOfSnapshot, l, unknown); !ok) return ok;
      continue;
    }
    if (f.type != wire::kBytes) return r.wrong_type(f, wire::kBytes);
    if (f.number == snapshot_field::data) {
      out.data = f.bytes;
    } else {
      if ((out.has & bit(snapshot_field::metadata)) != 0) return r.bad(f.number);  // not merged
      if (auto ok = parse_metadata(f.bytes, r.offset_of(f.bytes.data()), l, out, unknown); !ok) return ok;
    }
    out.has |= static_cast<std::uint8_t>(bit(f.number));
  }
  return {};
}

result<void> parse_entry_slowly(bytes_view in, std::uint64_t at, std::uint32_t index, const wire_limits& l,
                                entry_view& out, std::vector<unknown_field>& unknown) {
  field_reader r(in, at);
  wire_field f;
  while (!r.at_end()) {
    if (auto ok = r.next(f); !ok) return ok;
    result<void> ok;
    std::uint64_t value = 0;
    switch (f.number) {
      case entry_field::type:
        ok = small(r, f, 2, value);
        out.type = static_cast<entry_type>(value);
        break;
      case entry_field::term:
        ok = number(r, f, out.term);
        break;
      case entry_field::index:
        ok = number(r, f, out.index);
        break;
      case entry_field::data:
        ok = bytes(r, f, out.data);
        break;
      case entry_field::sync_log:
        ok = number(r, f, value);
        out.sync_log = value != 0;
        break;
      case entry_field::context:
        ok = bytes(r, f, out.context);
        break;
      default:
        if (ok = keep(r, index, l, unknown); !ok) return ok;
        continue;
    }
    if (!ok) return ok;
    out.has |= static_cast<std::uint8_t>(bit(f.number));
  }
  return {};
}

result<void> parse_field(const field_reader& r, const wire_field& f, const wire_limits& l, message_parts& out) {
  message_head& h = out.view.head;
  result<void> ok;
  std::uint64_t value = 0;
  switch (f.number) {
    case field::type:
      ok = small(r, f, kMessageTypes - 1, value);
      h.type = static_cast<message_type>(value);
      break;
    case field::to:
      ok = number(r, f, h.to);
      break;
    case field::from:
      ok = number(r, f, h.from);
      break;
    case field::term:
      ok = number(r, f, h.term);
      break;
    case field::log_term:
      ok = number(r, f, h.log_term);
      break;
    case field::index:
      ok = number(r, f, h.index);
      break;
    case field::commit:
      ok = number(r, f, h.commit);
      break;
    case field::snapshot:
      if (f.type != wire::kBytes) return r.wrong_type(f, wire::kBytes);
      if ((h.has & bit(field::snapshot)) != 0) return r.bad(f.number);
      ok = parse_snapshot(f.bytes, r.offset_of(f.bytes.data()), l, out.view.snapshot, out.unknown);
      break;
    case field::reject:
      ok = number(r, f, value);
      h.reject = value != 0;
      break;
    case field::reject_hint:
      ok = number(r, f, h.reject_hint);
      break;
    case field::context:
      ok = bytes(r, f, out.view.context);
      break;
    case field::vote:
      ok = number(r, f, h.vote);
      break;
    case field::deprecated_priority:
      if (f.type == wire::kBytes)  // etcd's `responses`: not for other members, but not lost either
        return keep(r, unknown_field::kOfMessage, l, out.unknown);
      ok = number(r, f, h.deprecated_priority);
      break;
    case field::commit_term:
      ok = number(r, f, h.commit_term);
      break;
    case field::priority:
      ok = number(r, f, h.priority);
      break;
    default:
      return keep(r, unknown_field::kOfMessage, l, out.unknown);
  }
  if (!ok) return ok;
  h.has |= bit(f.number);
  return {};
}

}  // namespace copycost::raft
