// SPDX-License-Identifier: Apache-2.0
// Goal: an item leaves on the branch that fits, on one only. Method: drawn items against the predicate itself.
#include "scenarios/graph/node/control/branches.h"

#include "property_tests/scenarios/graph/node/control/draw.h"

namespace copycost::graph {
namespace {

using namespace testing;

bool is_even(const shaky::item& i) { return i.meta().key % 2 == 0; }

TEST_CASE("branches: true leaves on 0, false on 1") {
  CHECK(rc::check("if", [] {
    const auto items = draw_items();
    bench b;
    const with_failures some(draw_failures());
    const auto n = make_if<shaky>(is_even);
    b.drive(*n, {items});
    record expected;
    for (const seen& s : items) expected.push_back({s.key % 2 == 0 ? 0u : 1u, s.text, s.key});
    RC_ASSERT(b.out.sent == expected);
  }));
}

TEST_CASE("branches: the first pattern that fits takes the item; others go to the default or are counted") {
  CHECK(rc::check("match", [] {
    const auto items = draw_items();
    const auto other = draw_bool("default") ? otherwise::to_default : otherwise::drop;
    bench b;
    const with_failures some(draw_failures());
    match_node<shaky> n({{"even", is_even},
                         {"third", [](const shaky::item& i) { return i.meta().key % 3 == 0; }},
                         {"even_again", is_even}},
                        other);
    RC_ASSERT(n.ports().outputs.size() == (other == otherwise::drop ? 3u : 4u));
    b.drive(n, {items});
    record expected;
    std::uint64_t dropped = 0;
    for (const seen& s : items) {
      const bool fits = s.key % 2 == 0 || s.key % 3 == 0;
      if (fits) expected.push_back({s.key % 2 == 0 ? 0u : 1u, s.text, s.key});
      if (!fits && other == otherwise::to_default) expected.push_back({3, s.text, s.key});
      dropped += !fits && other == otherwise::drop ? 1 : 0;
    }
    RC_ASSERT(b.out.sent == expected);
    RC_ASSERT(n.dropped() == dropped);
  }));
}

TEST_CASE("branches: what is discarded is counted") {
  bench b;
  discard<shaky> n;
  b.drive(n, {{{0, "a"}, {0, "b"}}});
  CHECK(n.dropped() == 2);
  CHECK(b.out.sent.empty());
}

}  // namespace
}  // namespace copycost::graph
