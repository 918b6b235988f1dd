// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/laws/wanted.h"

#include "harness/judge/drawn.h"

namespace copycost::event_store::properties {
namespace {

// Those that events have (draw.cc), one of a built-in kind, one that begins like another, and one that no event has.
constexpr std::string_view kNamesOfKinds[] = {"modified", "created", "renamed", "claimed", "mod", "nobody's", "x"};

void draw_kinds(wanted& w) {
  switch (draw_number("kinds", 0, 5)) {
    case 3:
      w.kinds.push_back(static_cast<kind>(draw_number("kind", 0, kKinds - 1)));
      break;
    case 4:
      for (unsigned k = 0; k < kKinds; k += 2) w.kinds.push_back(static_cast<kind>(k));
      break;
    case 5:
      for (unsigned k = 0; k < kKinds; ++k) w.kinds.push_back(static_cast<kind>(k));
      break;
    default:
      break;
  }
  if (draw_bool("names of kinds"))
    for (std::uint64_t n = draw_number("how many names", 1, 4); n > 0; --n)
      w.kind_names.emplace_back(kNamesOfKinds[draw_number("name of a kind", 0, std::size(kNamesOfKinds) - 1)]);
}

void draw_entities(wanted& w) {
  const auto name = [] { return std::string(entity_name(static_cast<unsigned>(draw_number("entity", 0, 4)))); };
  switch (draw_number("entities", 0, 8)) {
    case 6:
      w.entities = {name()};
      break;
    case 7:
      w.entities = {name()};
      w.entities.push_back(w.entities[0]);
      break;
    case 8:
      w.entities = {name(), name(), name()};
      break;
    default:
      break;
  }
}

void draw_times(wanted& w) {
  switch (draw_number("times", 0, 5)) {
    case 3:
      w.from = -500;
      w.to = 500;
      break;
    case 4:
      w.from = w.to = static_cast<std::int64_t>(draw_number("instant", 0, 20)) - 10;
      break;
    case 5:
      (draw_bool("from") ? w.from : w.to) = static_cast<std::int64_t>(draw_number("end", 0, 1000)) - 500;
      break;
    default:
      break;
  }
}

}  // namespace

wanted draw_wanted() {
  wanted w;
  if (draw_number("filter", 0, 4) == 0) return w;
  draw_kinds(w);
  draw_entities(w);
  draw_times(w);
  return w;
}

void classify(const wanted& w) {
  const filter f = w.as_filter();
  const bool times = f.from != filter().from || f.to != filter().to;
  drawn("everything wanted", f.wants_everything());
  drawn("one kind", w.kinds.size() == 1);
  drawn("several kinds", w.kinds.size() > 1);
  drawn("every kind by its own name", w.kinds.size() == kKinds);
  drawn("one name of another kind", w.kind_names.size() == 1);
  for (const std::string& name : w.kind_names) {
    drawn("several names of other kinds", name != w.kind_names[0]);
    drawn("a name of one of the eleven", kind_of(name) != kind::other);
  }
  drawn("kinds and names of other kinds", !w.kinds.empty() && !w.kind_names.empty());
  drawn("one entity", w.entities.size() == 1);
  drawn("the same entity twice", w.entities.size() == 2);
  drawn("several entities", w.entities.size() > 2);
  drawn("a range of times", times && w.from != w.to);
  drawn("one instant", w.from == w.to);
  drawn("kinds, entities and times", !w.kinds.empty() && !w.entities.empty() && times);
}

}  // namespace copycost::event_store::properties
