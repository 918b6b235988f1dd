// SPDX-License-Identifier: Apache-2.0
//
// The running term and index of one direction of etcd's append stream (msgappv2): what an elided append leaves out.
// Both ends keep one and change it alike, message by message.
//
// Threads: a value.
// Cost: some compares.
// Source: etcd 3.4, server/etcdserver/api/rafthttp/msgappv2_codec.go.
#pragma once
#include "scenarios/raft/wire/encode.h"
#include "scenarios/raft/wire/parse.h"
#include "scenarios/raft/wire/units.h"

namespace copycost::raft {

struct append_state {
  std::uint64_t from = 0, to = 0;     // fixed for a stream
  std::uint64_t term = 0, index = 0;  // of the latest entry

  // Whether the elided form says all that the message says. (etcd's encoder looks at term and index alone.)
  bool elides(const message_view& m) const {
    const message_head& h = m.head;
    return h.type == message_type::append && index == h.index && term == h.log_term && h.log_term == h.term &&
           h.from == from && h.to == to && says_no_more(m);
  }
  static bool says_no_more(const message_view& m) {
    const message_head& h = m.head;
    return !h.reject && h.reject_hint == 0 && h.vote == 0 && m.context.empty() && m.unknown.empty() &&
           (h.has & (bit(field::deprecated_priority) | bit(field::commit_term) | bit(field::priority))) == 0 &&
           m.snapshot.data.empty() && says_nothing(m.snapshot.conf_state) && m.snapshot.index == 0 &&
           m.snapshot.term == 0;
  }
  // No ConfState, or that of etcd 3.4 and 3.5 for no snapshot: auto_leave (field 5) is false.
  static bool says_nothing(bytes_view conf_state) { return conf_state.empty() || is_of_none(conf_state); }
  // Whether a link heartbeat says all that the message says. (etcd's encoder looks at type, from and to alone.)
  static bool is_link_heartbeat(const message_view& m) {
    const message_head& h = m.head;
    return h.type == message_type::heartbeat && (h.from | h.to | h.term | h.log_term | h.index | h.commit) == 0 &&
           m.entries.empty() && says_no_more(m);
  }
  void passed_elided(std::size_t entries) { index += entries; }
  void passed_full(const message_head& h, std::span<const entry_view> entries) {
    term = h.term;
    index = entries.empty() ? h.index : entries.back().index;
  }
};

// Bytes of the elided form's body: everything behind the first byte.
inline std::size_t elided_size(const message_view& m) {
  std::size_t n = 2 * kLengthBytes;
  for (const entry_view& e : m.entries) n += kLengthBytes + encoded_size(e, 0, {});
  return n;
}
template <class Writer>
void encode_elided(const message_view& m, Writer& w) {
  const auto put = [&](std::uint64_t v) {
    store_big(w.at, v);
    w.at += kLengthBytes;
  };
  put(m.entries.size());
  for (const entry_view& e : m.entries) {
    put(encoded_size(e, 0, {}));
    encode_entry(e, 0, {}, w);
  }
  put(m.head.commit);
}

// The message that an elided body stands for. REQUIRES: the scanner found it whole. Errors: as parse_message().
template <class Entries>
result<void> parse_elided(bytes_view in, std::uint64_t at, const wire_limits& l, const append_state& state,
                          message_parts& out, Entries& entries) {
  const std::uint64_t count = load_big(in.data());
  std::size_t position = kLengthBytes;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto size = static_cast<std::size_t>(load_big(in.data() + position));
    const bytes_view one = in.subspan(position + kLengthBytes, size);
    entry_view* const e = entries.add();
    if (e == nullptr) return error{errc::out_of_memory, at + position, 0, sizeof(entry_view)};
    if (!parse_entry_quickly(one.data(), one.data() + one.size(), *e)) {
      *e = {};
      const std::uint64_t place = at + position + kLengthBytes;
      if (auto ok = parse_entry_slowly(one, place, static_cast<std::uint32_t>(i), l, *e, out.unknown); !ok) return ok;
    }
    position += kLengthBytes + size;
  }
  message_head& h = out.view.head;
  h.type = message_type::append;
  h.from = state.from;
  h.to = state.to;
  h.term = h.log_term = state.term;
  h.index = state.index;
  h.commit = load_big(in.data() + position);
  h.has = fields_of(dialect::etcd, out.view) | (count != 0 ? bit(field::entries) : 0);
  out.view.entries = entries.view();
  out.view.unknown = out.unknown;
  return {};
}

}  // namespace copycost::raft
