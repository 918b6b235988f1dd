// SPDX-License-Identifier: Apache-2.0
// Laws about etcd's append stream, whose two ends keep a term and an index.
#include "harness/judge/drawn.h"
#include "scenarios/common/laws/law_list.h"
#include "scenarios/raft/laws/feed.h"

namespace copycost::raft::properties {
namespace {

drawn_stream draw_appends(const facade& f, std::uint64_t least, std::uint64_t most) {
  needs(f, wire_format::etcd_append);
  const std::uint64_t count = draw_number("units", least, most);
  rng random = draw_rng("stream");
  return some_stream(random, wire_format::etcd_append, count, {.entries = 4, .bytes = 40});
}

constexpr std::string_view kKinds[] = {"a link heartbeat", "an append that follows", "a full append"};

void long_append_streams_stay_in_step(facade_maker make) {
  const auto f = design_of<facade>(make);
  const drawn_stream s = draw_appends(*f, 100, 300);
  any_context x(f->context());
  any_encoder e(x, s.out);
  any_frame out;
  byte_string bytes;
  std::size_t kinds[3] = {};
  for (const made_unit& u : s.units) {
    const model_view sent(u.sent);
    must(e.message(sent.view(), out, nullptr));
    const byte_string unit = joined(out);
    RC_ASSERT(unit == u.encoded);
    ++kinds[static_cast<std::size_t>(unit[0])];
    bytes.insert(bytes.end(), unit.begin(), unit.end());
  }
  for (std::size_t i = 0; i < 3; ++i) drawn(kKinds[i], kinds[i] != 0);
  const met got = feed(*f, x, s.in, bytes, {.how = draw_cuts(), .keep = true, .applies = true});
  RC_ASSERT(!got.wrong.has_value());
  RC_ASSERT(got.units.size() == s.units.size());
  for (std::size_t i = 0; i < got.units.size(); ++i)
    if (got.units[i].message)
      no_difference(difference(model_view(*got.units[i].message).view(), s.units[i].arrives));
    else
      RC_ASSERT((got.units[i].unit.kind == unit_kind::link_heartbeat));
}

constexpr std::size_t kMost = 4000, kMostEntries = 8;  // nothing of a drawn stream is as large

// What an append stream with these limits does not take: no append, too large, or too many entries. Its term and index
// are of its own, now and then.
model_message refused_one(rng& random, const drawn_stream& s) {
  const std::uint64_t way = random.below(3);
  model_message m = some_message(random, {});
  if (way == 0) {
    if (m.head.type == message_type::append) m.head.type = message_type::vote;
    if (m.head.type == message_type::heartbeat) m.head.type = message_type::beat;
    m.head.has |= bit(field::type);
    return m;
  }
  m.head.type = message_type::append;
  m.head.from = s.out.from;
  m.head.to = s.out.to;
  m.entries.resize(way == 1 ? 1 : kMostEntries + 1);
  if (way == 1) m.entries[0].data = random_bytes(kMost, random);
  oracle::speak(dialect::etcd, m);
  return m;
}

// A message that is refused is as if it had never been given.
void refused_messages_leave_the_append_stream_in_step(facade_maker make) {
  const auto f = design_of<facade>(make);
  drawn_stream s = draw_appends(*f, 5, 30);
  rng random = draw_rng("others");
  s.out.limit.payload = kMost;
  s.out.limit.entries = kMostEntries;
  any_context x(f->context());
  any_encoder e(x, s.out);
  any_frame out;
  for (const made_unit& u : s.units) {
    const model_message other = refused_one(random, s);
    const model_view refused(other), sent(u.sent);
    RC_ASSERT(!e.message(refused.view(), out, nullptr).ok());
    must(e.message(sent.view(), out, nullptr));
    RC_ASSERT(joined(out) == u.encoded);
  }
}

// The elided form carries what the full one does: 47 bytes fewer of a heartbeat-like append.
void appends_that_follow_are_elided(facade_maker make) {
  const auto f = design_of<facade>(make);
  needs(*f, wire_format::etcd_append);
  encoder_options o{.format = wire_format::etcd_append};
  o.from = draw_number("from", 1, ~0ull);
  o.to = draw_number("to", 1, ~0ull);
  any_context x(f->context());
  any_encoder e(x, o);
  any_frame out;
  model_message m;
  m.head.type = message_type::append;
  m.head.from = o.from;
  m.head.to = o.to;
  m.head.term = m.head.log_term = draw_number("term", 1, 1000);
  m.head.index = draw_number("index", 1, 1000000);
  // As etcd before 3.6 writes what is no snapshot: empty, with a ConfState that says nothing.
  const bool as_before = draw_bool("as before 3.6");
  for (int i = 0; i < 4; ++i) {
    m.entries.clear();
    for (std::uint64_t n = draw_number("entries", 0, 3); n != 0; --n)
      m.entries.push_back({m.head.term, m.head.index + m.entries.size() + 1, {}, {}, entry_type::normal, false, 0, {}});
    m.head.commit = m.head.index;
    m.snapshot = {};
    oracle::speak(dialect::etcd, m);
    if (as_before) {
      m.head.has |= bit(field::snapshot);
      m.snapshot.has = bit(snapshot_field::metadata);
      m.snapshot.metadata_has = 0xE;
      m.snapshot.conf_state = {std::byte{0x28}, std::byte{0}};
    }
    const model_view sent(m);
    must(e.message(sent.view(), out, nullptr));
    RC_ASSERT((joined(out)[0] == (i == 0 ? kFull : kElided)));
    m.head.index += m.entries.size();
  }
}

}  // namespace

law_list appending() {
  return {
      law_of<long_append_streams_stay_in_step>(
          "both ends of an append stream agree on term and index, message after message", {.cost = 2, .draws = kKinds}),
      law_of<refused_messages_leave_the_append_stream_in_step>("what was not sent does not count"),
      law_of<appends_that_follow_are_elided>("an append that follows what was sent goes without term and index"),
  };
}

}  // namespace copycost::raft::properties
