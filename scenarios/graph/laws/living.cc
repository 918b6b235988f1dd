// SPDX-License-Identifier: Apache-2.0
//
// Laws about lifetimes: items outlive what they were made by and of; memory from elsewhere is given back once, and is
// never written.
#include <algorithm>
#include <array>
#include <optional>

#include "harness/judge/drawn.h"
#include "scenarios/common/laws/law_list.h"
#include "scenarios/common/laws/watched_memory.h"
#include "scenarios/graph/laws/draw.h"

namespace copycost::graph::properties {
namespace {

// Items that have bytes in common, with what each must be.
struct family {
  std::vector<any_item> items;
  std::vector<model_item> models;

  void add(any_item one, model_item m) {
    items.push_back(std::move(one));
    models.push_back(std::move(m));
  }
  void check(const any_context& x) const {
    for (std::size_t i = 0; i < items.size(); ++i) check_equals(x, items[i], models[i]);
  }
  // A share, a part, a branch, or one that is written at once.
  void draw_relative(any_context& x, any_maker& m) {
    const std::size_t of = draw_position("of", items.size() - 1), size = models[of].bytes.size();
    const model_item parent = models[of];
    switch (draw_number("relation", 0, 3)) {
      case 0:
        return add(items[of].share(), parent);
      case 1: {
        const std::size_t pos = draw_position("pos", size), len = draw_position("len", size - pos);
        const model_meta meta = draw_bool("own headers") ? draw_meta("part") : parent.meta;
        return add(must(m.part(items[of], pos, len, numbered(x, meta).is)), must(oracle::part(parent, pos, len, meta)));
      }
      case 2: {
        std::array<any_item, 2> to;
        must(any_design::fan_out(std::move(items[of]), to));
        items[of] = std::move(to[0]);
        return add(std::move(to[1]), parent);
      }
      default: {
        any_item own = items[of].share();
        const std::span<std::byte> room = must(m.make_unique(own));
        std::ranges::fill(room, std::byte{0x5A});
        return add(std::move(own), {parent.meta, byte_string(size, std::byte{0x5A})});
      }
    }
  }
  // One after the other or several at once, and looks at all that are left each time.
  void drop_in_any_order(const any_context& x) {
    while (!items.empty()) {
      check(x);
      const std::size_t from = draw_position("from", items.size() - 1);
      const std::size_t n = draw_bool("at once") ? 1 + draw_position("how many", items.size() - 1 - from) : 1;
      const auto first = static_cast<std::ptrdiff_t>(from), last = static_cast<std::ptrdiff_t>(from + n);
      if (n > 1) any_design::drop(std::span(items).subspan(from, n));
      items.erase(items.begin() + first, items.begin() + last);
      models.erase(models.begin() + first, models.begin() + last);
    }
  }
};

void relatives_outlive_each_other_and_the_maker(facade_maker make) {
  ground g(make);
  std::optional<any_maker> m(g.x);
  family all;
  const model_item first = draw_item("item");
  all.add(make_item(g.x, *m, first, draw_way("way")), first);
  for (std::uint64_t n = draw_number("relatives", 1, 8); n > 0; --n) {
    all.draw_relative(g.x, *m);
    if (draw_number("end the batch", 0, 3) == 0) m->end_batch();
    if (draw_number("another maker", 0, 3) == 0) m.emplace(g.x);  // the last one dies with its batch open
  }
  m.reset();
  all.drop_in_any_order(g.x);
}

void adopted_memory_is_given_back_once(facade_maker make) {
  watched_memory memory;
  {
    ground g(make);
    {
      any_maker m(g.x);
      family all;
      const model_item first = draw_item("item");
      memory.bytes = first.bytes;
      all.add(must(m.adopt(numbered(g.x, first.meta).is, memory.lend())), first);
      RC_ASSERT(memory.released <= 1);
      for (std::uint64_t n = draw_number("relatives", 0, 5); n > 0; --n) all.draw_relative(g.x, m);
      if (draw_bool("end the batch")) m.end_batch();
      all.drop_in_any_order(g.x);  // what was given back too early is overwritten, and does not equal the oracle's
      RC_ASSERT(memory.released <= 1);
    }
    RC_ASSERT(memory.released == 1);  // behind the last item and the batch, also where the context lives on
  }
  RC_ASSERT(memory.released == 1);
}

void lent_memory_is_never_written(facade_maker make) {
  ground g(make);
  const model_item m = draw_item("item");
  byte_string lent = m.bytes;
  family all;
  all.add(must(g.m.adopt(numbered(g.x, m.meta).is, foreign_bytes::lent(lent))), m);
  for (std::uint64_t n = draw_number("relatives", 0, 3); n > 0; --n) all.draw_relative(g.x, g.m);
  for (std::size_t i = all.items.size(); i-- > 0; all.models.pop_back(), all.items.pop_back()) {
    std::ranges::fill(must(g.m.make_unique(all.items[i])), std::byte{0xA5});  // the last one is alone, and lent
    std::ranges::fill(all.models[i].bytes, std::byte{0xA5});
    all.check(g.x);
  }
  RC_ASSERT(same_bytes(lent, m.bytes));
}

constexpr std::string_view kDropClasses[] = {"items of several batches", "items of several makers", "empty places",
                                             "relatives beside each other", "nothing at all"};

void any_row_of_items_is_dropped_at_once(facade_maker make) {
  ground g(make);
  any_maker second(g.x);
  family kept;
  std::vector<any_item> row;
  bool batches = false, makers = false, places = false, relatives = false;
  for (std::uint64_t n = draw_one_of("items", {0, 1, 2, 5, 10, 20}); n > 0; --n) {
    const bool other = draw_bool("by the other maker");
    any_maker& m = other ? second : g.m;
    makers = makers || other;
    const std::uint64_t what = draw_number("what", 0, 4);
    if (what == 0) {
      places = true;
      row.push_back(draw_bool("default") ? empty_item(m) : any_item());
    } else if (what == 1 && !row.empty()) {
      relatives = true;
      row.push_back(row.back().share());
    } else {
      const model_item is = draw_small_item("item");
      row.push_back(make_item(g.x, m, is, draw_way("way")));
      if (draw_bool("a relative stays")) kept.add(row.back().share(), is);
    }
    if (draw_number("end the batch", 0, 3) == 0) {
      m.end_batch();
      batches = true;
    }
  }
  drawn("items of several batches", batches);
  drawn("items of several makers", makers);
  drawn("empty places", places);
  drawn("relatives beside each other", relatives);
  drawn("nothing at all", row.empty());
  any_design::drop(row);
  for (const any_item& one : row) check_empty(one);
  kept.drop_in_any_order(g.x);
}

}  // namespace

law_list living() {
  return {
      law_of<relatives_outlive_each_other_and_the_maker>(
          "an item stays whole in whatever order its relatives are dropped, and when its maker is gone"),
      law_of<adopted_memory_is_given_back_once>(
          "adopted memory is given back once: not before its last item is gone, and not later than its batch"),
      law_of<lent_memory_is_never_written>("no operation on an item writes into memory that was lent to it"),
      law_of<any_row_of_items_is_dropped_at_once>(
          "drop() empties every place, whatever batches and makers the items are of, and nobody else's bytes go",
          {.draws = kDropClasses}),
  };
}

}  // namespace copycost::graph::properties
