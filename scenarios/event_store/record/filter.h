// SPDX-License-Identifier: Apache-2.0
//
// Which events a reader wants: by kind, by entity, by when they happened, or all of it together. Every part that is set
// must fit; an empty part fits everything. A checkpoint is not part of a filter: reads and subscriptions take one.
//
// Threads: a value.
// Cost: of matches(), a look through the kinds and the entities that are set.
#pragma once
#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/event_store/record/record.h"

namespace copycost::event_store {

struct filter {
  std::vector<kind> kinds;              // empty: all; `other` stands for all kinds that are not of the eleven
  std::vector<std::string> kind_names;  // of other kinds, beside `kinds`; both empty: all
  std::vector<std::string> entities;    // empty: all; an event without an entity fits an empty set only
  std::int64_t from = std::numeric_limits<std::int64_t>::min();  // of event_view::time(), both ends included
  std::int64_t to = std::numeric_limits<std::int64_t>::max();

  bool matches(const event_view& e) const {
    return fits_kind(e) && fits_entity(e) && from <= e.time() && e.time() <= to;
  }
  bool wants_everything() const {
    return kinds.empty() && kind_names.empty() && entities.empty() &&
           from == std::numeric_limits<std::int64_t>::min() && to == std::numeric_limits<std::int64_t>::max();
  }

 private:
  bool fits_kind(const event_view& e) const {
    if (kinds.empty() && kind_names.empty()) return true;
    return std::ranges::find(kinds, e.what()) != kinds.end() ||
           (e.what() == kind::other && std::ranges::find(kind_names, e.kind_name()) != kind_names.end());
  }
  bool fits_entity(const event_view& e) const {
    return entities.empty() || std::ranges::find(entities, e.entity()) != entities.end();
  }
};

}  // namespace copycost::event_store
