// SPDX-License-Identifier: Apache-2.0
//
// Laws of branches: fan-out, writing to one's own, what outlives what, and threads.
#include <algorithm>
#include <atomic>
#include <latch>
#include <thread>

#include "scenarios/common/laws/law_list.h"
#include "scenarios/graph/laws/draw.h"

namespace copycost::graph::properties {
namespace {

void branches_are_equal_and_apart(facade_maker make) {
  const auto f = design_of<facade>(make);
  any_context x = f->context();
  any_maker m(x);
  const model_item model = draw_item("item");
  any_item item = draw_made(x, m, model, "way");
  const bool stays = draw_bool("the source stays");
  any_item source = stays ? item.share() : any_item();
  std::vector<any_item> to(static_cast<std::size_t>(draw_number("branches", 1, 9)));
  must(any_design::fan_out(std::move(item), to));
  std::vector<model_item> expected(to.size(), model);
  for (std::uint64_t n = draw_number("writes", 0, 4); n > 0; --n) {
    const std::size_t at = static_cast<std::size_t>(draw_number("writer", 0, to.size() - 1));
    const std::span<std::byte> own = must(m.make_unique(to[at]));
    RC_ASSERT(own.size() == model.bytes.size());
    RC_ASSERT(same_bytes(own, expected[at].bytes));
    std::ranges::fill(own, std::byte(n));
    std::ranges::fill(expected[at].bytes, std::byte(n));
    if (draw_bool("a batch ends")) m.end_batch();
    for (std::size_t b = 0; b < to.size(); ++b) check_equals(x, to[b], expected[b]);
  }
  if (stays) check_equals(x, source, model);
  any_design::drop(std::span(to).first(to.size() / 2));
  for (std::size_t b = 0; b < to.size(); ++b) check_equals(x, to[b], b < to.size() / 2 ? model_item() : expected[b]);
}

void a_unique_item_is_written_and_no_other(facade_maker make) {
  const auto f = design_of<facade>(make);
  any_context x = f->context();
  any_maker m(x);
  model_item model = draw_item("item");
  any_item item = draw_made(x, m, model, "way");
  const std::size_t pos = draw_position("position", model.bytes.size()),
                    len = draw_position("length", model.bytes.size() - pos);
  any_item part = must(m.part(item, pos, len, {}));
  const model_item part_model = model.part(pos, len, {});
  const bool writes_part = draw_bool("the part is written");
  any_item& written = writes_part ? part : item;
  model_item written_model = writes_part ? part_model : model;
  const std::span<std::byte> own = must(m.make_unique(written));
  for (std::byte& b : own) b ^= std::byte{0xFF};
  for (std::byte& b : written_model.bytes) b ^= std::byte{0xFF};
  check_equals(x, item, writes_part ? model : written_model);
  check_equals(x, part, writes_part ? written_model : part_model);
  // Alone now: another time it is written where it is.
  (writes_part ? item : part) = any_item();
  const std::span<std::byte> again = must(m.make_unique(written));
  RC_ASSERT(again.empty() || same_address(again.data(), own.data()) || !f->is_zero_copy() ||
            same_bytes(again, written_model.bytes));
  check_equals(x, written, written_model);
}

void items_outlive_their_maker_and_source(facade_maker make) {
  const auto f = design_of<facade>(make);
  any_context x = f->context();
  std::vector<any_item> kept;
  std::vector<model_item> models;
  for (std::uint64_t makers = draw_number("makers", 1, 4); makers > 0; --makers) {
    any_maker m(x);
    for (std::uint64_t n = draw_number("items", 0, 6); n > 0; --n) {
      const model_item model = draw_item("item");
      any_item item = draw_made(x, m, model, "way");
      if (draw_bool("a batch ends")) m.end_batch();
      if (!draw_bool("it is kept")) continue;
      kept.push_back(std::move(item));
      models.push_back(model);
    }
  }
  for (std::size_t i = 0; i < kept.size(); ++i) check_equals(x, kept[i], models[i]);
  while (!kept.empty()) {
    const auto at = static_cast<std::ptrdiff_t>(draw_number("dropped", 0, kept.size() - 1));
    kept.erase(kept.begin() + at);
    models.erase(models.begin() + at);
    for (std::size_t i = 0; i < kept.size(); ++i) check_equals(x, kept[i], models[i]);
  }
}

constexpr int kMeetings = 2000;

void threads_share_write_and_drop(facade_maker make) {
  const auto f = design_of<facade>(make);
  any_context x = f->context();
  any_maker m(x);
  const model_item model = draw_item("item");
  any_item item = draw_made(x, m, model, "way");
  const std::uint64_t threads = draw_number("threads", 2, 4);
  std::vector<any_item> to(static_cast<std::size_t>(threads));
  must(any_design::fan_out(item.share(), to));
  std::atomic<int> wrong = 0;
  std::latch start(static_cast<std::ptrdiff_t>(threads));
  {
    std::vector<std::jthread> all;
    for (any_item& own : to)
      all.emplace_back([&x, &model, &start, &wrong, mine = std::move(own)]() mutable {
        any_maker here(x);
        start.arrive_and_wait();
        for (int i = 0; i < kMeetings; ++i) mine = mine.share();
        if (!difference(x, mine, model).empty()) ++wrong;
        model_item changed = model;
        if (const auto bytes = here.make_unique(mine); bytes.ok()) {
          std::ranges::fill(bytes.value(), std::byte{7});
          std::ranges::fill(changed.bytes, std::byte{7});
        } else {
          ++wrong;
        }
        if (!difference(x, mine, changed).empty()) ++wrong;
      });
  }
  RC_ASSERT(wrong.load() == 0);
  check_equals(x, item, model);
}

}  // namespace

law_list branching() {
  return {
      law_of<branches_are_equal_and_apart>(
          "each branch has an item that equals the one given; what one writes, no other sees", {.draws = kItemClasses}),
      law_of<a_unique_item_is_written_and_no_other>("an item that is made unique is written, a part of it or the whole "
                                                    "is not",
                                                    {.draws = kItemClasses}),
      law_of<items_outlive_their_maker_and_source>(
          "items stay what they are when their maker ends, a batch ends and others are dropped", {.cost = 4}),
      law_of<threads_share_write_and_drop>(
          "threads share, read, write and drop items of common bytes, and each sees its own",
          {.cost = 10, .draws = kItemClasses, .threads = kThreads}),
  };
}

}  // namespace copycost::graph::properties
