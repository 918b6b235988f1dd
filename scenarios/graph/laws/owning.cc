// SPDX-License-Identifier: Apache-2.0
//
// Laws of owners: make_unique(), use_count() and held_bytes().
#include <algorithm>

#include "harness/judge/drawn.h"
#include "scenarios/common/laws/law_list.h"
#include "scenarios/graph/laws/draw.h"

namespace copycost::graph::properties {
namespace {

constexpr std::string_view kUniqueClasses[] = {"an item without a relative",
                                               "an item with relatives",
                                               "an item whose relatives are gone",
                                               "an item of an earlier batch",
                                               "a maker that did not make it",
                                               "an item asked twice",
                                               "nothing to write"};

// An item of which others have a share, a part or a branch.
struct related {
  any_item one;
  std::vector<any_item> others;
  std::vector<model_item> expected;  // of the others
};

void add_relative(ground& g, related& r, const model_item& m) {
  const std::size_t size = m.bytes.size();
  if (const std::uint64_t relation = draw_number("relation", 0, 2); relation == 0) {
    r.others.push_back(r.one.share());
    r.expected.push_back(m);
  } else if (relation == 1) {
    const std::size_t pos = draw_position("pos", size), len = draw_position("len", size - pos);
    r.others.push_back(must(g.m.part(r.one, pos, len, r.one.meta())));
    r.expected.push_back(must(oracle::part(m, pos, len, m.meta)));
  } else {
    std::vector<any_item> to(2);
    must(any_design::fan_out(std::move(r.one), to));
    r.one = std::move(to[0]);
    r.others.push_back(std::move(to[1]));
    r.expected.push_back(m);
  }
}

void check_others(const ground& g, const related& r) {
  for (std::size_t i = 0; i < r.others.size(); ++i) {
    check_equals(g.x, r.others[i], r.expected[i]);
    RC_ASSERT_FALSE(overlap(r.others[i].bytes(), r.one.bytes()));
  }
}

void make_unique_gives_bytes_of_its_own(facade_maker make) {
  ground g(make);
  model_item m = draw_item("item");
  related r;
  r.one = draw_made(g, m, "way");
  for (std::uint64_t n = draw_number("relatives", 0, 4); n > 0; --n) add_relative(g, r, m);
  drawn("an item without a relative", r.others.empty());
  const bool alone_again = !r.others.empty() && draw_number("they go", 0, 2) == 0;
  if (alone_again) r.others.clear();
  drawn("an item with relatives", !r.others.empty());
  drawn("an item whose relatives are gone", alone_again);
  drawn("nothing to write", m.bytes.empty());
  const bool earlier = draw_bool("end the batch");
  if (earlier) g.m.end_batch();
  drawn("an item of an earlier batch", earlier);
  any_maker other(g.x);
  const bool by_other = draw_bool("by another maker");
  drawn("a maker that did not make it", by_other);
  for (std::uint64_t times = draw_number("times", 1, 2), i = 1; i <= times; ++i) {
    drawn("an item asked twice", i == 2);
    const std::span<std::byte> room = must((by_other ? other : g.m).make_unique(r.one));
    RC_ASSERT(room.size() == m.bytes.size());
    if (!room.empty()) RC_ASSERT((same_address(room.data(), r.one.bytes().data()) && r.one.use_count() <= 1));
    check_equals(g.x, r.one, m);  // metadata too
    check_others(g, r);
    m.bytes = seeded_bytes(m.bytes.size(), 20'000 + i);
    std::ranges::copy(m.bytes, room.begin());
    check_equals(g.x, r.one, m);
    check_others(g, r);
  }
}

void the_only_owner_is_written_in_place(facade_maker make) {
  ground g(make);
  const model_item m = draw_item("item");
  any_item one = make_item(g.x, g.m, m, draw_bool("copied") ? way::copy : way::build);
  if (one.use_count() != 1 || m.bytes.empty()) return;  // the design does not know its owners
  const std::byte* const where = one.bytes().data();
  const std::uint64_t shares = draw_number("shares that come and go", 0, 3);
  for (std::uint64_t n = shares; n > 0; --n) check_equals(g.x, one.share(), m);
  if (draw_bool("moved")) one = one.box()->moved();
  if (draw_bool("end the batch")) g.m.end_batch();
  RC_ASSERT(same_address(must(g.m.make_unique(one)).data(), where));
  check_equals(g.x, one, m);
}

void use_count_counts_owners(facade_maker make) {
  ground g(make);
  const model_item m = draw_item("item");
  const any_item one = draw_made(g, m, "way");
  const std::uint64_t alone = one.use_count();
  RC_ASSERT(alone <= 1u);
  if (m.bytes.empty()) return;  // it may own nothing, and then it has no owners to count
  std::vector<any_item> owners;
  for (std::uint64_t n = draw_number("shares", 1, 5); n > 0; --n) {
    owners.push_back(one.share());
    const bool same = alone != 0 && overlap(owners.back().bytes(), one.bytes());
    RC_ASSERT(one.use_count() == (same ? 1 + owners.size() : alone));
    RC_ASSERT(owners.back().use_count() == one.use_count());
  }
  const std::uint64_t shared = one.use_count();
  {  // Parts with headers of their own may be one owner together.
    const std::size_t pos = draw_position("pos", m.bytes.size() - 1);
    const any_item part = must(g.m.part(one, pos, m.bytes.size() - pos, {}));
    RC_ASSERT((one.use_count() >= shared && one.use_count() <= shared + 1));
    RC_ASSERT((part.use_count() >= alone && part.use_count() <= shared + 1));
  }
  RC_ASSERT(one.use_count() == shared);
  owners.erase(owners.begin() + static_cast<std::ptrdiff_t>(draw_position("gone", owners.size() - 1)));
  if (shared > alone) RC_ASSERT(one.use_count() == 1 + owners.size());
  owners.clear();
  RC_ASSERT(one.use_count() == alone);
}

// What a lone item of its batch may keep beside its payload and headers: what describes a block, and rounding.
constexpr std::uint64_t kDescription = 128;

void an_item_holds_little_beside_its_bytes(facade_maker make) {
  ground g(make);
  const model_item m = draw_item("item");
  const way w = std::vector{way::copy, way::adopt, way::build}[draw_number("way", 0, 2)];
  const any_item one = make_item(g.x, g.m, m, w);  // the first of its batch
  const std::uint64_t own = m.bytes.size() + m.meta.headers.size() * sizeof(header);
  RC_ASSERT(one.held_bytes() >= m.bytes.size());
  RC_ASSERT(one.held_bytes() <= own + kDescription);
  RC_ASSERT(one.share().held_bytes() <= own + kDescription);
  const std::size_t pos = draw_position("pos", m.bytes.size()), len = draw_position("len", m.bytes.size() - pos);
  const any_item part = must(g.m.part(one, pos, len, {}));
  RC_ASSERT(part.held_bytes() >= part.size());
  RC_ASSERT(part.held_bytes() <= one.held_bytes() + kDescription);
}

}  // namespace

law_list owning() {
  return {
      law_of<make_unique_gives_bytes_of_its_own>(
          "after make_unique() an item is the only owner of its bytes, which it may write and no relative sees",
          {.draws = kUniqueClasses}),
      law_of<the_only_owner_is_written_in_place>(
          "make_unique() of the only owner answers the bytes that it has, where a design counts owners"),
      law_of<use_count_counts_owners>(
          "use_count() is the number of items that own the same bytes, where a design counts"),
      law_of<an_item_holds_little_beside_its_bytes>(
          "held_bytes() is at least the payload, and of the first item of a batch little more than it and its headers"),
  };
}

}  // namespace copycost::graph::properties
