// SPDX-License-Identifier: Apache-2.0
// The model itself: views of it, differences, and its encoding.
#include "scenarios/raft/oracle/oracle.h"

#include <fmt/format.h>

#include <algorithm>

namespace copycost::raft {
namespace {

byte_string owned(bytes_view v) { return {v.begin(), v.end()}; }
bytes_view lent(const byte_string& v) { return v; }

// "data: 3 bytes, expected 4", "data: byte 2 is 0x41, expected 0x42", or nothing.
std::string bytes_differ(std::string_view what, bytes_view got, const byte_string& expected) {
  if (got.size() != expected.size()) return fmt::format("{}: {} bytes, expected {}", what, got.size(), expected.size());
  const auto [a, b] = std::mismatch(got.begin(), got.end(), expected.begin());
  if (a == got.end()) return {};
  return fmt::format("{}: byte {} is {:#04x}, expected {:#04x}", what, a - got.begin(), static_cast<unsigned>(*a),
                     static_cast<unsigned>(*b));
}
template <class T>
std::string number_differs(std::string_view what, T got, T expected) {
  if (got == expected) return {};
  return fmt::format("{}: {}, expected {}", what, static_cast<std::uint64_t>(got),
                     static_cast<std::uint64_t>(expected));
}
std::string unknown_differs(std::string_view what, const std::vector<byte_string>& got,
                            const std::vector<byte_string>& expected) {
  if (got == expected) return {};
  return fmt::format("{}: unknown fields differ ({}, expected {})", what, got.size(), expected.size());
}
std::string first_of(std::initializer_list<std::string> all) {
  for (const std::string& one : all)
    if (!one.empty()) return one;
  return {};
}

std::string head_differs(const message_head& a, const message_head& b) {
  return first_of({number_differs("head: has", a.has, b.has), number_differs("type", a.type, b.type),
                   number_differs("to", a.to, b.to), number_differs("from", a.from, b.from),
                   number_differs("term", a.term, b.term), number_differs("log_term", a.log_term, b.log_term),
                   number_differs("index", a.index, b.index), number_differs("commit", a.commit, b.commit),
                   number_differs("reject", a.reject, b.reject),
                   number_differs("reject_hint", a.reject_hint, b.reject_hint), number_differs("vote", a.vote, b.vote),
                   number_differs("deprecated_priority", a.deprecated_priority, b.deprecated_priority),
                   number_differs("commit_term", a.commit_term, b.commit_term),
                   number_differs("priority", a.priority, b.priority)});
}
std::string entry_differs(std::size_t i, const model_entry& a, const model_entry& b) {
  const std::string of =
      first_of({number_differs("has", a.has, b.has), number_differs("type", a.type, b.type),
                number_differs("term", a.term, b.term), number_differs("index", a.index, b.index),
                bytes_differ("data", a.data, b.data), number_differs("sync_log", a.sync_log, b.sync_log),
                bytes_differ("context", a.context, b.context), unknown_differs("unknown", a.unknown, b.unknown)});
  return of.empty() ? of : fmt::format("entry {}: {}", i, of);
}
std::string snapshot_differs(const model_snapshot& a, const model_snapshot& b) {
  const std::string of =
      first_of({number_differs("has", a.has, b.has), number_differs("has of metadata", a.metadata_has, b.metadata_has),
                bytes_differ("data", a.data, b.data), bytes_differ("conf_state", a.conf_state, b.conf_state),
                number_differs("index", a.index, b.index), number_differs("term", a.term, b.term),
                unknown_differs("unknown", a.unknown, b.unknown),
                unknown_differs("metadata", a.metadata_unknown, b.metadata_unknown)});
  return of.empty() ? of : "snapshot: " + of;
}

}  // namespace

model_view::model_view(const model_message& m) {
  for (const model_entry& e : m.entries) {
    // fits: limited
    for (const byte_string& u : e.unknown) unknown_.push_back({static_cast<std::uint32_t>(entries_.size()), u});
    entries_.push_back({e.term, e.index, lent(e.data), lent(e.context), e.type, e.sync_log, e.has});
  }
  const model_snapshot& s = m.snapshot;
  for (const byte_string& u : s.metadata_unknown) unknown_.push_back({unknown_field::kOfMetadata, u});
  for (const byte_string& u : s.unknown) unknown_.push_back({unknown_field::kOfSnapshot, u});
  for (const byte_string& u : m.unknown) unknown_.push_back({unknown_field::kOfMessage, u});
  view_ = {m.head, entries_, {s.data, s.conf_state, s.index, s.term, s.has, s.metadata_has}, m.context, unknown_};
}

model_message model_of(const message_view& v) {
  model_message m;
  m.head = v.head;
  m.context = owned(v.context);
  for (const entry_view& e : v.entries)
    m.entries.push_back({e.term, e.index, owned(e.data), owned(e.context), e.type, e.sync_log, e.has, {}});
  const snapshot_view& s = v.snapshot;
  m.snapshot = {owned(s.data), owned(s.conf_state), s.index, s.term, s.has, s.metadata_has, {}, {}};
  for (const unknown_field& u : v.unknown) {
    if (u.where == unknown_field::kOfMessage)
      m.unknown.push_back(owned(u.bytes));
    else if (u.where == unknown_field::kOfSnapshot)
      m.snapshot.unknown.push_back(owned(u.bytes));
    else if (u.where == unknown_field::kOfMetadata)
      m.snapshot.metadata_unknown.push_back(owned(u.bytes));
    else
      m.entries.at(u.where).unknown.push_back(owned(u.bytes));
  }
  return m;
}

std::string difference(const message_view& view, const model_message& model) {
  const model_message got = model_of(view);
  if (std::string d = head_differs(got.head, model.head); !d.empty()) return d;
  if (got.entries.size() != model.entries.size())
    return fmt::format("{} entries, expected {}", got.entries.size(), model.entries.size());
  for (std::size_t i = 0; i < got.entries.size(); ++i)
    if (std::string d = entry_differs(i, got.entries[i], model.entries[i]); !d.empty()) return d;
  return first_of({snapshot_differs(got.snapshot, model.snapshot), bytes_differ("context", got.context, model.context),
                   unknown_differs("message", got.unknown, model.unknown)});
}

namespace oracle {
namespace {

void put(byte_string& out, std::uint64_t v) {
  for (; v >= 128; v /= 128) out.push_back(static_cast<std::byte>(v % 128 + 128));
  out.push_back(static_cast<std::byte>(v));
}
void put(byte_string& out, const byte_string& bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }
void number(byte_string& out, std::uint32_t has, unsigned field, std::uint64_t v) {
  if ((has >> field & 1u) == 0) return;
  put(out, std::uint64_t{field} * 8);
  put(out, v);
}
void bytes(byte_string& out, unsigned field, const byte_string& v) {
  put(out, std::uint64_t{field} * 8 + 2);
  put(out, std::uint64_t{v.size()});
  put(out, v);
}
bool there(std::uint32_t has, unsigned field) { return (has >> field & 1u) != 0; }

byte_string encode(const model_snapshot& s) {
  byte_string out;
  if (there(s.has, 1)) bytes(out, 1, s.data);
  if (there(s.has, 2)) {
    byte_string metadata;
    if (there(s.metadata_has, 1)) bytes(metadata, 1, s.conf_state);
    number(metadata, s.metadata_has, 2, s.index);
    number(metadata, s.metadata_has, 3, s.term);
    for (const byte_string& u : s.metadata_unknown) put(metadata, u);
    bytes(out, 2, metadata);
  }
  for (const byte_string& u : s.unknown) put(out, u);
  return out;
}

// A mask of the fields that are not 0 or empty.
class mask {
 public:
  mask& add(unsigned field, bool there) {
    if (there) bits_ |= std::uint32_t{1} << field;
    return *this;
  }
  std::uint32_t bits() const { return bits_; }

 private:
  std::uint32_t bits_ = 0;
};

}  // namespace

void speak(dialect d, model_message& m) {
  const bool etcd = d == dialect::etcd;  // scalars are written whatever they are
  message_head& h = m.head;
  if (etcd) h.deprecated_priority = h.commit_term = h.priority = 0;
  h.has = mask()
              .add(1, etcd || h.type != message_type::hup)
              .add(2, etcd || h.to != 0)
              .add(3, etcd || h.from != 0)
              .add(4, etcd || h.term != 0)
              .add(5, etcd || h.log_term != 0)
              .add(6, etcd || h.index != 0)
              .add(7, !m.entries.empty())
              .add(8, etcd || h.commit != 0)
              .add(9, m.snapshot.has != 0)
              .add(10, etcd || h.reject)
              .add(11, etcd || h.reject_hint != 0)
              .add(12, !m.context.empty())
              .add(13, h.vote != 0)
              .add(14, h.deprecated_priority != 0)
              .add(15, h.commit_term != 0)
              .add(16, h.priority != 0)
              .bits();
  for (model_entry& e : m.entries) {
    if (etcd) {
      e.sync_log = false;
      e.context.clear();
    }
    e.has = static_cast<std::uint8_t>(mask()
                                          .add(1, etcd || e.type != entry_type::normal)
                                          .add(2, etcd || e.term != 0)
                                          .add(3, etcd || e.index != 0)
                                          .add(4, !e.data.empty())
                                          .add(5, e.sync_log)
                                          .add(6, !e.context.empty())
                                          .bits());
  }
}

byte_string encode(const model_entry& e) {
  byte_string out;
  number(out, e.has, 1, static_cast<std::uint64_t>(e.type));
  number(out, e.has, 2, e.term);
  number(out, e.has, 3, e.index);
  if (there(e.has, 4)) bytes(out, 4, e.data);
  number(out, e.has, 5, e.sync_log ? 1 : 0);
  if (there(e.has, 6)) bytes(out, 6, e.context);
  for (const byte_string& u : e.unknown) put(out, u);
  return out;
}

byte_string encode(const model_message& m) {
  const message_head& h = m.head;
  byte_string out;
  number(out, h.has, 1, static_cast<std::uint64_t>(h.type));
  number(out, h.has, 2, h.to);
  number(out, h.has, 3, h.from);
  number(out, h.has, 4, h.term);
  number(out, h.has, 5, h.log_term);
  number(out, h.has, 6, h.index);
  for (const model_entry& e : m.entries) bytes(out, 7, encode(e));
  number(out, h.has, 8, h.commit);
  if (there(h.has, 9)) bytes(out, 9, encode(m.snapshot));
  number(out, h.has, 10, h.reject ? 1 : 0);
  number(out, h.has, 11, h.reject_hint);
  if (there(h.has, 12)) bytes(out, 12, m.context);
  number(out, h.has, 13, h.vote);
  number(out, h.has, 14, h.deprecated_priority);
  number(out, h.has, 15, h.commit_term);
  number(out, h.has, 16, h.priority);
  for (const byte_string& u : m.unknown) put(out, u);
  return out;
}

}  // namespace oracle
}  // namespace copycost::raft
