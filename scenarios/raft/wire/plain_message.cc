// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/wire/plain_message.h"

#include <string>

#include "harness/base/failure.h"

namespace copycost::raft::plain {
namespace {

[[noreturn]] void wrong(const char* what, std::size_t at) {
  throw failure(exit_code::usage, std::string(what) + " at byte " + std::to_string(at) + " of a message");
}

std::uint64_t read_number(bytes_view in, std::size_t& at) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (at == in.size()) wrong("the end inside a number", at);
    const auto b = static_cast<std::uint64_t>(in[at++]);
    value |= (b & 127) << shift;
    if (b < 128) return value;
  }
  wrong("a number of more than ten bytes", at);
}

void put_number(std::vector<std::byte>& out, std::uint64_t value) {
  for (; value >= 128; value >>= 7) out.push_back(static_cast<std::byte>(value % 128 + 128));
  out.push_back(static_cast<std::byte>(value));
}
void put_bytes(std::vector<std::byte>& out, bytes_view bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }
void put_big(std::vector<std::byte>& out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<std::byte>(value >> shift & 255));
}

entry read_entry(bytes_view in) {
  entry e;
  e.whole = in;
  for (const field& f : fields_of(in)) {
    if (f.number == 1) e.type = f.value;
    if (f.number == 2) e.term = f.value;
    if (f.number == 3) e.index = f.value;
    if (f.number == 4) {
      e.has_data = true;
      e.data = f.bytes;
    }
  }
  return e;
}

void read_snapshot(bytes_view in, message& m) {
  for (const field& f : fields_of(in)) {
    if (f.number == 1) m.snapshot_data = f.bytes;
    if (f.number != 2) continue;
    for (const field& g : fields_of(f.bytes)) {
      if (g.number == 2) m.snapshot_index = g.value;
      if (g.number == 3) m.snapshot_term = g.value;
    }
  }
}

}  // namespace

std::vector<field> fields_of(bytes_view in) {
  std::vector<field> out;
  for (std::size_t at = 0; at < in.size();) {
    const std::uint64_t tag = read_number(in, at);
    field f;
    f.number = static_cast<unsigned>(tag / 8);
    f.has_bytes = tag % 8 == 2;
    if (tag % 8 != 0 && tag % 8 != 2) wrong("a field that is neither number nor bytes", at);
    f.value = read_number(in, at);
    if (f.has_bytes) {
      if (f.value > in.size() - at) wrong("more bytes than there are", at);
      f.bytes = in.subspan(at, static_cast<std::size_t>(f.value));
      at += f.bytes.size();
    }
    out.push_back(f);
  }
  return out;
}

std::vector<std::byte> written(const std::vector<field>& fields) {
  std::vector<std::byte> out;
  for (const field& f : fields) {
    put_number(out, f.number * 8u + (f.has_bytes ? 2u : 0u));
    put_number(out, f.has_bytes ? f.bytes.size() : f.value);
    if (f.has_bytes) put_bytes(out, f.bytes);
  }
  return out;
}

message read(bytes_view in) {
  message m;
  for (const field& f : fields_of(in)) {
    switch (f.number) {
      case 1:
        m.type = f.value;
        break;
      case 2:
        m.to = f.value;
        break;
      case 3:
        m.from = f.value;
        break;
      case 4:
        m.term = f.value;
        break;
      case 5:
        m.log_term = f.value;
        break;
      case 6:
        m.index = f.value;
        break;
      case 7:
        m.entries.push_back(read_entry(f.bytes));
        break;
      case 8:
        m.commit = f.value;
        break;
      case 9:
        read_snapshot(f.bytes, m);
        break;
      case 10:
        m.reject = f.value;
        break;
      case 11:
        m.reject_hint = f.value;
        break;
      case 12:
        m.context = f.bytes;
        break;
      default:
        break;
    }
  }
  return m;
}

void append_legs::add(bytes_view encoded) {
  message m = read(encoded);
  if (m.type != 3) return;
  running& to = legs_[{m.from, m.to}];
  append_leg& leg = to.leg;
  leg.from = m.from;
  leg.to = m.to;
  if (m.log_term == m.term && to.term == m.term && to.index == m.index) {
    leg.stream.push_back(std::byte{1});
    put_big(leg.stream, m.entries.size());
    for (const entry& e : m.entries) {
      put_big(leg.stream, e.whole.size());
      put_bytes(leg.stream, e.whole);
    }
    put_big(leg.stream, m.commit);
    to.index += m.entries.size();
    ++leg.elided;
  } else {
    leg.stream.push_back(std::byte{2});
    put_big(leg.stream, encoded.size());
    put_bytes(leg.stream, encoded);
    to.term = m.term;
    to.index = m.entries.empty() ? m.index : m.entries.back().index;
  }
  leg.ends.push_back(leg.stream.size());
  leg.messages.push_back(std::move(m));
}

std::vector<append_leg> append_legs::take() {
  std::vector<append_leg> out;
  for (auto& [key, to] : legs_) out.push_back(std::move(to.leg));
  legs_.clear();
  return out;
}

}  // namespace copycost::raft::plain
