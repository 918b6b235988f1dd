// SPDX-License-Identifier: Apache-2.0
//
// Laws about snapshots: they never change, however many there are, and whatever happens to the store.
#include "scenarios/common/laws/law_list.h"
#include "scenarios/event_store/laws/twin.h"

namespace copycost::event_store::properties {
namespace {

void step(twin& t, rng& random, const style& looks) {
  switch (random.below(8)) {
    case 0:
      t.truncate(t.range().first + random.below(t.range().count() + 1));
      break;
    case 1:
      t.append_in_place(random_draft(random, looks));
      break;
    default:
      t.append(random_batch(random, random_batch_size(random), looks));
  }
}

void snapshots_never_change(facade_maker make) {
  store_options o = draw_options();
  o.events_max = draw_bool("retention") ? draw_number("events_max", 1, 30) : 0;
  twin t(make, o);
  rng random = draw_rng("content");
  std::vector<kept_snapshot> kept;
  kept.push_back(keep(t));
  for (std::uint64_t n = draw_number("steps", 1, 20); n > 0; --n) {
    step(t, random, {});
    if (random.below(3) == 0) kept.push_back(keep(t));
    if (kept.size() > 5) kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(random.below(kept.size())));
    for (const kept_snapshot& k : kept) k.check();
    t.check();
  }
}

// With lists of each, and readers of their own: dropped in any order.
void snapshots_are_dropped_in_any_order(facade_maker make) {
  store_options o = draw_options();
  twin t(make, o);
  rng random = draw_rng("content");
  struct held {
    std::unique_ptr<any_reader> reader;
    std::vector<kept_snapshot> snapshots;
  };
  std::vector<held> all;
  for (std::uint64_t n = draw_number("readers", 1, 4); n > 0; --n)
    all.push_back({std::make_unique<any_reader>(must(t.store().reader())), {}});
  for (std::uint64_t n = draw_number("steps", 1, 15); n > 0; --n) {
    step(t, random, {.small = true});
    held& one = all[random.below(all.size())];
    one.snapshots.push_back({one.reader->snapshot(), t.model().snapshot()});
  }
  t.truncate(t.range().first + draw_number("truncated", 0, t.range().count()));
  while (!all.empty()) {
    const std::size_t i = random.below(all.size());
    if (all[i].snapshots.empty()) {
      all.erase(all.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      auto& row = all[i].snapshots;
      row.erase(row.begin() + static_cast<std::ptrdiff_t>(random.below(row.size())));
    }
    step(t, random, {.small = true});
    for (const held& h : all)
      for (const kept_snapshot& k : h.snapshots) k.check();
  }
  t.check();
}

// A snapshot of before everything, held while many segments are made and given back.
void snapshot_survives_a_long_history(facade_maker make) {
  store_options o = draw_options();
  o.events_max = draw_number("events_max", 1, 50);
  twin t(make, o);
  rng random = draw_rng("content");
  const auto fill = [&](std::uint64_t batches) {
    for (; batches > 0; --batches) t.append(random_batch(random, 16));
  };
  fill(draw_number("before", 0, 4));
  const kept_snapshot k = keep(t);
  const any_list list = must(t.reader().read(kStart));
  fill(draw_number("after", 1, 40));
  k.check();
  check_same(list, k.model.events);
  t.check();
}

// Snapshots that are taken and dropped all the time give back what they held, and nothing else.
void snapshots_come_and_go(facade_maker make) {
  store_options o = draw_options();
  o.events_max = draw_number("events_max", 1, 20);
  twin t(make, o);
  rng random = draw_rng("content");
  const kept_snapshot oldest = keep(t);
  for (std::uint64_t n = draw_number("rounds", 1, 60); n > 0; --n) {
    t.append(random_batch(random, 1 + random.below(8), {.small = true}));
    const kept_snapshot outer = keep(t);
    {
      const kept_snapshot inner = keep(t);
      if (random.below(4) == 0) t.truncate(t.range().end);
      inner.check();
    }
    outer.check();
  }
  oldest.check();
  t.check();
}

}  // namespace

law_list keeping() {
  return {
      law_of<snapshots_never_change>("neither appends nor truncation nor retention are seen through a snapshot",
                                     {.cost = 4}),
      law_of<snapshots_are_dropped_in_any_order>(
          "several snapshots of several readers are whole until the last one is gone", {.cost = 4}),
      law_of<snapshot_survives_a_long_history>(
          "a snapshot that is held shows the same when everything in it is truncated", {.cost = 10}),
      law_of<snapshots_come_and_go>("snapshots inside of snapshots, taken and dropped while the log moves on",
                                    {.cost = 10}),
  };
}

}  // namespace copycost::event_store::properties
