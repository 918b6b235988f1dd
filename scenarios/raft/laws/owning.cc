// SPDX-License-Identifier: Apache-2.0
// Laws about bytes with owners, and about messages that are made of them.
#include <algorithm>

#include "scenarios/common/laws/law_list.h"
#include "scenarios/raft/laws/feed.h"

namespace copycost::raft::properties {
namespace {

constexpr std::size_t kOwnerBytes = 128;  // what an owner may take beside what it owns

void copied_bytes_are_ones_own(facade_maker make) {
  const auto f = design_of<facade>(make);
  rng random = draw_rng("bytes");
  byte_string source = random_bytes(static_cast<std::size_t>(draw_number("size", 0, 5000)), random);
  const byte_string said = source;
  any_context x(f->context());
  any_bytes b = must(x.copy(source));
  std::fill(source.begin(), source.end(), std::byte{0x55});
  RC_ASSERT(same_bytes(b.view(), said));
  RC_ASSERT(b.retained_bytes() >= said.size());
  if (!f->batches()) RC_ASSERT(b.retained_bytes() <= said.size() + kOwnerBytes);
  any_bytes moved = std::move(b);
  RC_ASSERT(same_bytes(moved.view(), said));
}

void produced_bytes_are_written_where_they_stay(facade_maker make) {
  const auto f = design_of<facade>(make);
  rng random = draw_rng("bytes");
  const byte_string said = random_bytes(static_cast<std::size_t>(draw_number("size", 0, 5000)), random);
  any_context x(f->context());
  const std::byte* written = nullptr;
  int calls = 0;
  const any_bytes b = must(x.produce(said.size(), [&](std::span<std::byte> to) {
    RC_ASSERT(to.size() == said.size());
    std::copy(said.begin(), said.end(), to.begin());
    written = to.data();
    ++calls;
  }));
  RC_ASSERT(same_bytes(b.view(), said));
  RC_ASSERT(calls == (said.empty() ? 0 : 1));
  if (!said.empty()) RC_ASSERT((written == b.view().data()));
}

void shares_outlive_each_other(facade_maker make) {
  const auto f = design_of<facade>(make);
  rng random = draw_rng("bytes");
  const byte_string said = random_bytes(static_cast<std::size_t>(draw_number("size", 0, 300)), random);
  any_context x(f->context());
  std::vector<any_bytes> owners;
  owners.push_back(must(x.copy(said)));
  for (std::uint64_t n = draw_number("shares", 1, 8); n != 0; --n) {
    owners.push_back(must(owners[static_cast<std::size_t>(random.below(owners.size()))].share()));
    if (f->zero_copy()) RC_ASSERT((owners.back().view().data() == owners.front().view().data()));
  }
  random.shuffle(owners);
  while (!owners.empty()) {
    if (random.below(3) == 0) must(owners.back().compact());
    for (const any_bytes& b : owners) RC_ASSERT(same_bytes(b.view(), said));
    owners.pop_back();
  }
}

// Compacting a part of what arrived gives the rest back; compacting again does nothing.
void compacting_lets_go_of_the_rest(facade_maker make) {
  const auto f = design_of<facade>(make);
  const wire_format format = draw_format(*f);
  rng random = draw_rng("stream");
  const drawn_stream s = some_stream(random, format, draw_number("units", 1, 6), {.entries = 3, .bytes = 4000});
  any_context x(f->context());
  any_inbox inbox(x, s.in);
  any_message m;
  std::size_t came = 0;
  std::vector<std::pair<any_bytes, byte_string>> kept;
  while (kept.size() < s.units.size()) {
    const arrived a = must(inbox.next());
    if (a.what != arrival::none) {
      byte_string said(a.payload.begin(), a.payload.end());
      const bool is_message = a.is_message();
      kept.emplace_back(must(inbox.payload()), std::move(said));
      if (is_message) must(inbox.message(m));
      continue;
    }
    const std::span<std::byte> room = must(inbox.space());
    const std::size_t n = std::min(room.size(), s.bytes.size() - came);
    std::copy_n(s.bytes.begin() + static_cast<std::ptrdiff_t>(came), n, room.begin());
    inbox.wrote(n);
    came += n;
  }
  for (auto& [bytes, said] : kept) {
    must(bytes.compact());
    RC_ASSERT(same_bytes(bytes.view(), said));
    const auto data = bytes.view().data();
    if (!f->batches()) {
      RC_ASSERT(bytes.retained_bytes() <= said.size() + kOwnerBytes);
      must(bytes.compact());
      RC_ASSERT((bytes.view().data() == data));  // it is compact already
    }
  }
}

// A message whose payloads lie in owners of the design, as an application makes it.
struct owned_parts {
  model_message source;
  std::vector<any_bytes> owners;
  std::vector<entry_view> entries;
  std::vector<unknown_field> unknown;
  message_view view;
};
bytes_view owned(any_context& x, owned_parts& p, bytes_view v) {
  if (v.empty()) return {};
  return p.owners.emplace_back(must(x.copy(v))).view();
}
void take_apart(any_context& x, const model_message& m, owned_parts& p) {
  const model_view lent(m);
  p.view = lent.view();
  for (entry_view e : lent.view().entries) {
    e.data = owned(x, p, e.data);
    e.context = owned(x, p, e.context);
    p.entries.push_back(e);
  }
  for (unknown_field u : lent.view().unknown) {
    u.bytes = owned(x, p, u.bytes);
    p.unknown.push_back(u);
  }
  snapshot_view& s = p.view.snapshot;
  s.data = owned(x, p, s.data);
  s.conf_state = owned(x, p, s.conf_state);
  p.view.context = owned(x, p, p.view.context);
  p.view.entries = p.entries;
  p.view.unknown = p.unknown;
}

void composed_messages_own_what_they_say(facade_maker make) {
  const auto f = design_of<facade>(make);
  rng random = draw_rng("message");
  const model_message m = some_message(random, {.entries = draw_number("entries up to", 0, 6), .bytes = 300});
  any_context x(f->context());
  any_message composed;
  {
    owned_parts p;
    take_apart(x, m, p);
    random.shuffle(p.owners);
    composed = must(x.compose(p.view, p.owners));
    // The lists and what is left of the owners are gone before the message is looked at.
    std::fill(p.entries.begin(), p.entries.end(), entry_view());
    std::fill(p.unknown.begin(), p.unknown.end(), unknown_field());
  }
  const any_message moved = std::move(composed);
  no_difference(difference(moved.view(), m));
  for (std::size_t i = 0; i < m.entries.size(); ++i)
    RC_ASSERT(same_bytes(must(moved.share_data(i)).view(), m.entries[i].data));
  RC_ASSERT(moved.retained_bytes() >= entry_bytes(moved.view()));
  const encoder_options o{.format = draw_framed(*f)};
  any_encoder e(x, o);
  any_frame out;
  must(e.message(moved.view(), out, nullptr));
  RC_ASSERT(joined(out) == must(oracle::model_writer(o).message(m)));
}

// Entries of a received message are put into one of one's own, as a leader does that passes a proposal on.
void entries_go_from_message_to_message(facade_maker make) {
  const auto f = design_of<facade>(make);
  const wire_format format = draw_framed(*f);
  rng random = draw_rng("message");
  const model_message m = some_message(random, {.entries = 6, .bytes = 2000, .odd = false});
  const byte_string bytes = must(oracle::model_writer({.format = format}).message(m));
  any_context x(f->context());
  any_message made;
  {
    any_inbox inbox(x, {.format = format});
    any_message got;
    std::size_t came = 0;
    while (must(inbox.next()).what == arrival::none) {
      const std::span<std::byte> room = must(inbox.space());
      const std::size_t n = std::min(room.size(), bytes.size() - came);
      std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(came), n, room.begin());
      inbox.wrote(n);
      came += n;
    }
    must(inbox.message(got));
    std::vector<any_bytes> owners;
    std::vector<entry_view> entries;
    for (std::size_t i = 0; i < got.view().entries.size(); ++i) {
      owners.push_back(must(got.share_data(i)));
      entry_view e = got.view().entries[i];
      e.data = owners.back().view();
      e.context = {};
      e.has = static_cast<std::uint8_t>(e.has & ~bit(entry_field::context));
      entries.push_back(e);
    }
    message_view v;
    v.entries = entries;
    v.head.has = entries.empty() ? 0 : bit(field::entries);
    made = must(x.compose(v, owners));
  }
  RC_ASSERT(made.view().entries.size() == m.entries.size());
  for (std::size_t i = 0; i < m.entries.size(); ++i)
    RC_ASSERT(same_bytes(made.view().entries[i].data, m.entries[i].data));
}

}  // namespace

law_list owning() {
  return {
      law_of<copied_bytes_are_ones_own>("copy() keeps what the bytes were"),
      law_of<produced_bytes_are_written_where_they_stay>("produce() asks once for the bytes, in the place they keep"),
      law_of<shares_outlive_each_other>("owners of the same bytes may go in any order"),
      law_of<compacting_lets_go_of_the_rest>("compact() keeps the bytes and little beside them"),
      law_of<composed_messages_own_what_they_say>("a composed message needs nothing of what it was made from"),
      law_of<entries_go_from_message_to_message>("shared entries make a message of one's own"),
  };
}

}  // namespace copycost::raft::properties
