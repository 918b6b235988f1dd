// SPDX-License-Identifier: Apache-2.0
// Goal: a join gives exactly the pairs that its windows and keys give, and accounts for everything else. Method: drawn
// arrivals against nested loops over all that was taken before.
#include "scenarios/graph/node/control/join.h"

#include "property_tests/scenarios/graph/node/control/draw.h"

namespace copycost::graph {
namespace {

using namespace testing;

struct expected {
  record pairs;     // left, right, left, right ...
  record alone[2];  // by input, as they came
};
// For each item: all of the other input's last `window` before it.
expected nested_loops(const record& taken, std::size_t window) {
  expected out;
  std::vector<bool> met(taken.size());
  for (std::size_t i = 0; i < taken.size(); ++i) {
    std::vector<std::size_t> others;
    for (std::size_t j = i; j-- > 0 && others.size() < window;)
      if (taken[j].port != taken[i].port) others.push_back(j);
    std::ranges::reverse(others);
    for (const std::size_t j : others) {
      if (taken[j].key != taken[i].key) continue;
      met[i] = met[j] = true;
      const bool i_is_left = taken[i].port == 0;
      for (const std::size_t k : {i_is_left ? i : j, i_is_left ? j : i})
        out.pairs.push_back({0, taken[k].text, taken[k].key});
    }
  }
  for (std::size_t i = 0; i < taken.size(); ++i)
    if (!met[i]) out.alone[taken[i].port].push_back({taken[i].port + 1, taken[i].text, taken[i].key});
  return out;
}

TEST_CASE("join: pairs and what is alone against nested loops, whatever fails") {
  CHECK(rc::check("join", [] {
    constexpr join_kind kKinds[] = {join_kind::inner, join_kind::left_outer, join_kind::full_outer};
    const auto kind = kKinds[draw_number("kind", 0, 2)];
    const std::size_t window = draw_number("window", 1, 12);
    rng random = draw_rng("arrivals");
    const std::uint64_t keys = draw_one_of("keys", {1, 4, 40});
    const auto left = drawn_items('l', random.below(40), keys, random);
    const auto right = drawn_items('r', random.below(40), keys, random);
    bench b;
    const with_failures some(draw_failures());
    join<shaky> n({.kind = kind, .window = window});
    b.drive(n, {left, right}, draw_bool("all at once") ? nullptr : &random);
    const expected e = nested_loops(b.taken, window);
    RC_ASSERT(b.out.of(0) == e.pairs);
    RC_ASSERT(b.out.of(1) == (kind == join_kind::inner ? record() : e.alone[0]));
    RC_ASSERT(b.out.of(2) == (kind == join_kind::full_outer ? e.alone[1] : record()));
    std::uint64_t counted = kind == join_kind::full_outer ? 0 : e.alone[1].size();
    counted += kind == join_kind::inner ? e.alone[0].size() : 0;
    RC_ASSERT(n.unmatched() == counted);
    RC_ASSERT(n.dropped() == counted);
    RC_ASSERT(n.held() == 0u);
  }));
}

// "left+right", and planned() failures.
result<shaky::item> plus(const shaky::item& l, const shaky::item& r, shaky::maker& maker) {
  return maker.copy(l.meta(), bytes_of_text(text_of(l.bytes()) + "+" + text_of(r.bytes())));
}

TEST_CASE("join: what the caller makes of a pair is made once, whatever fails") {
  CHECK(rc::check("combine", [] {
    rng random = draw_rng("arrivals");
    const auto left = drawn_items('l', 12, 2, random), right = drawn_items('r', 12, 2, random);
    bench b;
    const with_failures some(draw_failures());
    join<shaky> n({.window = 4, .combine = plus});
    b.drive(n, {left, right}, &random);
    const expected e = nested_loops(b.taken, 4);
    RC_ASSERT(b.out.sent.size() + n.dropped() - n.unmatched() == e.pairs.size() / 2);
    for (std::size_t i = 0; i < b.out.sent.size(); ++i)
      RC_ASSERT(b.out.sent[i].text == e.pairs[2 * i].text + "+" + e.pairs[2 * i + 1].text);
  }));
}

TEST_CASE("join: pairs share the bytes of what was joined") {
  bench b;
  join<shaky> n({});
  shaky::item l = b.item("l", 1), r = b.item("r", 1);
  const std::byte* const places[] = {l.bytes().data(), r.bytes().data()};
  REQUIRE(n.take(0, l, b.out).ok());
  REQUIRE(n.take(1, r, b.out).ok());
  CHECK(b.out.places == std::vector<const std::byte*>{places[0], places[1]});
  CHECK(n.held() == 2);
}

}  // namespace
}  // namespace copycost::graph
