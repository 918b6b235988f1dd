// SPDX-License-Identifier: Apache-2.0
//
// Laws of making items: whatever way an item is made, it has the payload and the metadata that it was made with; what
// moves leave behind; several drafts at once.
#include <algorithm>
#include <optional>

#include "harness/judge/drawn.h"
#include "scenarios/common/laws/law_list.h"
#include "scenarios/graph/laws/draw.h"

namespace copycost::graph::properties {
namespace {

void an_item_is_what_it_was_made_of(facade_maker make) {
  ground g(make);
  const model_item m = draw_item("item");
  classify(m);
  const any_item one = draw_made(g, m, "way");
  check_equals(g.x, one, m);
  RC_ASSERT(same_bytes(one.bytes(), one.bytes()));
  check_equals(g.x, one.share(), m);
  check_equals(g.x, one, m);
}

void default_and_moved_from_items_are_empty(facade_maker make) {
  ground g(make);
  const model_item m = draw_item("item"), nothing;
  any_item one = draw_made(g, m, "way"), other = empty_item(g.m);
  check_empty(other);
  any_item to = one.box()->moved();
  check_empty(one);
  check_equals(g.x, to, m);
  other.box()->assign(*to.box());
  check_empty(to);
  check_equals(g.x, other, m);
  // An empty item does all that another one does.
  check_empty(one.share());
  RC_ASSERT(must(g.m.make_unique(one)).empty());
  check_equals(g.x, must(g.m.part(one, 0, 0, {})), nothing);
  check_equals(g.x, must(g.m.part(to, 0, 0, numbered(g.x, m.meta).is)), {m.meta, {}});
  std::vector<any_item> branches(3);
  must(to.box()->fan_out(branches));
  for (const any_item& branch : branches) check_empty(branch);
  any_design::drop(branches);
  one.box()->assign(*other.box());
  check_equals(g.x, one, m);
}

void items_are_assigned_and_swapped(facade_maker make) {
  ground g(make);
  const model_item m = draw_item("item"), n = draw_small_item("other");
  any_item a = draw_made(g, m, "way"), b = draw_made(g, n, "other way");
  const std::uint64_t owners = a.use_count();
  a.box()->assign(*a.box());
  check_equals(g.x, a, m);
  RC_ASSERT(a.use_count() == owners);
  any_item between = a.box()->moved();
  a.box()->assign(*b.box());
  b.box()->assign(*between.box());
  check_equals(g.x, a, n);
  check_equals(g.x, b, m);
  RC_ASSERT(b.use_count() == owners);
  const any_item twin = b.share();
  b.box()->assign(*a.box());  // drops what it had, and no bytes of others
  check_equals(g.x, b, n);
  check_equals(g.x, twin, m);
  if (!m.bytes.empty()) RC_ASSERT(twin.use_count() == owners);  // an empty one may own nothing, and its room before
}

constexpr std::string_view kDraftClasses[] = {"a draft that is never sealed", "a draft that is used in part",
                                              "a draft that is not used at all", "a draft of another batch"};

struct open_draft {
  any_draft draft;
  model_item is;
  std::size_t room;
};

open_draft draw_draft(ground& g) {
  model_item m = draw_small_item("item");
  const std::size_t room = m.bytes.size() + draw_small_size("more room");
  drawn("a draft that is used in part", room > m.bytes.size() && !m.bytes.empty());
  drawn("a draft that is not used at all", room > 0 && m.bytes.empty());
  any_draft draft = must(g.m.build(numbered(g.x, m.meta).is, room));
  std::ranges::copy(m.bytes, draft.bytes().begin());
  return {std::move(draft), std::move(m), room};
}

void drafts_are_independent(facade_maker make) {
  ground g(make);
  std::vector<open_draft> open;
  std::vector<std::pair<any_item, model_item>> made;
  for (std::uint64_t steps = draw_number("steps", 1, 12); steps > 0; --steps) {
    const std::uint64_t step = draw_number("step", 0, 5);
    if (step < 3 || open.empty()) {
      open.push_back(draw_draft(g));
    } else if (step == 3) {
      g.m.end_batch();
      drawn("a draft of another batch");
    } else {
      const auto which = open.begin() + static_cast<std::ptrdiff_t>(draw_position("which", open.size() - 1));
      drawn("a draft that is never sealed", step == 5);
      if (step == 4) {
        std::ranges::fill(which->draft.bytes().subspan(which->is.bytes.size()), std::byte{0xEE});
        made.emplace_back(must(g.m.seal(std::move(which->draft), which->is.bytes.size())), which->is);
      }
      open.erase(which);
    }
    for (open_draft& o : open) {
      RC_ASSERT(o.draft.bytes().size() == o.room);
      RC_ASSERT(same_bytes(o.draft.bytes().first(o.is.bytes.size()), o.is.bytes));
    }
    for (const auto& [one, m] : made) check_equals(g.x, one, m);
  }
}

}  // namespace

law_list making() {
  return {
      law_of<an_item_is_what_it_was_made_of>("an item has the payload and the metadata that it was made with",
                                             {.draws = kItemClasses}),
      law_of<default_and_moved_from_items_are_empty>(
          "an item that was never filled or was moved from is empty, and can do what every item can"),
      law_of<items_are_assigned_and_swapped>(
          "an item that is assigned to drops what it had; onto itself it changes nothing"),
      law_of<drafts_are_independent>(
          "several drafts are open at once, sealed in any order, short or not at all, over batches",
          {.draws = kDraftClasses}),
  };
}

}  // namespace copycost::graph::properties
