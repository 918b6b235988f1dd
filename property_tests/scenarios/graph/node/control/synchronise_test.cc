// SPDX-License-Identifier: Apache-2.0
// Goal: bundle i is item i of every input, in the order of the inputs, and what is left over is all there. Method:
// drawn arrivals against the inputs side by side.
#include "scenarios/graph/node/control/synchronise.h"

#include "property_tests/scenarios/graph/node/control/draw.h"

namespace copycost::graph {
namespace {

using namespace testing;

TEST_CASE("synchronise: bundles and the rest, in every order of arrival") {
  CHECK(rc::check("synchronise", [] {
    const auto inputs = static_cast<unsigned>(draw_number("inputs", 1, 6));
    rng random = draw_rng("items");
    std::vector<std::vector<seen>> items;
    std::size_t bundles = ~std::size_t{0};
    for (unsigned i = 0; i < inputs; ++i) {
      items.push_back(drawn_items(static_cast<char>('a' + i), random.below(20), 9, random));
      bundles = std::min(bundles, items[i].size());
    }
    record expected, rest;
    for (std::size_t k = 0; k < bundles; ++k)
      for (unsigned i = 0; i < inputs; ++i) expected.push_back(items[i][k]);
    for (unsigned i = 0; i < inputs; ++i)
      for (std::size_t k = bundles; k < items[i].size(); ++k) rest.push_back({1, items[i][k].text, items[i][k].key});
    bench b;
    const with_failures some(draw_failures());
    synchronise<shaky> n(inputs);
    b.drive(n, items, draw_bool("all at once") ? nullptr : &random);
    RC_ASSERT(b.out.of(0) == expected);
    RC_ASSERT(sorted(b.out.of(1)) == sorted(rest));
    RC_ASSERT(n.leftovers() == rest.size());
    RC_ASSERT(n.held() == 0u);
    RC_ASSERT(n.dropped() == 0u);
  }));
}

TEST_CASE("synchronise: an input waits for the others") {
  bench b;
  synchronise<shaky> n(3);
  CHECK(n.next_port({0b001, 0}) == 0);
  CHECK(b.give(n, "a", 0, 0).ok());
  CHECK(n.next_port({0b001, 0}) == kWait);
  CHECK(n.held() == 1);
  CHECK(b.give(n, "c", 0, 2).ok());
  CHECK(b.out.sent.empty());
  CHECK(n.ended(0, b.out).ok());  // its last item is here
  CHECK(n.next_port({0b111, 0b001}) == 1);
  CHECK(b.give(n, "b", 0, 1).ok());
  CHECK(texts(b.out.of(0)) == std::vector<std::string>{"a", "b", "c"});
  CHECK(b.give(n, "b2", 0, 1).ok());
  CHECK(b.out.sent.back() == seen{1, "b2", 0});
}

}  // namespace
}  // namespace copycost::graph
