// SPDX-License-Identifier: Apache-2.0
// Laws about how bytes arrive: it changes nothing, and a part of a unit asks for the rest.
#include <algorithm>
#include <array>

#include "scenarios/common/laws/law_list.h"
#include "scenarios/raft/laws/feed.h"

namespace copycost::raft::properties {
namespace {

// Writes bytes into an inbox, which must have room for them.
void give(any_inbox& inbox, bytes_view bytes) {
  while (!bytes.empty()) {
    const std::span<std::byte> room = must(inbox.space());
    const std::size_t n = std::min(room.size(), bytes.size());
    std::copy_n(bytes.begin(), n, room.begin());
    inbox.wrote(n);
    bytes = bytes.subspan(n);
  }
}

void any_cuts_give_the_same(facade_maker make) {
  const auto f = design_of<facade>(make);
  const drawn_stream s = draw_stream(*f, 12, {.entries = 6, .bytes = 2000});
  for (const cuts& how : all_cuts(draw_number("cuts seed", 0, 9999)))
    check_feed(*f, s.in, s.bytes, {.how = how, .keep = how.size == cuts::kRandom});
}

// Units that are larger than what is left of the room, and than the room: what has come of them moves, with some before
// it.
void units_that_outgrow_the_room_give_the_same(facade_maker make) {
  const auto f = design_of<facade>(make);
  const wire_format format = draw_format(*f);
  rng random = draw_rng("stream");
  const drawn_stream s = some_stream(random, format, draw_number("units", 2, 6), {.entries = 3, .bytes = 100'000});
  check_feed(*f, s.in, s.bytes, {.how = draw_cuts(), .keep = draw_bool("keep"), .applies = draw_bool("applies")});
}

void every_position_of_one_cut_gives_the_same(facade_maker make) {
  const auto f = design_of<facade>(make);
  const drawn_stream s = draw_stream(*f, 3, {.entries = 3, .bytes = 40});
  const met expected = expected_of(s.in, s.bytes);
  for (std::size_t cut = 1; cut < s.bytes.size(); ++cut) {
    any_context x(f->context());
    no_difference(difference(feed(*f, x, s.in, s.bytes, {.how = {cut, 1}}), expected));
  }
}

// Two reads with nothing asked in between, and a reader that asks for nothing until all is there.
void reads_without_a_question_between_them_give_the_same(facade_maker make) {
  const auto f = design_of<facade>(make);
  const drawn_stream s = draw_stream(*f, 6);
  any_context x(f->context());
  any_inbox inbox(x, s.in);
  const auto cut = static_cast<std::size_t>(draw_number("first read", 0, s.bytes.size()));
  give(inbox, bytes_view(s.bytes).first(cut));
  give(inbox, bytes_view(s.bytes).subspan(cut));
  any_message m;
  for (const made_unit& u : s.units) {
    const arrived a = must(inbox.next());
    RC_ASSERT((a.what == arrival::unit));
    if (!a.is_message()) continue;
    must(inbox.message(m));
    no_difference(difference(m.view(), u.arrives));
  }
  RC_ASSERT((must(inbox.next()).what == arrival::none));
  must(inbox.ended());
}

void every_prefix_asks_for_more(facade_maker make) {
  const auto f = design_of<facade>(make);
  const drawn_stream s = draw_stream(*f, 1, {.entries = 3, .bytes = 60});
  for (std::size_t n = 0; n < s.bytes.size(); ++n) {
    any_context x(f->context());
    any_inbox inbox(x, s.in);
    give(inbox, bytes_view(s.bytes).first(n));
    const arrived a = must(inbox.next());
    RC_ASSERT((a.what == arrival::none));
    RC_ASSERT(a.needs > n);
    RC_ASSERT(a.needs <= s.bytes.size());
    RC_ASSERT(inbox.position() == 0u);
    if (n == 0) {
      must(inbox.ended());
      continue;
    }
    const auto ended = inbox.ended();
    RC_ASSERT(!ended.ok());
    const error expected{errc::truncated, 0, a.needs, n};
    RC_ASSERT((ended.error() == expected));
  }
}

void a_stream_that_ends_inside_a_unit_says_where(facade_maker make) {
  const auto f = design_of<facade>(make);
  const drawn_stream s = draw_stream(*f, 5);
  const auto n = static_cast<std::size_t>(draw_number("length", 0, s.bytes.size()));
  check_feed(*f, s.in, bytes_view(s.bytes).first(n), {.how = draw_cuts()});
}

void the_end_between_units_is_fine(facade_maker make) {
  const auto f = design_of<facade>(make);
  const drawn_stream s = draw_stream(*f, 5);
  any_context x(f->context());
  any_inbox inbox(x, s.in);
  must(inbox.ended());
  any_message m;
  for (const made_unit& u : s.units) {
    give(inbox, u.encoded);
    const arrived a = must(inbox.next());
    if (a.is_message()) must(inbox.message(m));
    must(inbox.ended());  // also while the unit is looked at
    RC_ASSERT((must(inbox.next()).what == arrival::none));
    must(inbox.ended());
  }
  RC_ASSERT(inbox.position() == s.bytes.size());
}

// Two connections of one context do not mix, also when a batch ends while both have a part of a unit.
void inboxes_of_one_context_are_apart(facade_maker make) {
  const auto f = design_of<facade>(make);
  const drawn_stream a = draw_stream(*f, 6), b = draw_stream(*f, 6);
  any_context x(f->context());
  any_inbox first(x, a.in), second(x, b.in);
  rng random = draw_rng("parts");
  std::vector<any_message> kept;
  for (std::size_t i = 0; i < std::max(a.units.size(), b.units.size()); ++i) {
    const std::array both = {std::pair(&first, &a), std::pair(&second, &b)};
    std::array<std::size_t, 2> come{};
    for (std::size_t n = 0; n < 2; ++n) {
      const auto& [inbox, s] = both[n];
      if (i >= s->units.size()) continue;
      come[n] = static_cast<std::size_t>(random.below(s->units[i].encoded.size()));
      give(*inbox, bytes_view(s->units[i].encoded).first(come[n]));
      RC_ASSERT((must(inbox->next()).what == arrival::none));
    }
    if (f->batches() && random.below(2) == 0) {
      kept.clear();
      x.applied();
    }
    for (std::size_t n = 0; n < 2; ++n) {
      const auto& [inbox, s] = both[n];
      if (i >= s->units.size()) continue;
      give(*inbox, bytes_view(s->units[i].encoded).subspan(come[n]));
      if (!must(inbox->next()).is_message()) continue;
      must(inbox->message(kept.emplace_back()));
      no_difference(difference(kept.back().view(), s->units[i].arrives));
    }
  }
  must(first.ended());
  must(second.ended());
}

}  // namespace

law_list arriving() {
  return {
      law_of<any_cuts_give_the_same>("one byte, 1460, 16 KiB, all or a random number at a time: the same arrives",
                                     {.cost = 2}),
      law_of<units_that_outgrow_the_room_give_the_same>(
          "what has come of a large unit moves to where it has room, whole", {.cost = 4}),
      law_of<every_position_of_one_cut_gives_the_same>("reads of every length give the same", {.cost = 8}),
      law_of<reads_without_a_question_between_them_give_the_same>(
          "several units in the room are given one after the other"),
      law_of<every_prefix_asks_for_more>("a part of a unit asks for more than is there, and is truncated at the end",
                                         {.cost = 4}),
      law_of<a_stream_that_ends_inside_a_unit_says_where>("the unit's first byte, what it needs, and what came"),
      law_of<the_end_between_units_is_fine>("a peer may stop behind any unit"),
      law_of<inboxes_of_one_context_are_apart>("connections of one context do not disturb each other"),
  };
}

}  // namespace copycost::raft::properties
