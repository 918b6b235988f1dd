// SPDX-License-Identifier: Apache-2.0
//
// What a message is by the plain decoder (reference.h), and by what is known of streams without the decoder under test:
// how long heads are, and which term and index etcd's elided appends have. Lives for one run. Not thread-safe.
#pragma once
#include "property_tests/fuzz/arriving.h"
#include "property_tests/fuzz/recode.h"
#include "property_tests/fuzz/reference.h"
#include "scenarios/raft/contract.h"

namespace copycost::raft::fuzz {

// Bytes in front of the payload, by the bytes that came.
inline std::size_t head_bytes(wire_format format, const arrived& a, const arriving& in) {
  std::byte length[4];
  switch (a.kind) {
    case unit_kind::message:
      return format == wire_format::etcd_append ? 9 : 8;
    case unit_kind::elided:
    case unit_kind::link_heartbeat:
      return 1;
    case unit_kind::frame:
      break;
  }
  if (format == wire_format::native) return a.head.has_id() ? 40 : 24;
  in.fill(length, static_cast<std::size_t>(a.at), 4);
  std::size_t n = 0;
  for (const std::byte b : length) n = n << 8 | static_cast<std::size_t>(b);
  return 4 + n;
}

// Whether a reader may wait for more of the unit that begins at `at`, of which `there` bytes have come: not when a
// length or a count that it can read is over the limit.
inline bool may_wait(const inbox_options& o, const arriving& in, std::size_t at, std::size_t there) {
  std::byte raw[24];
  const std::size_t n = there < sizeof raw ? there : sizeof raw;
  in.fill(raw, at, n);
  const auto number = [&](std::size_t from, std::size_t size, bool big) {
    std::uint64_t v = 0;
    for (std::size_t i = 0; i < size; ++i)
      v = v << 8 | static_cast<std::uint64_t>(raw[big ? from + i : from + size - 1 - i]);
    return v;
  };
  const bool whole = o.stream_above == ~std::size_t{0};
  switch (o.format) {
    case wire_format::compat:
      if (n >= 4 && number(0, 4, true) > o.limit.header) return false;
      if (n < 13 || there < 4 + number(0, 4, true) || !whole || raw[8] != std::byte{0}) return true;
      return number(9, 4, false) <= o.limit.payload;
    case wire_format::native:
      return n < 24 || !whole || (raw[3] & std::byte{1}) != std::byte{0} || number(12, 4, false) <= o.limit.payload;
    case wire_format::etcd_message:
      return n < 8 || number(0, 8, true) <= o.limit.payload;
    case wire_format::etcd_append:
      break;
  }
  return n < 9 || number(1, 8, true) <= (raw[0] == kElided ? o.limit.entries : o.limit.payload);
}

inline void note_head(journal& to, const arrived& a, bool place = true) {
  if (place) {
    to.note(a.at << 8 | static_cast<std::uint64_t>(a.kind));
    to.note(a.head.payload_length);
  }
  to.note(std::uint64_t{a.head.stream} << 16 | std::uint64_t{a.head.flags} << 8 |
          static_cast<std::uint64_t>(a.head.type));
  if (a.head.has_id()) to.note(a.head.id.bytes);
}

template <class F>
void each_view(const message_view& m, const F& f) {
  f(m.context);
  f(m.snapshot.data);
  if (m.snapshot.conf_state.data() != kConfStateOfNone.data()) f(m.snapshot.conf_state);
  for (const entry_view& e : m.entries) {
    f(e.data);
    f(e.context);
  }
  for (const unknown_field& u : m.unknown) f(u.bytes);
}
// Whether every view lies in these bytes.
inline bool inside(const message_view& m, bytes_view all) {
  bool good = true;
  each_view(m, [&](bytes_view v) {
    good = good && (v.empty() || (v.data() >= all.data() && v.data() + v.size() <= all.data() + all.size()));
  });
  return good;
}
// Whether all views lie in some piece of that size.
inline bool close_together(const message_view& m, std::size_t size) {
  const std::byte *first = nullptr, *last = nullptr;
  each_view(m, [&](bytes_view v) {
    if (v.empty()) return;
    if (first == nullptr || v.data() < first) first = v.data();
    if (last == nullptr || v.data() + v.size() > last) last = v.data() + v.size();
  });
  return first == nullptr || static_cast<std::size_t>(last - first) <= size;
}

class second_opinion {
 public:
  void begin() { term_ = index_ = 0; }
  // `ok` and `m` are what an inbox answered for the unit, whose payload begins at offset `at`.
  void compare(const inbox_options& o, const arrived& a, std::uint64_t at, const result<void>& ok,
               const message_view& m) {
    const bool elided = a.kind == unit_kind::elided;
    plain_.clear();
    std::uint64_t commit = 0;
    const auto expected = elided ? decode_elided_plainly(a.payload, at, o.limit, plain_, commit)
                                 : decode_plainly(a.payload, at, o.limit, plain_);
    FUZZ_CHECK(ok.ok() == expected.ok(), "accepted and should not be, or the other way round");
    if (!expected) {
      FUZZ_CHECK(ok.error() == expected.error(), "another error than expected");
      return;
    }
    if (elided)
      FUZZ_CHECK(same_but_head(m, plain_) && is_next(o, m.head, commit), "another append than expected");
    else
      FUZZ_CHECK(same(m, plain_), "another message than expected");
    if (elided)
      index_ += m.entries.size();
    else
      term_ = m.head.term, index_ = m.entries.empty() ? m.head.index : m.entries.back().index;
    encoded_.clear();
    canonical_.check(note_encoded(m, encoded_), o.limit);
  }

 private:
  bool is_next(const inbox_options& o, const message_head& h, std::uint64_t commit) const {
    return h.type == message_type::append && h.from == o.from && h.to == o.to && h.term == term_ &&
           h.log_term == term_ && h.index == index_ && h.commit == commit && !h.reject && h.reject_hint == 0 &&
           h.vote == 0;
  }
  reference_message plain_;
  canonical canonical_;
  journal encoded_;
  std::uint64_t term_ = 0, index_ = 0;  // of an append stream
};

}  // namespace copycost::raft::fuzz
