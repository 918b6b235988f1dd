// SPDX-License-Identifier: Apache-2.0
//
// Laws about the events of one entity.
#include "scenarios/common/laws/law_list.h"
#include "scenarios/event_store/laws/twin.h"

namespace copycost::event_store::properties {
namespace {

void entity_lists_are_the_oracles(facade_maker make) {
  twin t(make, draw_options());
  rng random = draw_rng("content");
  const style looks{.names = static_cast<unsigned>(draw_number("names", 1, kNames))};
  for (std::uint64_t n = draw_number("batches", 0, 10); n > 0; --n)
    t.append(random_batch(random, random_batch_size(random), looks));
  if (draw_bool("truncated")) t.truncate(t.range().first + draw_number("how many", 0, t.range().count()));
  const any_snapshot s = t.reader().snapshot();
  for (int i = 0; i < 6; ++i) {
    const std::string_view name = entity_name(static_cast<unsigned>(draw_number("entity", 0, kNames - 1)));
    const sequence after = draw_checkpoint("after", t.range());
    const std::size_t limit = draw_limit("limit", t.range().count() / 2);
    const auto expected = t.model().snapshot().read_entity(name, after, limit);
    check_same(s.read_entity(name, after, limit), expected);
    check_same(t.reader().read_entity(name, after, limit), expected);
  }
  t.check();
}

// Of each entity at each checkpoint: also those that belong to another entity's event.
void entities_at_every_checkpoint(facade_maker make) {
  twin t(make, draw_options());
  rng random = draw_rng("content");
  t.append(random_batch(random, draw_number("events", 1, 30), {.names = 4, .small = true}));
  t.truncate(t.range().first + draw_number("truncated", 0, t.range().count()));
  const bounds b = t.range();
  const any_snapshot s = t.reader().snapshot();
  for (unsigned name = 0; name < 5; ++name)
    for (sequence after = b.first - 2; after != b.end + 2; ++after)
      for (const std::size_t limit : {std::size_t{0}, std::size_t{1}, std::size_t{2}, kAll})
        check_same(s.read_entity(entity_name(name), after, limit),
                   t.model().snapshot().read_entity(entity_name(name), after, limit));
}

// One event for each name, and nothing for what is nearly a name of them.
void entities_are_told_apart(facade_maker make) {
  twin t(make, draw_options());
  rng random = draw_rng("order");
  std::vector<std::string> names;
  for (unsigned i = 0; i < kNames; ++i) names.emplace_back(entity_name(i));
  random.shuffle(names);
  names.resize(draw_number("names", 1, kNames));
  for (const std::string& name : names) {
    owned_draft d = random_draft(random, {.record_max = 600, .small = true});
    d.entity = name;
    t.append({d});
  }
  t.check();
  for (unsigned i = 0; i < kNames; ++i) {
    const std::string name(entity_name(i));
    for (const std::string& asked : {name, name + "x", name.substr(0, name.size() - 1), name + std::string(1, '\0'),
                                     std::string(kNameMax + 1, 'n'), std::string(100'000, 'n')})
      check_same(t.reader().read_entity(asked, kStart), t.model().snapshot().read_entity(asked, kStart));
  }
}

void event_without_entity_belongs_to_none(facade_maker make) {
  twin t(make, draw_options());
  rng random = draw_rng("content");
  for (std::uint64_t n = draw_number("events", 1, 20); n > 0; --n) {
    owned_draft d = random_draft(random);
    if (random.below(2) == 0) {
      d.what = kind::worker_unhealthy;
      d.entity.clear();
      d.kind_name.clear();
      d.payload.clear();
    }
    t.append({d});
  }
  t.check();
  check_same(t.reader().read_entity("", kStart), error{.code = errc::entity_not_found});
}

// Entities come, are truncated away, and come again.
void entity_without_events_is_not_found(facade_maker make) {
  store_options o = draw_options();
  o.events_max = draw_bool("retention") ? draw_number("events_max", 1, 12) : 0;
  twin t(make, o);
  rng random = draw_rng("content");
  const style looks{.names = 12, .small = true};
  for (std::uint64_t n = draw_number("rounds", 1, 10); n > 0; --n) {
    t.append(random_batch(random, 1 + random.below(12), looks));
    if (random.below(2) == 0) t.truncate(t.range().first + random.below(t.range().count() + 1));
    for (unsigned name = 0; name < 12; ++name)
      check_same(t.reader().read_entity(entity_name(name), kStart),
                 t.model().snapshot().read_entity(entity_name(name), kStart));
  }
  t.check();
}

// So many that tables grow several times, with lists and snapshots that began in the small table.
void index_grows_under_its_readers(facade_maker make) {
  store_options o = draw_options();
  o.memory_bytes_max = std::size_t{64} << 20;
  twin t(make, o);
  rng random = draw_rng("content");
  const std::uint64_t entities = draw_number("entities", 100, 3000), batch = draw_number("batch", 1, 100);
  std::vector<kept_snapshot> kept;
  std::vector<std::pair<any_list, model_list>> lists;
  owned_draft d;
  d.what = kind::created;
  for (std::uint64_t i = 0; i < entities;) {
    if (kept.size() < 4 && (i == 0 || random.below(entities) < 2 * batch)) kept.push_back(keep(t));
    std::vector<owned_draft> next;
    for (std::uint64_t k = 0; k < batch; ++k, ++i) {
      d.entity = "entity " + std::to_string(random.below(8) == 0 ? random.below(i + 1) : i);
      next.push_back(d);
    }
    t.append(next);
    if (lists.size() < 3)
      lists.emplace_back(must(t.reader().read_entity(d.entity, kStart)),
                         must(t.model().snapshot().read_entity(d.entity, kStart)));
  }
  for (const kept_snapshot& k : kept) k.check();
  for (const auto& [list, expected] : lists) check_same(list, expected);
  t.check();
}

// One entity with so many events that its list is in many pieces.
void long_entity_is_whole(facade_maker make) {
  store_options o = draw_options();
  twin t(make, o);
  rng random = draw_rng("content");
  const std::uint64_t events = draw_number("events", 1, 2000);
  for (std::uint64_t i = 0; i < events;) {
    std::vector<owned_draft> batch = random_batch(random, 1 + random.below(64), {.names = 2, .small = true});
    for (owned_draft& d : batch)
      if (random.below(4) != 0) d.entity = "long";
    i += batch.size();
    t.append(batch);
  }
  for (int i = 0; i < 4; ++i) {
    t.truncate(t.range().first + random.below(t.range().count() + 1) / 2);
    const sequence after = t.range().first + random.below(t.range().count() + 1) - 1;
    const std::size_t limit = random.below(2) == 0 ? kAll : random.below(t.range().count() + 1);
    check_same(t.reader().read_entity("long", after, limit), t.model().snapshot().read_entity("long", after, limit));
  }
  t.check();
}

}  // namespace

law_list entities() {
  return {
      law_of<entity_lists_are_the_oracles>("read_entity(name, after, limit) shows the events of that name, in order",
                                           {.cost = 2}),
      law_of<entities_at_every_checkpoint>("each entity at each checkpoint, also at other entities' events",
                                           {.cost = 10}),
      law_of<entities_are_told_apart>("names that begin, end, or hash alike are different entities", {.cost = 4}),
      law_of<event_without_entity_belongs_to_none>("an event without an entity is in the log and in no entity's list",
                                                   {.cost = 2}),
      law_of<entity_without_events_is_not_found>(
          "an entity is known as long as an event of it is there, and again later", {.cost = 2}),
      law_of<index_grows_under_its_readers>("thousands of entities, and snapshots from when there were few",
                                            {.cost = 40}),
      law_of<long_entity_is_whole>("an entity of thousands of events, read and truncated at any place", {.cost = 20}),
  };
}

}  // namespace copycost::event_store::properties
