// SPDX-License-Identifier: Apache-2.0
//
// A drawn filter, and what it means by the oracle's own code.
//
// Threads: a value; draw_wanted() only inside a property.
#pragma once
#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/event_store/laws/draw.h"
#include "scenarios/event_store/record/filter.h"

namespace copycost::event_store::properties {

struct wanted {
  std::vector<kind> kinds;              // both empty: all
  std::vector<std::string> kind_names;  // of other kinds
  std::vector<std::string> entities;    // empty: all
  std::int64_t from = std::numeric_limits<std::int64_t>::min(), to = std::numeric_limits<std::int64_t>::max();

  bool matches(const owned_event& e) const {
    const owned_draft& d = e.content;
    bool kind_fits = kinds.empty() && kind_names.empty();
    for (const kind k : kinds) kind_fits = kind_fits || k == d.what;
    for (const std::string& name : kind_names) kind_fits = kind_fits || (d.what == kind::other && name == d.kind_name);
    const bool entity_fits = entities.empty() || std::ranges::find(entities, d.entity) != entities.end();
    return kind_fits && entity_fits && from <= d.time && d.time <= to;
  }
  filter as_filter() const {
    filter f;
    f.kinds = kinds;
    f.kind_names = kind_names;
    f.entities = entities;
    f.from = from;
    f.to = to;
    return f;
  }
};

// Each part of a filter for itself: not set, one, several, the same twice; all of them together, too.
wanted draw_wanted();
inline constexpr std::string_view kFilterClasses[] = {"everything wanted",
                                                      "one kind",
                                                      "several kinds",
                                                      "every kind by its own name",
                                                      "one name of another kind",
                                                      "several names of other kinds",
                                                      "a name of one of the eleven",
                                                      "kinds and names of other kinds",
                                                      "one entity",
                                                      "several entities",
                                                      "the same entity twice",
                                                      "a range of times",
                                                      "one instant",
                                                      "kinds, entities and times"};
void classify(const wanted& w);

}  // namespace copycost::event_store::properties
