// SPDX-License-Identifier: Apache-2.0
// Decoding of one message, field by field as protobuf's encoding is described. Decisions of ours: README, "What the
// decoder decides".
#include "scenarios/raft/oracle/oracle.h"

namespace copycost::raft::oracle {
namespace {

struct one_field {
  std::uint64_t at = 0, number = 0, type = 0;
  std::uint64_t value = 0;       // of a varint
  std::uint64_t content_at = 0;  // of bytes
  byte_string bytes, whole;      // what it carries, and all of it
};

// Cuts bytes into fields.
class cutter {
 public:
  cutter(bytes_view in, std::uint64_t at) : in_(in), base_(at) {}
  bool at_end() const { return position_ == in_.size(); }
  result<one_field> next() {
    one_field f;
    const std::size_t begin = position_;
    f.at = base_ + begin;
    std::uint64_t tag = 0;
    if (!varint(tag) || tag >= std::uint64_t{1} << 32 || tag / 8 == 0) return bad(f.at, 0);
    f.number = tag / 8;
    f.type = tag % 8;
    if (f.type == 0) {
      if (!varint(f.value)) return bad(f.at, f.number);
    } else if (f.type == 1 || f.type == 5) {
      if (!take(f.type == 1 ? 8 : 4, f.bytes)) return bad(f.at, f.number);
    } else if (f.type == 2) {
      std::uint64_t size = 0;
      if (!varint(size)) return bad(f.at, f.number);
      f.content_at = base_ + position_;
      if (!take(size, f.bytes)) return bad(f.at, f.number);
    } else {
      return bad(f.at, f.number);
    }
    for (std::size_t i = begin; i < position_; ++i) f.whole.push_back(in_[i]);
    return f;
  }
  static error bad(std::uint64_t at, std::uint64_t number) { return {errc::malformed_message, at, 0, number}; }

 private:
  bool varint(std::uint64_t& v) {
    v = 0;
    for (unsigned i = 0; i < 10; ++i) {
      if (position_ == in_.size()) return false;
      const auto b = static_cast<std::uint64_t>(in_[position_++]);
      if (i == 9 && b > 1) return false;  // more than 64 bits
      v += (b % 128) << (7 * i);
      if (b < 128) return true;
    }
    return false;
  }
  bool take(std::uint64_t n, byte_string& out) {
    if (n > in_.size() - position_) return false;
    for (; n != 0; --n) out.push_back(in_[position_++]);
    return true;
  }
  bytes_view in_;
  std::uint64_t base_;
  std::size_t position_ = 0;
};

// Whether the field is of the wire type that it must have.
result<void> typed(const one_field& f, unsigned expected) {
  if (f.type != expected) return error{errc::wrong_wire_type, f.at, expected, f.type};
  return {};
}
result<void> at_most(const one_field& f, std::uint64_t last) {
  if (f.type == 0 && f.value > last) return error{errc::unknown_type, f.at, last, f.value};
  return {};
}

result<void> decode_metadata(bytes_view in, std::uint64_t at, unknown_counter& unknown, model_snapshot& s) {
  for (cutter c(in, at); !c.at_end();) {
    const auto f = c.next();
    if (!f) return f.error();
    const one_field& g = f.value();
    if (g.number < 1 || g.number > 3) {
      if (auto ok = unknown.one_at(g.at); !ok) return ok;
      s.metadata_unknown.push_back(g.whole);
      continue;
    }
    if (g.number == 1 && (s.metadata_has & 2) != 0) return cutter::bad(g.at, 1);
    if (auto ok = typed(g, g.number == 1 ? 2 : 0); !ok) return ok;
    if (g.number == 1) s.conf_state = g.bytes;
    if (g.number == 2) s.index = g.value;
    if (g.number == 3) s.term = g.value;
    s.metadata_has = static_cast<std::uint8_t>(s.metadata_has | 1u << g.number);
  }
  return {};
}

result<model_snapshot> decode_snapshot(bytes_view in, std::uint64_t at, unknown_counter& unknown) {
  model_snapshot s;
  for (cutter c(in, at); !c.at_end();) {
    const auto f = c.next();
    if (!f) return f.error();
    const one_field& g = f.value();
    if (g.number < 1 || g.number > 2) {
      if (auto ok = unknown.one_at(g.at); !ok) return ok.error();
      s.unknown.push_back(g.whole);
      continue;
    }
    if (auto ok = typed(g, 2); !ok) return ok.error();
    if (g.number == 1) {
      s.data = g.bytes;
    } else {
      if ((s.has & 4) != 0) return cutter::bad(g.at, 2);
      if (auto ok = decode_metadata(g.bytes, g.content_at, unknown, s); !ok) return ok.error();
    }
    s.has = static_cast<std::uint8_t>(s.has | 1u << g.number);
  }
  return s;
}

// A field of the message that is a number.
result<void> decode_number(const one_field& f, message_head& h) {
  std::uint64_t* const places[17] = {nullptr,        nullptr,        &h.to,   &h.from,   &h.term,
                                     &h.log_term,    &h.index,       nullptr, &h.commit, nullptr,
                                     nullptr,        &h.reject_hint, nullptr, &h.vote,   &h.deprecated_priority,
                                     &h.commit_term, &h.priority};
  if (auto ok = typed(f, 0); !ok) return ok;
  if (f.number == 1) {
    if (auto ok = at_most(f, kMessageTypes - 1); !ok) return ok;
    h.type = static_cast<message_type>(f.value);
  } else if (f.number == 10) {
    h.reject = f.value != 0;
  } else {
    *places[f.number] = f.value;
  }
  return {};
}

result<void> decode_field(const one_field& f, const wire_limits& l, unknown_counter& unknown, model_message& m) {
  const bool responses = f.number == 14 && f.type == 2;  // etcd's, which no other member should see
  if (f.number > 16 || responses) {
    if (auto ok = unknown.one_at(f.at); !ok) return ok;
    m.unknown.push_back(f.whole);
    return {};
  }
  if (f.number == 7) {
    if (auto ok = typed(f, 2); !ok) return ok;
    if (m.entries.size() == l.entries) return error{errc::too_many_entries, f.at, l.entries, l.entries + 1};
    auto e = decode_entry(f.bytes, f.content_at, unknown);
    if (!e) return e.error();
    m.entries.push_back(std::move(e).value());
  } else if (f.number == 9) {
    if (auto ok = typed(f, 2); !ok) return ok;
    if ((m.head.has >> 9 & 1u) != 0) return cutter::bad(f.at, 9);
    auto s = decode_snapshot(f.bytes, f.content_at, unknown);
    if (!s) return s.error();
    m.snapshot = std::move(s).value();
  } else if (f.number == 12) {
    if (auto ok = typed(f, 2); !ok) return ok;
    m.context = f.bytes;
  } else if (auto ok = decode_number(f, m.head); !ok) {
    return ok;
  }
  m.head.has |= 1u << f.number;
  return {};
}

}  // namespace

result<model_entry> decode_entry(bytes_view in, std::uint64_t at, unknown_counter& unknown) {
  model_entry e;
  for (cutter c(in, at); !c.at_end();) {
    const auto f = c.next();
    if (!f) return f.error();
    const one_field& g = f.value();
    if (g.number > 6) {
      if (auto ok = unknown.one_at(g.at); !ok) return ok.error();
      e.unknown.push_back(g.whole);
      continue;
    }
    if (auto ok = typed(g, g.number == 4 || g.number == 6 ? 2 : 0); !ok) return ok.error();
    if (g.number == 1) {
      if (auto ok = at_most(g, 2); !ok) return ok.error();
      e.type = static_cast<entry_type>(g.value);
    }
    if (g.number == 2) e.term = g.value;
    if (g.number == 3) e.index = g.value;
    if (g.number == 4) e.data = g.bytes;
    if (g.number == 5) e.sync_log = g.value != 0;
    if (g.number == 6) e.context = g.bytes;
    e.has = static_cast<std::uint8_t>(e.has | 1u << g.number);
  }
  return e;
}

result<model_message> decode(bytes_view in, std::uint64_t at, const wire_limits& l) {
  model_message m;
  unknown_counter unknown{l.unknown_fields};
  for (cutter c(in, at); !c.at_end();) {
    const auto f = c.next();
    if (!f) return f.error();
    if (auto ok = decode_field(f.value(), l, unknown, m); !ok) return ok.error();
  }
  return m;
}

}  // namespace copycost::raft::oracle
