// SPDX-License-Identifier: Apache-2.0
// Goal: groups leave whole, in the order of their first items. Method: drawn items against a model with a list.
#include "scenarios/graph/node/control/group_by.h"

#include "property_tests/scenarios/graph/node/control/draw.h"

namespace copycost::graph {
namespace {

using namespace testing;

record expected_of(std::size_t size, const std::vector<seen>& items) {
  std::vector<record> open;  // in the order of their first items
  record out;
  for (const seen& s : items) {
    auto g = std::ranges::find_if(open, [&](const record& r) { return r[0].key == s.key; });
    if (g == open.end()) g = open.insert(open.end(), record());
    g->push_back(s);
    if (g->size() != size) continue;
    out.insert(out.end(), g->begin(), g->end());
    open.erase(g);
  }
  for (const record& r : open) out.insert(out.end(), r.begin(), r.end());
  return out;
}

TEST_CASE("group_by: groups against the model, whatever fails") {
  CHECK(rc::check("group_by", [] {
    const std::size_t size = draw_number("size", 0, 5);
    const auto items = draw_items();
    bench b;
    const with_failures some(draw_failures());
    group_by<shaky> n({.size = size});
    b.drive(n, {items});
    RC_ASSERT(b.out.sent == expected_of(size, items));
    RC_ASSERT(n.held() == 0u);
    RC_ASSERT(n.dropped() == 0u);
  }));
}

TEST_CASE("group_by: what cannot be sent for want of memory leaves later, before what comes after it") {
  bench b;
  group_by<shaky> n({.size = 2});
  CHECK(b.give(n, "a", 1).ok());
  planned() = {{1}, 0};
  CHECK(b.give(n, "b", 1).ok());
  CHECK(b.out.sent == record{{0, "a", 1}});
  CHECK(n.held() == 1);
  planned() = {};
  CHECK(b.give(n, "c", 2).ok());
  CHECK(b.out.sent == record{{0, "a", 1}, {0, "b", 1}});
  CHECK(n.held() == 1);
}

TEST_CASE("group_by: when it holds as much as it may, only what completes a group is taken") {
  bench b;
  group_by<shaky> n({.size = 2, .held_max = 2});
  CHECK(b.give(n, "a", 1).ok());
  CHECK(b.give(n, "b", 2).ok());
  CHECK(b.give(n, "c", 3).error() == error{errc::full, 0, 2, 2});
  CHECK(b.give(n, "d", 2).ok());
  CHECK(b.out.sent == record{{0, "b", 2}, {0, "d", 2}});
  CHECK(b.give(n, "c", 3).ok());
  CHECK(n.held() == 2);
}

}  // namespace
}  // namespace copycost::graph
