// SPDX-License-Identifier: Apache-2.0
//
// Laws about reading: checkpoints, limits, lists, and visitors that have seen enough.
#include <algorithm>

#include "scenarios/common/laws/law_list.h"
#include "scenarios/event_store/laws/twin.h"

namespace copycost::event_store::properties {
namespace {

// A history that may have lost its front.
void fill(twin& t, rng& random, std::uint64_t batches) {
  for (; batches > 0; --batches) t.append(random_batch(random, random_batch_size(random)));
  if (draw_bool("truncated")) t.truncate(t.range().first + draw_number("how many", 0, t.range().count()));
}

void reading_goes_on_behind_a_checkpoint(facade_maker make) {
  twin t(make, draw_options());
  rng random = draw_rng("content");
  fill(t, random, draw_number("batches", 0, 10));
  const any_snapshot s = t.reader().snapshot();
  for (int i = 0; i < 6; ++i) {
    const sequence after = draw_checkpoint("after", t.range());
    const std::size_t limit = draw_limit("limit", t.range().count());
    const auto expected = t.model().snapshot().read(after, limit);
    check_same(s.read(after, limit), expected);
    check_same(t.reader().read(after, limit), expected);
  }
}

// Each checkpoint that there is, one by one, and those just beside them.
void every_checkpoint_is_right(facade_maker make) {
  twin t(make, draw_options());
  rng random = draw_rng("content");
  fill(t, random, draw_number("batches", 0, 6));
  const bounds b = t.range();
  const any_snapshot s = t.reader().snapshot();
  for (sequence after = b.first - 3; after != b.end + 3; ++after)
    for (const std::size_t limit : {std::size_t{0}, std::size_t{1}, std::size_t{3}, kAll}) {
      const auto expected = t.model().snapshot().read(after, limit);
      check_same(s.read(after, limit), expected);
      check_same(t.reader().read(after, limit), expected);
    }
}

void visitors_may_stop(facade_maker make) {
  twin t(make, draw_options());
  rng random = draw_rng("content");
  fill(t, random, draw_number("batches", 1, 8));
  const any_snapshot s = t.reader().snapshot();
  const std::string name(entity_name(static_cast<unsigned>(draw_number("entity", 0, 7))));
  const bool by_entity = draw_bool("of an entity") && t.model().snapshot().read_entity(name, kStart).ok();
  const auto list = must(by_entity ? s.read_entity(name, kStart) : s.read(kStart));
  const auto expected =
      must(by_entity ? t.model().snapshot().read_entity(name, kStart) : t.model().snapshot().read(kStart));
  for (int i = 0; i < 4; ++i) {
    const std::size_t stop = draw_number("stop after", 0, expected.size());
    std::vector<sequence> seen;
    list.for_each([&](const event_view& e) {
      seen.push_back(e.seq());
      return seen.size() < stop;
    });
    RC_ASSERT(seen.size() == std::min(std::max<std::size_t>(stop, 1), expected.size()));
    for (std::size_t k = 0; k < seen.size(); ++k) RC_ASSERT(seen[k] == expected[k]->seq);
  }
  std::size_t visited = 0;
  list.for_each([&](const event_view&) { ++visited; });  // one that answers nothing sees all
  RC_ASSERT(visited == expected.size());
  check_same(list, expected);
}

// A reader's own list keeps what it shows, whatever happens to the store and however many lists there are.
void lists_outlive_later_appends(facade_maker make) {
  store_options o = draw_options();
  o.events_max = draw_bool("retention") ? draw_number("events_max", 1, 20) : 0;
  twin t(make, o);
  rng random = draw_rng("content");
  std::vector<std::pair<any_list, model_list>> kept;
  for (std::uint64_t n = draw_number("steps", 1, 12); n > 0; --n) {
    t.append(random_batch(random, random_batch_size(random)));
    if (random.below(4) == 0) t.truncate(t.range().first + random.below(t.range().count() + 1));
    const sequence after = random.below(3) == 0 ? kStart : t.range().first + random.below(t.range().count() + 1) - 1;
    const std::size_t limit = random.below(2) == 0 ? kAll : random.below(5);
    if (random.below(3) == 0) {
      const std::string_view name = entity_name(static_cast<unsigned>(random.below(8)));
      auto list = t.reader().read_entity(name, after, limit);
      auto expected = t.model().snapshot().read_entity(name, after, limit);
      if (agree(list, expected)) kept.emplace_back(std::move(list).value(), std::move(expected).value());
    } else {
      kept.emplace_back(must(t.reader().read(after, limit)), must(t.model().snapshot().read(after, limit)));
    }
    if (kept.size() > 4) kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(random.below(kept.size())));
    for (const auto& [list, expected] : kept) check_same(list, expected);
  }
}

}  // namespace

law_list reading() {
  return {
      law_of<reading_goes_on_behind_a_checkpoint>(
          "read(after, limit) shows what follows; a checkpoint that is not there is an error"),
      law_of<every_checkpoint_is_right>(
          "each checkpoint from before the first event to behind the last one, with each limit", {.cost = 4}),
      law_of<visitors_may_stop>(
          "a visitor that has seen enough is not called again, and the list can be walked once more"),
      law_of<lists_outlive_later_appends>(
          "a reader's list shows the same events whatever is appended and truncated later", {.cost = 2}),
  };
}

}  // namespace copycost::event_store::properties
