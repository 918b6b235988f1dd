// SPDX-License-Identifier: Apache-2.0
// Messages and streams from a seed.
#include <algorithm>

#include "scenarios/raft/laws/draw.h"

namespace copycost::raft::properties {
namespace {

void put_varint(byte_string& out, std::uint64_t v) {
  for (; v >= 128; v >>= 7) out.push_back(static_cast<std::byte>(v | 128));
  out.push_back(static_cast<std::byte>(v));
}

// Often a zero, which may be there or not.
std::uint64_t word_or_zero(rng& random) { return random.below(3) == 0 ? 0 : some_word(random); }

// An unknown field, or none.
void some_unknown(rng& random, std::uint64_t first_number, std::vector<byte_string>& out) {
  constexpr unsigned kTypes[] = {0, 1, 2, 5};
  for (std::uint64_t left = random.below(8) == 0 ? random.between(1, 3) : 0; left != 0; --left) {
    const unsigned type = kTypes[random.below(4)];
    const std::uint64_t number =
        random.below(4) == 0 ? random.between(first_number, (1u << 29) - 1) : first_number + random.below(20);
    byte_string field;
    put_varint(field, number * 8 + type);
    if (type == 0) put_varint(field, some_word(random));
    const std::size_t size = type == 2 ? some_size(random, 40) : type == 1 ? 8 : type == 5 ? 4 : 0;
    if (type == 2) put_varint(field, size);
    const byte_string content = random_bytes(size, random);
    field.insert(field.end(), content.begin(), content.end());
    out.push_back(std::move(field));
  }
}

model_entry some_entry(rng& random, const message_shape& shape, dialect d) {
  model_entry e;
  e.type = static_cast<entry_type>(random.below(3));
  e.term = word_or_zero(random);
  e.index = word_or_zero(random);
  e.data = random_bytes(some_size(random, shape.bytes), random);
  if (d == dialect::raft_rs && random.below(4) == 0) {
    e.context = random_bytes(some_size(random, shape.bytes / 4), random);
    e.sync_log = random.below(2) == 0;
  }
  if (shape.odd) some_unknown(random, 7, e.unknown);
  return e;
}

void some_snapshot(rng& random, const message_shape& shape, model_snapshot& s) {
  s.has = static_cast<std::uint8_t>(random.below(4) << 1);
  if ((s.has & bit(1)) != 0) s.data = random_bytes(some_size(random, shape.bytes), random);
  if ((s.has & bit(2)) != 0) {
    s.metadata_has = static_cast<std::uint8_t>(random.below(8) << 1);
    if ((s.metadata_has & bit(1)) != 0) s.conf_state = random_bytes(some_size(random, 30), random);
    if ((s.metadata_has & bit(2)) != 0) s.index = word_or_zero(random);
    if ((s.metadata_has & bit(3)) != 0) s.term = word_or_zero(random);
    if (shape.odd) some_unknown(random, 4, s.metadata_unknown);
  }
  if (shape.odd) some_unknown(random, 3, s.unknown);
}

// Fields that are there although they are 0 or empty.
void some_presence(rng& random, model_message& m) {
  if (random.below(3) != 0) return;
  const std::uint32_t keep = bit(field::entries) | bit(field::snapshot);
  m.head.has |= static_cast<std::uint32_t>(random.next()) & 0x1FFFEu & ~keep;
  for (model_entry& e : m.entries) e.has = static_cast<std::uint8_t>(e.has | (random.next() & 0x7Eu));
}

// What etcd's append stream takes: appends that follow, those that do not, link heartbeats.
model_message some_append(rng& random, const message_shape& shape, const oracle::model_append& state) {
  model_message m = some_message(random, shape);
  const std::uint64_t way = random.below(10);
  if (way == 0) {
    m = {};
    m.head.type = message_type::heartbeat;
    oracle::speak(static_cast<dialect>(random.below(2)), m);
    return m;
  }
  m.head.type = message_type::append;
  m.head.from = state.from;
  m.head.to = state.to;
  m.head.has |= bit(field::type) | bit(field::from) | bit(field::to);
  if (way == 1) return m;
  message_head h;  // says no more than the elided form does, most of the time
  h.type = message_type::append;
  h.from = state.from;
  h.to = state.to;
  h.commit = m.head.commit;
  h.term = h.log_term = state.term;
  h.index = state.index;
  if (way == 2) {
    h.term += 1;
    h.log_term = h.term;
  }
  if (way == 3) h.index += 1;
  if (way == 5) h.log_term += 1;
  m.head = h;
  m.snapshot = {};
  m.context.clear();
  m.unknown.clear();
  for (model_entry& e : m.entries) {
    e.unknown.clear();
    e.term = state.term;
    e.index = ++h.index;
  }
  if (way == 4) m.context = random_bytes(3, random);
  oracle::speak(dialect::etcd, m);
  return m;
}

void make_frame(rng& random, framing f, const message_shape& shape, made_unit& u) {
  constexpr frame_type kTypes[] = {frame_type::request, frame_type::response, frame_type::heartbeat, frame_type::error};
  u.is_message = false;
  u.head.type = kTypes[random.below(4)];
  u.head.flags = static_cast<std::uint8_t>(random.below(f == framing::native ? 16 : 2));
  if (f == framing::native) u.head.stream = static_cast<std::uint32_t>(random.next());
  const byte_string id = random_bytes(16, random);
  if (u.head.has_id()) std::copy(id.begin(), id.end(), u.head.id.bytes.begin());
  u.payload = random_bytes(some_size(random, shape.bytes), random);
  u.encoded = oracle::frame(f, u.head, u.payload);
}

}  // namespace

model_message some_message(rng& random, const message_shape& shape) {
  const dialect d = static_cast<dialect>(random.below(2));
  model_message m;
  message_head& h = m.head;
  h.type = static_cast<message_type>(random.below(kMessageTypes));
  for (std::uint64_t* n : {&h.to, &h.from, &h.term, &h.log_term, &h.index, &h.commit, &h.reject_hint, &h.vote,
                           &h.deprecated_priority, &h.commit_term, &h.priority})
    *n = word_or_zero(random);
  h.reject = random.below(2) == 0;
  for (std::uint64_t left = random.below(shape.entries + 1); left != 0; --left)
    m.entries.push_back(some_entry(random, shape, d));
  if (random.below(4) == 0) some_snapshot(random, shape, m.snapshot);
  if (random.below(4) == 0) m.context = random_bytes(some_size(random, shape.bytes / 2), random);
  if (shape.odd) some_unknown(random, 17, m.unknown);
  oracle::speak(d, m);
  const model_snapshot& s = m.snapshot;
  if (!s.unknown.empty() || (shape.odd && random.below(8) == 0)) m.head.has |= bit(field::snapshot);
  if (shape.odd) some_presence(random, m);
  return m;
}

drawn_stream some_stream(rng& random, wire_format format, std::uint64_t count, const message_shape& shape) {
  drawn_stream s;
  s.out.format = s.in.format = format;
  s.out.from = s.in.from = some_word(random);
  s.out.to = s.in.to = some_word(random);
  oracle::model_writer writer(s.out);
  oracle::model_append state{s.out.from, s.out.to, 0, 0};
  for (; count != 0; --count) {
    made_unit u;
    if (has_frames(format) && random.below(3) == 0) {
      make_frame(random, framing_of(format), shape, u);
    } else {
      u.sent = format == wire_format::etcd_append ? some_append(random, shape, state) : some_message(random, shape);
      if (has_frames(format) && random.below(3) == 0) {
        const byte_string id = random_bytes(16, random);
        std::copy(id.begin(), id.end(), u.id.emplace().bytes.begin());
      }
      u.arrives = writer.arrives(u.sent);
      if (u.sent.head.type == message_type::append) state.passed(u.sent, state.elides(u.sent));
      u.encoded = must(writer.message(u.sent, u.id ? &*u.id : nullptr));
    }
    s.bytes.insert(s.bytes.end(), u.encoded.begin(), u.encoded.end());
    s.units.push_back(std::move(u));
  }
  return s;
}

}  // namespace copycost::raft::properties
