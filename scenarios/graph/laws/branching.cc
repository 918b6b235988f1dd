// SPDX-License-Identifier: Apache-2.0
//
// Laws of fan-out: every branch gets an item that equals the one given, and what a branch does with its own, no other
// sees.
#include <algorithm>

#include "harness/judge/drawn.h"
#include "scenarios/common/laws/law_list.h"
#include "scenarios/graph/laws/draw.h"

namespace copycost::graph::properties {
namespace {

constexpr std::string_view kBranchClasses[] = {"one branch",
                                               "two branches",
                                               "64 branches or more",
                                               "an empty item to several branches",
                                               "an item that others hold",
                                               "branches dropped one by one",
                                               "branches dropped at once"};
constexpr std::string_view kWriterClasses[] = {"no branch writes", "one branch writes",
                                               "every branch of several writes", "a branch writes twice"};

// Small items go to more branches.
std::size_t draw_branches(const model_item& m) {
  const std::size_t n = draw_one_of("branches", {1, 2, 3, 4, 10, 32, 64, 100});
  return m.bytes.size() > 4096 ? std::min<std::size_t>(n, 4) : n;
}

// Branches with what each of them must hold.
struct fan {
  fan(ground& on, const model_item& is, any_item from, std::size_t n) : g(on), items(n), models(n, is) {
    must(from.box()->fan_out(items));
    check_empty(from);
  }
  void check() const {
    for (std::size_t i = 0; i < items.size(); ++i) check_equals(g.x, items[i], models[i]);
  }
  void write(std::size_t branch, std::uint64_t seed) {
    any_maker of_branch(g.x);  // each branch has its own
    const byte_string bytes = seeded_bytes(models[branch].bytes.size(), seed);
    std::ranges::copy(bytes, must(of_branch.make_unique(items[branch])).begin());
    models[branch].bytes = bytes;
  }
  void drop(std::size_t from, std::size_t n) {
    const std::span<any_item> gone = std::span(items).subspan(from, n);
    any_design::drop(gone);
    for (const any_item& one : gone) check_empty(one);
    const auto first = static_cast<std::ptrdiff_t>(from), last = static_cast<std::ptrdiff_t>(from + n);
    items.erase(items.begin() + first, items.begin() + last);
    models.erase(models.begin() + first, models.begin() + last);
  }
  ground& g;
  std::vector<any_item> items;
  std::vector<model_item> models;
};

void every_branch_gets_an_equal_item(facade_maker make) {
  ground g(make);
  const model_item m = draw_item("item");
  any_item one = draw_made(g, m, "way");
  const any_item twin = draw_bool("others hold it") ? one.share() : any_item();
  drawn("an item that others hold", twin.box() != nullptr);
  const std::uint64_t before = one.use_count();
  fan to(g, m, std::move(one), draw_branches(m));
  to.check();
  const std::uint64_t n = to.items.size();
  drawn("one branch", n == 1);
  drawn("two branches", n == 2);
  drawn("64 branches or more", n >= 64);
  drawn("an empty item to several branches", n > 1 && m.bytes.empty());
  if (!m.bytes.empty())  // owners are counted, or each branch has bytes of its own, or the design does not know
    for (const any_item& each : to.items)
      RC_ASSERT((each.use_count() == before + n - 1 || (each.use_count() == before && before <= 1)));
  // A branch of a branch.
  const std::size_t which = draw_position("branch", to.items.size() - 1);
  fan again(g, m, std::move(to.items[which]), draw_number("branches of it", 1, 4));
  again.check();
  to.items[which] = again.items.back().share();
  to.check();
  while (!to.items.empty()) {
    const std::size_t from = draw_position("from", to.items.size() - 1);
    const std::size_t gone = draw_bool("at once") ? 1 + draw_position("how many", to.items.size() - 1 - from) : 1;
    drawn("branches dropped one by one", gone == 1);
    drawn("branches dropped at once", gone > 1);
    to.drop(from, gone);
    if (to.items.size() < 9) to.check();
  }
  again.check();
  if (twin.box() != nullptr) check_equals(g.x, twin, m);
}

void what_a_branch_writes_no_other_sees(facade_maker make) {
  ground g(make);
  const model_item m = draw_item("item");
  fan to(g, m, draw_made(g, m, "way"), draw_branches(m));
  const std::uint64_t writers = draw_one_of("writers", {0, 1, 2, 1'000});
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < std::min<std::size_t>(writers, to.items.size()); ++i) order.push_back(i);
  if (writers == 2) order.push_back(0);
  drawn("no branch writes", writers == 0);
  drawn("one branch writes", writers == 1);
  drawn("every branch of several writes", writers > 2 && to.items.size() > 1);
  drawn("a branch writes twice", writers == 2);
  draw_rng("order").shuffle(order);
  std::uint64_t seed = 10'000;
  for (const std::size_t i : order) {
    to.write(i, ++seed);
    if (to.items.size() < 9) to.check();
  }
  to.check();
  // Branches that are gone change nothing for those that write now.
  while (to.items.size() > 1) {
    to.drop(draw_position("gone", to.items.size() - 1), 1);
    if (draw_number("write", 0, 3) == 0) to.write(draw_position("writer", to.items.size() - 1), ++seed);
    if (to.items.size() < 9) to.check();
  }
}

}  // namespace

law_list branching() {
  return {
      law_of<every_branch_gets_an_equal_item>(
          "fan_out() gives every branch an item that equals the one given, which is used up",
          {.draws = kBranchClasses}),
      law_of<what_a_branch_writes_no_other_sees>(
          "what none, one or every branch writes into its item, no other branch sees", {.draws = kWriterClasses}),
  };
}

}  // namespace copycost::graph::properties
