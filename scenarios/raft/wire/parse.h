// SPDX-License-Identifier: Apache-2.0
//
// raftpb.Message from bytes, in one pass and without a copy: what it finds are views of the input. Any bytes are safe
// to parse. Fields may come in any order; of a scalar that comes twice the last one counts; a second snapshot is
// refused (protobuf would merge it). Unknown fields are kept.
//
// Threads: a value; pure except for the containers that it fills.
// Cost: about a varint a field, whatever the sizes of the payloads.
#pragma once
#include <new>
#include <vector>

#include "scenarios/raft/wire/error.h"
#include "scenarios/raft/wire/limits.h"
#include "scenarios/raft/wire/message.h"
#include "scenarios/raft/wire/wire.h"

namespace copycost::raft {

// A field of a protobuf message as it lies in the input.
struct wire_field {
  unsigned number = 0, type = 0;
  std::uint64_t value = 0;  // of a varint or fixed number
  bytes_view bytes;         // of type kBytes
};

// Reads fields one after the other. VALID UNTIL: the input is gone.
class field_reader {
 public:
  // `at` is the offset of the input's first byte in the stream, for errors.
  field_reader(bytes_view in, std::uint64_t at)
      : begin_(in.data()), at_(begin_), end_(begin_ + in.size()), offset_(at) {}
  bool at_end() const { return at_ == end_; }
  // Errors: malformed_message.
  result<void> next(wire_field& f) {
    start_ = at_;
    std::uint64_t tag = 0;
    if (at_ != end_ && static_cast<std::uint8_t>(*at_) < 0x80)
      tag = static_cast<std::uint8_t>(*at_++);
    else if (!read(tag) || tag > 0xFFFFFFFF)
      return bad(0);
    f.number = static_cast<unsigned>(tag >> 3);
    f.type = static_cast<unsigned>(tag & 7);
    if (f.number == 0) return bad(0);
    switch (f.type) {
      case wire::kVarint:
        if (!read(f.value)) return bad(f.number);
        return {};
      case wire::kBytes: {
        std::uint64_t size = 0;
        if (!read(size) || size > static_cast<std::uint64_t>(end_ - at_)) return bad(f.number);
        f.bytes = {at_, static_cast<std::size_t>(size)};
        at_ += size;
        return {};
      }
      case wire::kFixed64:
        return skip(8, f.number);
      case wire::kFixed32:
        return skip(4, f.number);
      default:
        return bad(f.number);  // groups are no part of either dialect
    }
  }
  // Where the next field begins. VALID UNTIL: the input is gone.
  const std::byte* at() const { return at_; }
  const std::byte* end() const { return end_; }  // VALID UNTIL: as at()
  void go_to(const std::byte* at) { at_ = at; }
  // Of the latest field. VALID UNTIL: as the input.
  bytes_view whole() const { return {start_, static_cast<std::size_t>(at_ - start_)}; }
  std::uint64_t start() const { return offset_ + static_cast<std::uint64_t>(start_ - begin_); }
  std::uint64_t offset_of(const std::byte* p) const { return offset_ + static_cast<std::uint64_t>(p - begin_); }
  error bad(unsigned number) const { return {errc::malformed_message, start(), 0, number}; }
  error wrong_type(const wire_field& f, unsigned expected) const {
    return {errc::wrong_wire_type, start(), expected, f.type};
  }

 private:
  bool read(std::uint64_t& v) {
    const std::byte* const next = wire::get_varint(at_, end_, v);
    if (next == nullptr) return false;
    at_ = next;
    return true;
  }
  result<void> skip(std::ptrdiff_t n, unsigned number) {
    if (end_ - at_ < n) return bad(number);
    at_ += n;
    return {};
  }
  const std::byte *begin_, *at_, *end_;
  const std::byte* start_ = nullptr;
  std::uint64_t offset_;
};

// A message that is being read, and the memory of its unknown fields. Reused from message to message: clear() keeps the
// memory. When it is moved, the view goes on to be right.
struct message_parts {
  message_view view;
  std::vector<unknown_field> unknown;
  void clear() {
    view = {};
    unknown.clear();
  }
};

// Errors of all three: malformed_message, wrong_wire_type, unknown_type, too_many_unknown_fields.
result<void> parse_snapshot(bytes_view in, std::uint64_t at, const wire_limits& l, snapshot_view& out,
                            std::vector<unknown_field>& unknown);
result<void> parse_entry_slowly(bytes_view in, std::uint64_t at, std::uint32_t index, const wire_limits& l,
                                entry_view& out, std::vector<unknown_field>& unknown);
// A field of the message that is no entry.
result<void> parse_field(const field_reader& r, const wire_field& f, const wire_limits& l, message_parts& out);

// An entry as etcd and raft-rs write it: known fields in their order, each at most once. False: ask parse_entry_slowly.
inline bool parse_entry_quickly(const std::byte* at, const std::byte* end, entry_view& out) {
  using namespace wire;
  std::uint64_t value = 0;
  std::uint32_t has = 0;
  const auto is = [&](unsigned number, unsigned type) {
    return at != end && static_cast<std::uint8_t>(*at) == tag(number, type);
  };
  if (is(entry_field::type, kVarint)) {
    if (end - at < 2 || static_cast<std::uint8_t>(at[1]) > 2) return false;
    out.type = static_cast<entry_type>(at[1]);
    has |= bit(entry_field::type);
    at += 2;
  }
  if (is(entry_field::term, kVarint)) {
    if ((at = get_varint(at + 1, end, out.term)) == nullptr) return false;
    has |= bit(entry_field::term);
  }
  if (is(entry_field::index, kVarint)) {
    if ((at = get_varint(at + 1, end, out.index)) == nullptr) return false;
    has |= bit(entry_field::index);
  }
  if (is(entry_field::data, kBytes)) {
    if ((at = get_varint(at + 1, end, value)) == nullptr || value > static_cast<std::uint64_t>(end - at)) return false;
    out.data = {at, static_cast<std::size_t>(value)};
    has |= bit(entry_field::data);
    at += value;
  }
  out.has = static_cast<std::uint8_t>(has);
  return at == end;
}

namespace detail {
// Where parse_quickly() is. Everything is inlined, so that the place stays in a register.
struct quick_place {
  const std::byte *at, *end;
  std::uint32_t has;

  [[gnu::always_inline]] bool is(unsigned n, unsigned type) const {
    return end - at >= 2 && static_cast<std::uint8_t>(*at) == wire::tag(n, type);
  }
  [[gnu::always_inline]] void number(unsigned n, std::uint64_t& out) {
    if (!is(n, wire::kVarint)) return;
    std::uint64_t v = 0;
    const std::byte* const next = wire::get_varint(at + 1, end, v);
    if (next == nullptr) return;
    out = v;
    at = next;
    has |= bit(n);
  }
  template <class Set>
  [[gnu::always_inline]] void one_byte(unsigned n, std::uint8_t most, Set set) {
    if (!is(n, wire::kVarint) || static_cast<std::uint8_t>(at[1]) > most) return;
    set(static_cast<std::uint8_t>(at[1]));
    at += 2;
    has |= bit(n);
  }
};

// Entries, as many as are written as they should and have room. VALID UNTIL: the input is gone.
template <class Entries>
const std::byte* parse_entries_quickly(const std::byte* at, const std::byte* end, std::size_t room, Entries& entries) {
  for (; room != 0 && end - at >= 2 && static_cast<std::uint8_t>(*at) == wire::tag(field::entries, wire::kBytes);
       --room) {
    std::uint64_t size = 0;
    const std::byte* const begin = wire::get_varint(at + 1, end, size);
    if (begin == nullptr || size > static_cast<std::uint64_t>(end - begin)) break;
    entry_view* const e = entries.add();
    if (e == nullptr) break;
    if (!parse_entry_quickly(begin, begin + size, *e)) {
      entries.take_back();
      break;
    }
    at = begin + size;
  }
  return at;
}
}  // namespace detail

// Reads fields that are as etcd and raft-rs write them, one after the other by their numbers, as far as they are:
// entries, numbers and flags. Answers where it stopped, with nothing of the field there done: at the end, or for
// parse_field(). May be called again behind that. VALID UNTIL: the input is gone.
template <class Entries>
const std::byte* parse_quickly(const std::byte* at, const std::byte* end, std::size_t entries_max, message_head& h,
                               Entries& entries) {
  detail::quick_place p{at, end, h.has};
  p.one_byte(field::type, kMessageTypes - 1, [&](std::uint8_t v) { h.type = static_cast<message_type>(v); });
  p.number(field::to, h.to);
  p.number(field::from, h.from);
  p.number(field::term, h.term);
  p.number(field::log_term, h.log_term);
  p.number(field::index, h.index);
  p.at = detail::parse_entries_quickly(p.at, end, entries_max - entries.size(), entries);
  p.number(field::commit, h.commit);
  p.one_byte(field::reject, 1, [&](std::uint8_t v) { h.reject = v != 0; });
  p.number(field::reject_hint, h.reject_hint);
  h.has = p.has;
  return p.at;
}

// Fills `out` and `entries` (cleared by the caller) from one encoded message. Entries is a container of entry_view with
// size(), view(), `entry_view* add()`, which answers a fresh one, or null when there is no memory, and take_back().
// Errors: malformed_message, wrong_wire_type, unknown_type, too_many_entries, too_many_unknown_fields, out_of_memory;
// then both are half filled.
template <class Entries>
result<void> parse_message(bytes_view in, std::uint64_t at, const wire_limits& l, message_parts& out,
                           Entries& entries) {
  field_reader r(in, at);
  wire_field f;
  for (;;) {
    r.go_to(parse_quickly(r.at(), r.end(), l.entries, out.view.head, entries));
    if (r.at_end()) break;
    if (auto ok = r.next(f); !ok) return ok;
    if (f.number != field::entries) {
      if (auto ok = parse_field(r, f, l, out); !ok) return ok;
      continue;
    }
    if (f.type != wire::kBytes) return r.wrong_type(f, wire::kBytes);
    const std::size_t index = entries.size();
    if (index == l.entries) return error{errc::too_many_entries, r.start(), l.entries, index + 1};
    entry_view* const e = entries.add();
    if (e == nullptr) return error{errc::out_of_memory, r.start(), 0, sizeof(entry_view)};
    if (auto ok = parse_entry_slowly(f.bytes, r.offset_of(f.bytes.data()), static_cast<std::uint32_t>(index), l, *e,
                                     out.unknown);
        !ok)
      return ok;
  }
  if (entries.size() != 0) out.view.head.has |= bit(field::entries);
  out.view.entries = entries.view();
  out.view.unknown = out.unknown;
  return {};
}

// The container that most designs use.
struct entry_vector {
  std::vector<entry_view> list;
  std::size_t size() const { return list.size(); }
  std::span<const entry_view> view() const { return list; }  // VALID UNTIL: an entry is added
  entry_view* add() try { return &list.emplace_back(); } catch (const std::bad_alloc&) {
    return nullptr;
  }
  void take_back() { list.pop_back(); }  // the latest one
};

}  // namespace copycost::raft
