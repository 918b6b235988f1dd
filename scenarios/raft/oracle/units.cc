// SPDX-License-Identifier: Apache-2.0
// Units of all four wire formats, both ways, byte by byte.
#include "scenarios/common/crc32c.h"
#include "scenarios/raft/oracle/oracle.h"

namespace copycost::raft::oracle {
namespace {

void append(byte_string& out, bytes_view bytes) {
  for (const std::byte b : bytes) out.push_back(b);
}
void little(byte_string& out, std::uint64_t v, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) out.push_back(static_cast<std::byte>(v >> 8 * i & 255u));
}
void big(byte_string& out, std::uint64_t v, unsigned bytes) {
  for (unsigned i = bytes; i-- > 0;) out.push_back(static_cast<std::byte>(v >> 8 * i & 255u));
}
std::uint64_t big_at(bytes_view in, std::size_t at, unsigned bytes) {
  std::uint64_t v = 0;
  for (unsigned i = 0; i < bytes; ++i) v = v * 256 + static_cast<std::uint64_t>(in[at + i]);
  return v;
}
std::uint32_t little_at(bytes_view in, std::size_t at, unsigned bytes = 4) {
  std::uint32_t v = 0;
  for (unsigned i = bytes; i-- > 0;) v = v * 256 + static_cast<std::uint32_t>(in[at + i]);
  return v;
}
std::uint32_t head_checksum(bytes_view head) {  // of the 20 bytes before it and the id behind it
  return crc32c_by_table(crc32c_by_table(0, head.first(20)), head.subspan(24));
}

byte_string compat_head(const frame_head& h) {
  byte_string out;
  big(out, h.has_id() ? 25 : 9, 4);
  little(out, static_cast<std::uint64_t>(h.type), 4);
  little(out, h.has_id() ? 1 : 0, 1);
  if (h.has_id()) append(out, h.id.bytes);
  little(out, h.payload_length, 4);
  return out;
}
byte_string native_head(const frame_head& h) {
  byte_string before, id;
  little(before, 0x5243, 2);
  little(before, 1, 1);
  little(before, h.flags, 1);
  little(before, static_cast<std::uint64_t>(h.type), 4);
  little(before, h.stream, 4);
  little(before, h.payload_length, 4);
  little(before, h.payload_crc, 4);
  if (h.has_id()) append(id, h.id.bytes);
  const std::uint32_t sum = crc32c_by_table(crc32c_by_table(0, before), id);
  little(before, sum, 4);
  append(before, id);
  return before;
}

// What is read so far of a unit: a part of it, or why it cannot be. `rest` begins with the unit.
struct read_so_far {
  bytes_view rest;
  std::uint64_t at;
  error cut(std::uint64_t expected) const { return {errc::truncated, at, expected, rest.size()}; }
  error wrong(errc code, std::uint64_t byte, std::uint64_t expected, std::uint64_t got) const {
    return {code, at + byte, expected, got};
  }
};

result<std::size_t> read_compat(const read_so_far& p, const wire_limits& l, frame_head& h, std::size_t& length_at) {
  if (p.rest.size() < 4) return p.cut(4);
  const std::uint64_t declared = big_at(p.rest, 0, 4);
  if (declared > l.header) return p.wrong(errc::header_too_large, 0, l.header, declared);
  if (declared < 9) return p.wrong(errc::header_malformed, 0, 9, declared);
  if (p.rest.size() < 4 + declared) return p.cut(4 + declared);
  const std::uint32_t type = little_at(p.rest, 4), has_id = little_at(p.rest, 8, 1);
  if (type > 4) return p.wrong(errc::unknown_type, 4, 4, type);
  if (has_id > 1) return p.wrong(errc::header_malformed, 8, 1, has_id);
  if (has_id == 1 && declared < 25) return p.wrong(errc::header_malformed, 0, 25, declared);
  h.type = static_cast<frame_type>(type);
  h.flags = static_cast<std::uint8_t>(has_id);
  for (std::size_t i = 0; has_id == 1 && i < 16; ++i) h.id.bytes[i] = p.rest[9 + i];
  length_at = has_id == 1 ? 25 : 9;
  return static_cast<std::size_t>(4 + declared);
}

result<std::size_t> read_native(const read_so_far& p, frame_head& h, std::size_t& length_at) {
  if (p.rest.size() < 4) return p.cut(24);
  const std::uint32_t magic = little_at(p.rest, 0, 2), version = little_at(p.rest, 2, 1),
                      flags = little_at(p.rest, 3, 1);
  if (magic != 0x5243) return p.wrong(errc::bad_magic, 0, 0x5243, magic);
  if (version != 1) return p.wrong(errc::unsupported_version, 2, 1, version);
  if (flags > 15) return p.wrong(errc::unknown_flags, 3, 15, flags);
  const std::size_t size = flags % 2 == 1 ? 40 : 24;
  if (p.rest.size() < size) return p.cut(size);
  const std::uint32_t said = little_at(p.rest, 20), is = head_checksum(p.rest.first(size));
  if (kChecksumsCount && said != is) return p.wrong(errc::checksum_mismatch, 20, said, is);
  const std::uint32_t type = little_at(p.rest, 4);
  if (type > 4) return p.wrong(errc::unknown_type, 4, 4, type);
  h.type = static_cast<frame_type>(type);
  h.flags = static_cast<std::uint8_t>(flags);
  h.stream = little_at(p.rest, 8);
  h.payload_crc = little_at(p.rest, 16);
  for (std::size_t i = 24; i < size; ++i) h.id.bytes[i - 24] = p.rest[i];
  length_at = 12;
  return size;
}

result<std::size_t> read_elided(const read_so_far& p, const wire_limits& l) {
  if (p.rest.size() < 9) return p.cut(9);
  const std::uint64_t count = big_at(p.rest, 1, 8);
  if (count > l.entries) return p.wrong(errc::too_many_entries, 1, l.entries, count);
  std::size_t end = 9;
  if (8 + 8 > l.payload) return p.wrong(errc::payload_too_large, 1, l.payload, 16);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (p.rest.size() < end + 8) return p.cut(end + 8);
    const std::uint64_t length = big_at(p.rest, end, 8);
    if (length > l.payload) return p.wrong(errc::payload_too_large, end, l.payload, length);
    const std::uint64_t payload = end - 1 + 8 + length + 8;  // with the commit index
    if (payload > l.payload) return p.wrong(errc::payload_too_large, end, l.payload, payload);
    end += 8 + static_cast<std::size_t>(length);
    if (p.rest.size() < end) return p.cut(end);
  }
  if (p.rest.size() < end + 8) return p.cut(end + 8);
  return end + 8;
}

void take(model_unit& u, const read_so_far& p, std::size_t head, std::size_t size) {
  u.at = p.at;
  u.size = size;
  append(u.payload, p.rest.subspan(head, size - head));
  u.head.payload_length = static_cast<std::uint32_t>(u.payload.size());  // fits: compared with the limit
}

result<std::optional<model_unit>> next_frame(const read_so_far& p, const inbox_options& o) {
  model_unit u;
  std::size_t length_at = 0;
  const auto head =
      o.format == wire_format::native ? read_native(p, u.head, length_at) : read_compat(p, o.limit, u.head, length_at);
  if (!head) return head.error();
  const std::uint64_t length = little_at(p.rest, length_at);
  const std::uint64_t limit = length > o.stream_above ? o.limit.streamed : o.limit.payload;
  if (length > limit) return p.wrong(errc::payload_too_large, length_at, limit, length);
  const std::size_t size = head.value() + static_cast<std::size_t>(length);
  if (p.rest.size() < size) return p.cut(size);
  take(u, p, head.value(), size);
  const std::uint32_t is = crc32c_by_table(0, u.payload);
  if (kChecksumsCount && o.format == wire_format::native && is != u.head.payload_crc)
    return p.wrong(errc::checksum_mismatch, 0, u.head.payload_crc, is);
  return std::optional(std::move(u));
}

result<std::optional<model_unit>> next_sized(const read_so_far& p, const wire_limits& l, std::size_t prefix) {
  if (p.rest.size() < prefix + 8) return p.cut(prefix + 8);
  const std::uint64_t length = big_at(p.rest, prefix, 8);
  if (length > l.payload) return p.wrong(errc::payload_too_large, prefix, l.payload, length);
  const std::size_t size = prefix + 8 + static_cast<std::size_t>(length);
  if (p.rest.size() < size) return p.cut(size);
  model_unit u;
  u.kind = unit_kind::message;
  take(u, p, prefix + 8, size);
  return std::optional(std::move(u));
}

result<std::optional<model_unit>> next_append(const read_so_far& p, const wire_limits& l) {
  const auto first = static_cast<unsigned>(p.rest[0]);
  if (first > 2) return p.wrong(errc::unknown_type, 0, 2, first);
  if (first == 2) return next_sized(p, l, 1);
  model_unit u;
  if (first == 0) {
    u.kind = unit_kind::link_heartbeat;
    u.head.type = frame_type::heartbeat;
    take(u, p, 1, 1);
    return std::optional(std::move(u));
  }
  const auto size = read_elided(p, l);
  if (!size) return size.error();
  u.kind = unit_kind::elided;
  take(u, p, 1, size.value());
  return std::optional(std::move(u));
}

// What an elided append means, if it carries these entries and this commit.
model_message elided_message(const model_append& state, std::vector<model_entry> entries, std::uint64_t commit) {
  model_message m;
  message_head& h = m.head;
  h.type = message_type::append;
  h.from = state.from;
  h.to = state.to;
  h.commit = commit;
  h.term = h.log_term = state.term;
  h.index = state.index;
  h.has = 1u << 1 | 1u << 2 | 1u << 3 | 1u << 4 | 1u << 5 | 1u << 6 | 1u << 8 | 1u << 10 | 1u << 11;
  if (!entries.empty()) h.has |= 1u << 7;
  m.entries = std::move(entries);
  return m;
}

}  // namespace

frame_head filled(framing f, frame_head h, bytes_view payload) {
  h.payload_length = static_cast<std::uint32_t>(payload.size());  // fits: the model of small units
  h.payload_crc = f == framing::native ? crc32c_by_table(0, payload) : 0;
  if (f == framing::compat) {
    h.flags &= frame_flag::has_id;
    h.stream = 0;
  }
  if (!h.has_id()) h.id = {};
  return h;
}

byte_string frame(framing f, frame_head h, bytes_view payload) {
  h = filled(f, h, payload);
  byte_string out = f == framing::native ? native_head(h) : compat_head(h);
  append(out, payload);
  return out;
}

namespace {

// Whether `m` says what `plain` says, whatever fields are there for it.
bool says_only(const model_message& m, const model_message& plain) {
  for (const model_entry& e : m.entries)
    if (!e.unknown.empty()) return false;
  if (m.head.has >= 1u << 14) return false;  // fields that only raft-rs has
  const auto values = [](model_message v) {
    v.head.has = 0;
    v.snapshot.has = v.snapshot.metadata_has = 0;
    // No snapshot as etcd 3.4 and 3.5 write it: a ConfState in which auto_leave is false.
    if (v.snapshot.conf_state == byte_string{std::byte{0x28}, std::byte{0}}) v.snapshot.conf_state.clear();
    return v;
  };
  return values(m) == values(plain);
}
bool is_link_heartbeat(const model_message& m) {
  model_message link;
  link.head.type = message_type::heartbeat;
  return says_only(m, link);
}

}  // namespace

// All that the message says is in the form: what is left out is 0, empty, or known to the other end.
bool model_append::elides(const model_message& m) const {
  return says_only(m, elided_message(*this, m.entries, m.head.commit));
}
void model_append::passed(const model_message& m, bool elided) {
  if (elided) {
    index += m.entries.size();
  } else {
    term = m.head.term;
    index = m.entries.empty() ? m.head.index : m.entries.back().index;
  }
}

std::size_t unknown_fields(const model_message& m) {
  std::size_t sum = m.unknown.size() + m.snapshot.unknown.size() + m.snapshot.metadata_unknown.size();
  for (const model_entry& e : m.entries) sum += e.unknown.size();
  return sum;
}

result<byte_string> model_writer::message(const model_message& m, const request_id* id) {
  const wire_limits& l = options_.limit;
  if (m.entries.size() > l.entries) return error{errc::too_many_entries, 0, l.entries, m.entries.size()};
  if (const std::size_t n = unknown_fields(m); n > l.unknown_fields)
    return error{errc::too_many_unknown_fields, 0, l.unknown_fields, n};
  byte_string out, body;
  if (has_frames(options_.format)) {
    body = encode(m);
    if (body.size() > l.payload) return error{errc::payload_too_large, 0, l.payload, body.size()};
    frame_head h;
    if (id != nullptr) {
      h.flags = frame_flag::has_id;
      h.id = *id;
    }
    return frame(framing_of(options_.format), h, body);
  }
  if (id != nullptr) return error{errc::not_in_the_form, 0, 0, 0};
  const bool appends = options_.format == wire_format::etcd_append;
  const bool elided = appends && append_.elides(m);
  if (elided) {
    big(body, m.entries.size(), 8);
    for (const model_entry& e : m.entries) {
      const byte_string one = encode(e);
      big(body, one.size(), 8);
      append(body, one);
    }
    big(body, m.head.commit, 8);
    out.push_back(std::byte{1});
  } else if (appends && is_link_heartbeat(m)) {
    return byte_string(1);
  } else if (appends && m.head.type != message_type::append) {
    return error{errc::not_in_the_form, 0, 0, 1};
  } else {
    body = encode(m);
    if (appends) out.push_back(std::byte{2});
    big(out, body.size(), 8);
  }
  if (body.size() > l.payload) return error{errc::payload_too_large, 0, l.payload, body.size()};
  if (appends) append_.passed(m, elided);
  append(out, body);
  return out;
}

model_message model_writer::arrives(const model_message& m) const {
  if (options_.format != wire_format::etcd_append || !append_.elides(m)) return m;
  return elided_message(append_, m.entries, m.head.commit);
}

result<std::optional<model_unit>> model_reader::next(bytes_view stream, std::uint64_t at) const {
  const read_so_far p{stream.subspan(static_cast<std::size_t>(at)), at};
  if (p.rest.empty()) return std::optional<model_unit>();
  if (options_.format == wire_format::etcd_message) return next_sized(p, options_.limit, 0);
  if (options_.format == wire_format::etcd_append) return next_append(p, options_.limit);
  return next_frame(p, options_);
}

result<model_message> model_reader::message(const model_unit& u) {
  if (u.kind != unit_kind::elided) {
    auto m = decode(u.payload, u.payload_at(), options_.limit);
    if (m && options_.format == wire_format::etcd_append) append_.passed(m.value(), false);
    return m;
  }
  std::vector<model_entry> entries;
  unknown_counter unknown{options_.limit.unknown_fields};
  std::size_t at = 8;
  for (std::uint64_t left = big_at(u.payload, 0, 8); left != 0; --left) {
    const auto length = static_cast<std::size_t>(big_at(u.payload, at, 8));
    auto e = decode_entry(bytes_view(u.payload).subspan(at + 8, length), u.payload_at() + at + 8, unknown);
    if (!e) return e.error();
    entries.push_back(std::move(e).value());
    at += 8 + length;
  }
  model_message m = elided_message(append_, std::move(entries), big_at(u.payload, at, 8));
  append_.passed(m, true);
  return m;
}

}  // namespace copycost::raft::oracle
