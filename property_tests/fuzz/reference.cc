// SPDX-License-Identifier: Apache-2.0
#include "property_tests/fuzz/reference.h"

#include <algorithm>
#include <cstring>

namespace copycost::raft::fuzz {
namespace {

struct item {
  std::uint64_t number = 0, type = 0, value = 0;
  bytes_view bytes, whole;
  std::uint64_t start = 0;  // offset of the tag
};

// One after the other; `left` begins at offset `at`.
struct cursor {
  bytes_view left;
  std::uint64_t at;

  bool byte(std::uint8_t& b) {
    if (left.empty()) return false;
    b = static_cast<std::uint8_t>(left[0]);
    left = left.subspan(1);
    ++at;
    return true;
  }
  bool varint(std::uint64_t& v) {
    v = 0;
    for (unsigned i = 0; i < 10; ++i) {
      std::uint8_t b = 0;
      if (!byte(b)) return false;
      if (i == 9 && b > 1) return false;  // over 64 bits
      v |= std::uint64_t{b & 0x7Fu} << (7 * i);
      if (b < 0x80) return true;
    }
    return false;
  }
  bool take(std::uint64_t n, bytes_view& out) {
    if (n > left.size()) return false;
    out = left.first(static_cast<std::size_t>(n));
    left = left.subspan(static_cast<std::size_t>(n));
    at += n;
    return true;
  }
  result<item> next() {
    item i{};
    i.start = at;
    const bytes_view before = left;
    std::uint64_t tag = 0;
    const auto bad = [&](std::uint64_t number) { return error{errc::malformed_message, i.start, 0, number}; };
    if (!varint(tag) || tag > 0xFFFFFFFF || tag >> 3 == 0) return bad(0);
    i.number = tag >> 3;
    i.type = tag & 7;
    bool there = false;
    if (i.type == 0) there = varint(i.value);
    if (i.type == 1) there = take(8, i.bytes);
    if (i.type == 2) there = varint(i.value) && take(i.value, i.bytes);
    if (i.type == 5) there = take(4, i.bytes);
    if (!there) return bad(i.number);
    i.whole = before.first(before.size() - left.size());
    return i;
  }
};

// What a field is: a number, an enumeration up to `last`, bytes.
enum class kind { number, small, bytes };
struct target {
  kind what;
  std::uint64_t* number = nullptr;
  bytes_view* bytes = nullptr;
  std::uint64_t last = 0;
};

result<void> store(const item& i, const target& t) {
  const std::uint64_t expected = t.what == kind::bytes ? 2 : 0;
  if (i.type != expected) return error{errc::wrong_wire_type, i.start, expected, i.type};
  if (t.what == kind::bytes)
    *t.bytes = i.bytes;
  else
    *t.number = i.value;
  if (t.what == kind::small && i.value > t.last) return error{errc::unknown_type, i.start, t.last, i.value};
  return {};
}
error twice(const item& i) { return {errc::malformed_message, i.start, 0, i.number}; }
std::uint64_t offset_of(const item& i) { return i.start + (i.whole.size() - i.bytes.size()); }

result<void> keep(const item& i, std::uint32_t where, const wire_limits& l, reference_message& out) {
  if (out.unknown.size() == l.unknown_fields)
    return error{errc::too_many_unknown_fields, i.start, l.unknown_fields, l.unknown_fields + 1};
  out.unknown.push_back({where, i.whole});
  return {};
}

result<void> entry(bytes_view in, std::uint64_t at, std::uint32_t index, const wire_limits& l, reference_message& out) {
  entry_view e;
  cursor c{in, at};
  std::uint64_t type = 0, sync = 0;
  while (!c.left.empty()) {
    auto i = c.next();
    if (!i) return i.error();
    target t{kind::number};
    if (i->number == 1)
      t = {kind::small, &type, nullptr, 2};
    else if (i->number == 2)
      t.number = &e.term;
    else if (i->number == 3)
      t.number = &e.index;
    else if (i->number == 4)
      t = {kind::bytes, nullptr, &e.data};
    else if (i->number == 5)
      t.number = &sync;
    else if (i->number == 6)
      t = {kind::bytes, nullptr, &e.context};
    else {
      if (auto ok = keep(*i, index, l, out); !ok) return ok;
      continue;
    }
    if (auto ok = store(*i, t); !ok) return ok;
    e.has = static_cast<std::uint8_t>(e.has | 1u << i->number);
  }
  e.type = static_cast<entry_type>(type);
  e.sync_log = sync != 0;
  out.entries.push_back(e);
  return {};
}

result<void> metadata(bytes_view in, std::uint64_t at, const wire_limits& l, reference_message& out) {
  cursor c{in, at};
  snapshot_view& s = out.snapshot;
  while (!c.left.empty()) {
    auto i = c.next();
    if (!i) return i.error();
    target t{kind::number};
    if (i->number == 1) {
      if ((s.metadata_has & 2) != 0) return twice(*i);
      t = {kind::bytes, nullptr, &s.conf_state};
    } else if (i->number == 2) {
      t.number = &s.index;
    } else if (i->number == 3) {
      t.number = &s.term;
    } else {
      if (auto ok = keep(*i, unknown_field::kOfMetadata, l, out); !ok) return ok;
      continue;
    }
    if (auto ok = store(*i, t); !ok) return ok;
    s.metadata_has = static_cast<std::uint8_t>(s.metadata_has | 1u << i->number);
  }
  return {};
}

result<void> snapshot(bytes_view in, std::uint64_t at, const wire_limits& l, reference_message& out) {
  cursor c{in, at};
  while (!c.left.empty()) {
    auto i = c.next();
    if (!i) return i.error();
    if (i->number > 2) {
      if (auto ok = keep(*i, unknown_field::kOfSnapshot, l, out); !ok) return ok;
      continue;
    }
    bytes_view held;
    if (auto ok = store(*i, {kind::bytes, nullptr, &held}); !ok) return ok;
    if (i->number == 2) {
      if ((out.snapshot.has & 4) != 0) return twice(*i);
      if (auto ok = metadata(held, offset_of(*i), l, out); !ok) return ok;
    } else {
      out.snapshot.data = held;
    }
    out.snapshot.has = static_cast<std::uint8_t>(out.snapshot.has | 1u << i->number);
  }
  return {};
}

}  // namespace

result<void> decode_plainly(bytes_view in, std::uint64_t at, const wire_limits& l, reference_message& out) {
  message_head& h = out.head;
  std::uint64_t type = 0, reject = 0;
  std::uint64_t* const numbers[17] = {nullptr,        nullptr,        &h.to,   &h.from,   &h.term,
                                      &h.log_term,    &h.index,       nullptr, &h.commit, nullptr,
                                      &reject,        &h.reject_hint, nullptr, &h.vote,   &h.deprecated_priority,
                                      &h.commit_term, &h.priority};
  cursor c{in, at};
  while (!c.left.empty()) {
    auto i = c.next();
    if (!i) return i.error();
    const bool responses = i->number == 14 && i->type == 2;
    if (i->number > 16 || responses) {
      if (auto ok = keep(*i, unknown_field::kOfMessage, l, out); !ok) return ok;
      continue;
    }
    target t{kind::number, numbers[i->number], nullptr, 0};
    bytes_view inner;
    if (i->number == 1) t = {kind::small, &type, nullptr, 23};
    if (i->number == 12) t = {kind::bytes, nullptr, &out.context};
    if (i->number == 7 || i->number == 9) t = {kind::bytes, nullptr, &inner};
    if (auto ok = store(*i, t); !ok) return ok;
    if (i->number == 7) {
      const std::size_t index = out.entries.size();
      if (index == l.entries) return error{errc::too_many_entries, i->start, l.entries, index + 1};
      if (auto ok = entry(inner, offset_of(*i), static_cast<std::uint32_t>(index), l, out); !ok) return ok;
    }
    if (i->number == 9) {
      if ((h.has >> 9 & 1) != 0) return twice(*i);
      if (auto ok = snapshot(inner, offset_of(*i), l, out); !ok) return ok;
    }
    h.has |= 1u << i->number;
  }
  h.type = static_cast<message_type>(type);
  h.reject = reject != 0;
  return {};
}

result<void> decode_elided_plainly(bytes_view in, std::uint64_t at, const wire_limits& l, reference_message& out,
                                   std::uint64_t& commit) {
  const auto big = [&] {
    std::uint64_t v = 0;
    for (unsigned i = 0; i < 8; ++i) v = v << 8 | static_cast<std::uint64_t>(in[i]);
    in = in.subspan(8);
    at += 8;
    return v;
  };
  for (std::uint64_t left = big(); left != 0; --left) {
    const std::uint64_t size = big();
    const auto index = static_cast<std::uint32_t>(out.entries.size());
    if (auto ok = entry(in.first(static_cast<std::size_t>(size)), at, index, l, out); !ok) return ok;
    in = in.subspan(static_cast<std::size_t>(size));
    at += size;
  }
  commit = big();
  return {};
}

namespace {

// The same bytes; where they lie is another question.
bool equal(bytes_view a, bytes_view b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace

bool same_but_head(const message_view& m, const reference_message& r) {
  const auto same_entry = [](const entry_view& a, const entry_view& b) {
    return a.term == b.term && a.index == b.index && a.type == b.type && a.sync_log == b.sync_log && a.has == b.has &&
           equal(a.data, b.data) && equal(a.context, b.context);
  };
  const auto same_unknown = [](const unknown_field& a, const unknown_field& b) {
    return a.where == b.where && equal(a.bytes, b.bytes);
  };
  const snapshot_view &s = m.snapshot, &t = r.snapshot;
  return std::equal(m.entries.begin(), m.entries.end(), r.entries.begin(), r.entries.end(), same_entry) &&
         std::equal(m.unknown.begin(), m.unknown.end(), r.unknown.begin(), r.unknown.end(), same_unknown) &&
         s.index == t.index && s.term == t.term && s.has == t.has && s.metadata_has == t.metadata_has &&
         equal(s.data, t.data) && equal(s.conf_state, t.conf_state) && equal(m.context, r.context);
}
bool same(const message_view& m, const reference_message& r) { return m.head == r.head && same_but_head(m, r); }

}  // namespace copycost::raft::fuzz
