// SPDX-License-Identifier: Apache-2.0
//
// Laws about replay and projections: filters, progress, stopping, and that a projection is what its events make of it.
#include <algorithm>

#include "scenarios/common/laws/law_list.h"
#include "scenarios/event_store/follow/replay.h"
#include "scenarios/event_store/laws/twin.h"
#include "scenarios/event_store/laws/wanted.h"
#include "scenarios/event_store/work_items/life.h"
#include "scenarios/event_store/work_items/projection.h"

namespace copycost::event_store::properties {
namespace {

// Lives of work items, files that come and go, and anything else: all kinds of event that a projection can meet.
owned_draft random_event(life& lives, rng& random) {
  static constexpr const char* kFileKinds[] = {"added", "modified", "deleted", "renamed"};
  switch (random.below(4)) {
    case 0:
      return random_draft(random, {.names = 6, .small = true});
    case 1: {
      owned_draft d = random_draft(random, {.names = 6, .small = true});
      if (d.entity.empty()) d.entity = "a";
      d.what = kind::other;
      d.kind_name = kFileKinds[random.below(4)];
      d.related = entity_name(static_cast<unsigned>(random.below(6)));
      return d;
    }
    default:
      return lives.next();
  }
}
void fill(twin& t, std::uint64_t events) {
  rng random = draw_rng("content");
  life lives({.seed = random.next(), .items = 5});
  while (events > 0) {
    std::vector<owned_draft> batch;
    for (std::uint64_t n = std::min<std::uint64_t>(events, 1 + random.below(9)); n > 0; --n, --events)
      batch.push_back(random_event(lives, random));
    t.append(batch);
  }
  if (draw_number("truncated", 0, 3) == 1) t.truncate(t.range().first + draw_number("how many", 0, t.range().count()));
}

// What a replay must answer and show, by the oracle's snapshot.
struct model_replay {
  result<replayed> answer = replayed{};
  std::vector<sequence> seen{};
  std::vector<replay_progress> told{};
};
model_replay expected_replay(const model_snapshot& s, const replay_request& r, const wanted& what, std::uint64_t stop) {
  const auto behind_it = s.read(r.after);
  if (r.wanted.from > r.wanted.to) return {error{.code = errc::invalid_filter}};
  if (!behind_it.ok()) return {behind_it.error()};
  for (const std::string& name : what.entities)
    if (!s.read_entity(name, kStart).ok()) return {error{.code = errc::entity_not_found}};
  model_replay out;
  const std::uint64_t total = behind_it->size();
  replayed done{.checkpoint = s.range().end - 1};
  std::uint64_t at = 0, told = 0;
  for (const event_ptr& e : behind_it.value()) {
    ++at;
    const bool fits = what.matches(*e);
    if (!fits && what.entities.size() == 1 && e->content.entity != what.entities[0]) continue;  // by the index
    if (fits) {
      out.seen.push_back(e->seq);
      ++done.applied;
      done.whole = done.applied != stop;
    }
    if (at / r.every > told && at != total) {
      told = at / r.every;
      out.told.push_back({at, total, e->seq});
    }
    if (!done.whole) {
      done.checkpoint = e->seq;
      out.answer = done;
      return out;
    }
  }
  out.told.push_back({total, total, s.range().end - 1});
  out.answer = done;
  return out;
}

bool same(const replay_progress& a, const replay_progress& b) {
  return a.done == b.done && a.total == b.total && a.at == b.at;
}

void replay_shows_what_fits(facade_maker make) {
  twin t(make, draw_options());
  fill(t, draw_number("events", 0, 80));
  const any_snapshot s = t.reader().snapshot();
  for (int i = 0; i < 4; ++i) {
    wanted what = draw_wanted();
    classify(what);
    if (draw_number("backwards", 0, 9) == 1) {
      what.from = 1;
      what.to = 0;
    }
    replay_request r{.after = draw_checkpoint("after", t.range()), .wanted = what.as_filter(), .progress = {}};
    r.every = draw_number("every", 1, 12);
    r.step = draw_number("step", 1, 20);
    const std::uint64_t stop = draw_number("stop after", 0, 12);  // 0: never
    model_replay got;
    r.progress = [&](const replay_progress& p) {
      got.told.push_back(p);
      return true;
    };
    got.answer = replay(s, r, [&](const event_view& e) {
      got.seen.push_back(e.seq());
      return got.seen.size() != stop;
    });
    const model_replay expected = expected_replay(t.model().snapshot(), r, what, stop);
    RC_ASSERT(got.seen == expected.seen);
    RC_ASSERT(std::ranges::equal(got.told, expected.told, same));
    if (!agree(got.answer, expected.answer)) continue;
    RC_ASSERT(got.answer->applied == expected.answer->applied);
    RC_ASSERT(got.answer->checkpoint == expected.answer->checkpoint);
    RC_ASSERT(got.answer->whole == expected.answer->whole);
  }
}

// Both ends of a range of times belong to it; each event's own time finds it.
void times_include_both_ends(facade_maker make) {
  twin t(make, draw_options());
  fill(t, draw_number("events", 1, 40));
  const any_snapshot s = t.reader().snapshot();
  for (const event_ptr& e : t.model().snapshot().events) {
    replay_request r{.wanted = {}, .progress = {}};
    r.wanted.from = r.wanted.to = e->content.time;
    bool found = false;
    must(replay(s, r, [&](const event_view& one) {
      RC_ASSERT(one.time() == e->content.time);
      found = found || one.seq() == e->seq;
    }));
    RC_ASSERT(found);
  }
}

sequence apply_behind(projection& p, const any_snapshot& s, sequence after, std::uint64_t most) {
  std::uint64_t left = most;
  const auto done = replay(s, {.after = after, .wanted = {}, .progress = {}}, [&](const event_view& e) {
    if (const auto fine = p.apply(e); !fine.ok()) RC_ASSERT(p.last() == e.seq());
    return --left > 0;
  });
  return must(done).checkpoint;
}

// replay(0..n) == replay(0..k), save, restore, replay(k..n): for every k.
void projections_may_be_split_anywhere(facade_maker make) {
  twin t(make, draw_options());
  fill(t, draw_number("events", 1, 50));
  const any_snapshot s = t.reader().snapshot();
  projection whole;
  apply_behind(whole, s, kStart, kAll);
  for (std::uint64_t k = 1; k <= t.range().count(); ++k) {
    projection first;
    const sequence middle = apply_behind(first, s, kStart, k);
    RC_ASSERT(middle == t.range().first + k - 1);
    RC_ASSERT(first.last() == middle);
    const std::string saved = first.save();
    projection second = must(projection::restore(std::as_bytes(std::span(saved))));
    RC_ASSERT(second == first);
    RC_ASSERT(second.save() == saved);
    apply_behind(second, s, middle, kAll);
    RC_ASSERT(second == whole);
    RC_ASSERT(second.digest() == whole.digest());
  }
}

// A replay that is stopped by its progress goes on at its checkpoint, however often; the clock of the machine and of
// the ids moves meanwhile and is not seen.
void stopped_replays_go_on(facade_maker make) {
  twin t(make, draw_options());
  fill(t, draw_number("events", 0, 80));
  const any_snapshot s = t.reader().snapshot();
  projection whole, parts;
  apply_behind(whole, s, kStart, kAll);
  replay_request r{.wanted = {}, .progress = {}};
  r.every = draw_number("every", 1, 20);
  r.step = draw_number("step", 1, 30);
  r.progress = [](const replay_progress&) { return false; };
  for (bool ended = false; !ended;) {
    set_clock(clock_ms() + 86'400'000);
    const replayed done = must(replay(s, r, [&](const event_view& e) { (void)parts.apply(e).ok(); }));
    RC_ASSERT(done.whole || done.applied == r.every);
    RC_ASSERT(done.applied == 0 || parts.last() == done.checkpoint);
    ended = done.whole;
    r.after = done.checkpoint;
  }
  RC_ASSERT(parts == whole);
}

// Neighbours that have no name in common may change places: every item, name and tally comes out the same.
void events_of_different_entities_commute(facade_maker make) {
  twin t(make, draw_options());
  fill(t, draw_number("events", 1, 60));
  const any_snapshot s = t.reader().snapshot();
  const any_list list = must(s.read(kStart));
  std::vector<event_view> order;
  list.for_each([&](const event_view& e) { order.push_back(e); });
  const auto content = [](const std::vector<event_view>& events) {
    work_items items;
    living alive;
    tallies entities;
    for (const event_view& e : events) {
      (void)items.apply(e).ok();
      alive.apply(e);
      entities.apply(e);
    }
    std::string bytes;
    flat_writer to(bytes);
    items.save(to);
    alive.save(to);
    entities.save(to);
    return bytes;
  };
  const std::string expected = content(order);
  rng random = draw_rng("swaps");
  const auto apart = [](const event_view& a, const event_view& b) {
    if (a.what() == kind::worker_unhealthy && b.what() == kind::worker_unhealthy) return false;
    return a.entity() != b.entity() && a.entity() != b.related() && a.related() != b.entity() &&
           (a.related().empty() || a.related() != b.related());
  };
  for (std::size_t n = 20 * order.size(); n > 0 && order.size() > 1; --n) {
    const std::size_t i = random.below(order.size() - 1);
    if (apart(order[i], order[i + 1])) std::swap(order[i], order[i + 1]);
  }
  RC_ASSERT(content(order) == expected);
}

// Valid lives are accepted as they are; an event that was applied is refused the second time and changes nothing.
void valid_lives_are_accepted(facade_maker make) {
  twin t(make, draw_options());
  life lives({.seed = draw_number("seed", 0, 99'999), .items = 1 + static_cast<unsigned>(draw_number("items", 0, 9))});
  for (std::uint64_t n = draw_number("batches", 1, 12); n > 0; --n) t.append(lives.next(10));
  projection p;
  must(replay(t.reader().snapshot(), {.wanted = {}, .progress = {}}, [&](const event_view& e) {
    must(p.apply(e));
    const std::string before = p.save();
    const auto again = p.apply(e);
    RC_ASSERT_FALSE(again.ok());
    RC_ASSERT(again.error().code == errc::wrong_expected_version);
    RC_ASSERT(p.save() == before);
  }));
  RC_ASSERT(p.refused() == 0u);
  std::uint64_t sum = 0;
  for (unsigned i = 0; i < kStates; ++i) {
    const auto s = static_cast<state>(i);
    RC_ASSERT(p.items().in_state(s).size() == p.items().count_in_state(s));
    sum += p.items().count_in_state(s);
  }
  RC_ASSERT(sum == p.items().size());
}

}  // namespace

law_list replaying() {
  return {
      law_of<replay_shows_what_fits>(
          "a replay shows what fits its filter behind its checkpoint, tells its progress and stops where it is told",
          {.draws = kFilterClasses}),
      law_of<times_include_both_ends>("a range of times holds the events at both of its ends"),
      law_of<projections_may_be_split_anywhere>(
          "a projection saved and restored in the middle is that of a replay in one go", {.cost = 2}),
      law_of<stopped_replays_go_on>("a stopped replay goes on at its checkpoint and loses nothing"),
      law_of<events_of_different_entities_commute>("events that have no name in common may come in any order"),
      law_of<valid_lives_are_accepted>("lives along the table of transitions are accepted, and no event twice",
                                       {.cost = 2}),
  };
}

}  // namespace copycost::event_store::properties
