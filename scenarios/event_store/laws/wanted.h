// SPDX-License-Identifier: Apache-2.0
//
// A drawn filter, and what it means by the oracle's own code. Values; draw_wanted() only inside a property.
#pragma once
#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/event_store/filter.h"
#include "scenarios/event_store/laws/draw.h"

namespace copycost::event_store::properties {

struct wanted {
  std::vector<kind> kinds;            // empty: all
  std::vector<std::string> entities;  // empty: all
  std::int64_t from = std::numeric_limits<std::int64_t>::min(), to = std::numeric_limits<std::int64_t>::max();

  bool matches(const owned_event& e) const {
    const owned_draft& d = e.content;
    const bool kind_fits = kinds.empty() || std::ranges::find(kinds, d.what) != kinds.end();
    const bool entity_fits = entities.empty() || std::ranges::find(entities, d.entity) != entities.end();
    return kind_fits && entity_fits && from <= d.time && d.time <= to;
  }
  filter as_filter() const {
    filter f;
    f.kinds = kinds, f.entities = entities, f.from = from, f.to = to;
    return f;
  }
};

inline wanted draw_wanted() {
  wanted w;
  switch (draw_number("filter", 0, 5)) {
    case 0:
    case 1:
      break;
    case 2:
      w.kinds.push_back(static_cast<kind>(draw_number("kind", 0, kKinds - 1)));
      break;
    case 3:
      w.entities.emplace_back(entity_name(static_cast<unsigned>(draw_number("entity", 0, 4))));
      break;
    case 4:
      w.from = -500, w.to = 500;
      break;
    default:
      for (unsigned k = 0; k < kKinds; k += 2) w.kinds.push_back(static_cast<kind>(k));
      w.entities = {std::string(entity_name(0)), std::string(entity_name(2))};
  }
  return w;
}

}  // namespace copycost::event_store::properties
