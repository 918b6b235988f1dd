// SPDX-License-Identifier: Apache-2.0
//
// Laws about truncation, retention, and memory that is given back or that ends.
#include <algorithm>

#include "scenarios/common/laws/law_list.h"
#include "scenarios/event_store/laws/twin.h"

namespace copycost::event_store::properties {
namespace {

void truncation_is_exact(facade_maker make) {
  twin t(make, draw_options());
  rng random = draw_rng("content");
  for (std::uint64_t n = draw_number("rounds", 1, 8); n > 0; --n) {
    t.append(random_batch(random, 1 + random.below(20)));
    const sequence first = t.range().first;
    t.truncate(first + random.below(t.range().count() + 1));
    t.check();
    t.truncate(first);  // what is gone already is gone
    t.check();
  }
}

void truncation_beyond_the_end_is_refused(facade_maker make) {
  twin t(make, draw_options());
  rng random = draw_rng("content");
  t.append(random_batch(random, draw_number("events", 1, 10)));
  for (int i = 0; i < 4; ++i) {
    t.truncate(draw_checkpoint("before", t.range()));
    t.check();
  }
  RC_ASSERT_FALSE(t.truncate(t.range().end + 1));
  RC_ASSERT_FALSE(t.truncate(kStart));
  t.check();
}

void numbers_are_never_used_again(facade_maker make) {
  twin t(make, draw_options());
  rng random = draw_rng("content");
  for (std::uint64_t n = draw_number("rounds", 1, 6); n > 0; --n) {
    t.append(random_batch(random, 1 + random.below(20)));
    t.truncate(t.range().end);
    t.check();
    RC_ASSERT(t.range().count() == 0u);
  }
  t.append(random_batch(random, 2));
  t.check();
}

void retention_by_events_is_exact(facade_maker make) {
  store_options o = draw_options();
  o.events_max = draw_number("events_max", 1, 40);
  twin t(make, o);
  rng random = draw_rng("content");
  for (std::uint64_t n = draw_number("batches", 1, 15); n > 0; --n) {
    t.append(random_batch(random, random_batch_size(random)));
    RC_ASSERT(t.range().count() <= o.events_max);
    t.check();
  }
}

void retention_by_bytes_is_exact(facade_maker make) {
  store_options o = draw_options();
  constexpr std::uint64_t kLimits[] = {1, 64, 500, 1024, 4096, 10'000};
  o.bytes_max = kLimits[draw_number("bytes_max (index)", 0, std::size(kLimits) - 1)];
  if (draw_bool("events too")) o.events_max = draw_number("events_max", 1, 20);
  twin t(make, o);
  rng random = draw_rng("content");
  for (std::uint64_t n = draw_number("batches", 1, 15); n > 0; --n) {
    t.append(random_batch(random, random_batch_size(random)));
    if (random.below(5) == 0) t.truncate(t.range().first + random.below(t.range().count() + 1));
    t.check();
  }
}

// Appends until `bytes` of records have gone through, each event of another entity.
void flow(twin& t, rng& random, std::uint64_t bytes, std::uint64_t& entities) {
  owned_draft d;
  d.what = kind::created;
  for (std::uint64_t sum = 0; sum < bytes;) {
    std::vector<owned_draft> batch;
    for (int i = 0; i < 32; ++i) {
      d.entity = "entity " + std::to_string(entities++);
      d.payload.resize(random.below(300));
      batch.push_back(d);
      sum += (d.record_bytes() + 7) / 8 * 8;
    }
    const auto drafts = views(batch);
    must(t.store().append(drafts));
  }
}

// The bound is generous: a store may keep some segments in reserve, and its index, but nothing that grows with the
// history. Readers are there, and one of them has read; none holds anything.
void memory_is_given_back(facade_maker make) {
  store_options o = small_options();
  o.events_max = draw_number("events_max", 1, 200);
  if (draw_bool("smallest memory")) o.memory_bytes_max = 64 * o.segment_bytes;
  twin t(make, o);
  rng random = draw_rng("content");
  std::uint64_t entities = 0;
  flow(t, random, 256 << 10, entities);
  RC_ASSERT(must(t.reader().read(kStart)).size() == o.events_max);
  const std::uint64_t early = t.store().stats().held_bytes;
  flow(t, random, 2 << 20, entities);
  const std::uint64_t late = t.store().stats().held_bytes;
  RC_ASSERT(late <= 2 * early + (256 << 10));
  RC_ASSERT(must(t.reader().read(kStart)).size() == o.events_max);
}

// What a snapshot has held is given back when it is dropped, at the latest with the appends that follow.
void dropped_snapshot_gives_memory_back(facade_maker make) {
  store_options o = small_options();
  o.events_max = draw_number("events_max", 1, 100);
  twin t(make, o);
  rng random = draw_rng("content");
  std::uint64_t entities = 0;
  flow(t, random, 256 << 10, entities);
  const std::uint64_t early = t.store().stats().held_bytes;
  for (std::uint64_t n = draw_number("snapshots", 1, 3); n > 0; --n) {
    const any_snapshot held = t.reader().snapshot();
    flow(t, random, 512 << 10, entities);
    RC_ASSERT(must(held.read(kStart)).size() == o.events_max);
  }
  flow(t, random, 256 << 10, entities);
  RC_ASSERT(t.store().stats().held_bytes <= 2 * early + (256 << 10));
}

// Designs that reserve their memory end somewhere. Then an append is refused as a whole, everything that is there is
// still there, and truncation makes room again.
void full_store_keeps_what_it_has(facade_maker make) {
  store_options o = small_options();
  o.memory_bytes_max = 64 * o.segment_bytes;
  twin t(make, o);
  rng random = draw_rng("content");
  std::vector<owned_draft> batch = random_batch(random, draw_number("batch", 1, 40));
  const auto append = [&] {
    const auto drafts = views(batch);
    const auto got = t.store().append(drafts);
    if (!got.ok() && got.error().code == errc::store_full) return false;
    must(got);
    return true;
  };
  std::uint64_t appends = 0;
  while (appends < 4000 / batch.size() && append()) ++appends;
  const bounds full{0, appends * batch.size()};
  const auto count_and_compare = [&](sequence first) {
    const any_snapshot s = t.reader().snapshot();
    RC_ASSERT((s.range() == bounds{first, full.end}));
    sequence next = first;
    must(s.read(kStart)).for_each([&](const event_view& e) {
      RC_ASSERT(e.seq() == next++);
      const std::string text = difference(e, batch[e.seq() % batch.size()]);
      no_difference(text);
    });
    RC_ASSERT(next == full.end);
  };
  count_and_compare(0);
  RC_ASSERT((appends == 4000 / batch.size() || appends * batch.size() > 100));
  must(t.store().truncate_before(full.end / 2));
  count_and_compare(full.end / 2);
  must(t.store().truncate_before(full.end));
  RC_ASSERT((appends == 0 || append()));
}

}  // namespace

law_list retaining() {
  return {
      law_of<truncation_is_exact>("truncate_before(s) takes the events before s away, and no other", {.cost = 2}),
      law_of<truncation_beyond_the_end_is_refused>("what is not there yet cannot be truncated", {.cost = 2}),
      law_of<numbers_are_never_used_again>("an empty store goes on behind the last number that it had", {.cost = 2}),
      law_of<retention_by_events_is_exact>("after an append no more than events_max events are left, and no less",
                                           {.cost = 2}),
      law_of<retention_by_bytes_is_exact>("after an append no more than bytes_max bytes are left, or the latest event",
                                          {.cost = 2}),
      law_of<memory_is_given_back>(
          "with retention, memory does not grow with the history, however many entities were in it", {.cost = 40}),
      law_of<dropped_snapshot_gives_memory_back>("what only a snapshot held is given back after it", {.cost = 40}),
      law_of<full_store_keeps_what_it_has>("an append that finds no memory changes nothing, and truncation makes room",
                                           {.cost = 40}),
  };
}

}  // namespace copycost::event_store::properties
