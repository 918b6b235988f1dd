// SPDX-License-Identifier: Apache-2.0
// Goal: an aggregate is the number that its window gives. Method: drawn numbers, windows and keys against a model that
// keeps every window as a list.
#include "scenarios/graph/node/control/aggregate.h"

#include <limits>
#include <map>
#include <numeric>

#include "property_tests/scenarios/graph/node/control/draw.h"

namespace copycost::graph {
namespace {

using namespace testing;

result<std::int64_t> decimal(const shaky::item& one) { return decimal_in(one.bytes()); }
std::int64_t number_in(const seen& s) { return number_at(bytes_of_text(s.text), 0).value(); }

std::int64_t model(aggregate_kind kind, const std::vector<std::int64_t>& of) {
  switch (kind) {
    case aggregate_kind::count:
      return static_cast<std::int64_t>(of.size());
    case aggregate_kind::sum:
      return std::accumulate(of.begin(), of.end(), std::int64_t{0});
    case aggregate_kind::least:
      return *std::ranges::min_element(of);
    case aggregate_kind::greatest:
      return *std::ranges::max_element(of);
  }
  return 0;
}
using answers = std::vector<std::pair<std::uint64_t, std::int64_t>>;  // key, number
answers expected_of(const aggregate_options& o, const std::vector<seen>& items) {
  std::map<std::uint64_t, std::vector<std::int64_t>> open;
  std::vector<std::uint64_t> order;  // of the open ones
  answers out;
  std::uint64_t windows = 0;
  const auto close = [&](std::uint64_t key) {
    out.emplace_back(o.by_key ? key : windows, model(o.kind, open[key]));
    ++windows;
    open.erase(key);
    std::erase(order, key);
  };
  for (const seen& s : items) {
    const std::uint64_t key = o.by_key ? s.key : 0;
    if (!open.contains(key)) order.push_back(key);
    open[key].push_back(std::stoll(s.text));
    if (open[key].size() == o.window) close(key);
  }
  while (!order.empty()) close(order.front());
  return out;
}

TEST_CASE("aggregate: windows and keys against the model, whatever fails") {
  constexpr aggregate_kind kKinds[] = {aggregate_kind::count, aggregate_kind::sum, aggregate_kind::least,
                                       aggregate_kind::greatest};
  CHECK(rc::check("aggregate", [&] {
    aggregate_options o;
    o.kind = kKinds[draw_number("kind", 0, 3)];
    o.window = draw_number("window", 0, 7);
    o.by_key = draw_bool("by key");
    auto items = draw_items();
    rng random = draw_rng("numbers");
    for (seen& s : items) s.text = std::to_string(static_cast<std::int64_t>(random.below(2001)) - 1000);
    bench b;
    const with_failures some(draw_failures());
    aggregate<shaky> n(o, decimal);
    b.drive(n, {items});
    answers got;
    for (const seen& s : b.out.sent) got.emplace_back(s.key, number_in(s));
    RC_ASSERT(got == expected_of(o, items));
    RC_ASSERT(n.dropped() == 0u);
    RC_ASSERT(n.held() == 0u);
  }));
}

TEST_CASE("aggregate: an item without a number, and a sum that does not fit, are not counted") {
  bench b;
  aggregate<shaky> n({.kind = aggregate_kind::sum}, decimal);
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  CHECK(b.give(n, std::to_string(kMost - 1)).ok());
  for (const char* text : {"", "x", "1 ", "1.5", "9223372036854775808", "+1", "\n"})
    CHECK(b.give(n, text).error() == error{errc::node_failed, 0, 0, 1});
  CHECK(b.give(n, "2").error() == error{errc::node_failed, 0, 0, 2});
  CHECK(b.give(n, "1\n").ok());
  CHECK(n.ended(0, b.out).ok());
  REQUIRE(b.out.sent.size() == 1);
  CHECK(number_in(b.out.sent[0]) == kMost);
}

TEST_CASE("aggregate: numbers at a place in the payload") {
  const std::string bytes("\xFF\x01\x02\x00\x00\x00\x00\x00\x80", 9);
  CHECK(number_at(bytes_of_text(bytes), 1).value() == std::numeric_limits<std::int64_t>::min() + 0x0201);
  for (const std::size_t pos : {std::size_t{2}, std::size_t{9}, std::size_t{10}, ~std::size_t{0}})
    CHECK_FALSE(number_at(bytes_of_text(bytes), pos).ok());
}

TEST_CASE("aggregate: no more keys than it may have open") {
  bench b;
  aggregate<shaky> n({.window = 2, .by_key = true, .keys_max = 2});
  CHECK(b.give(n, "", 1).ok());
  CHECK(b.give(n, "", 2).ok());
  CHECK(b.give(n, "", 3).error() == error{errc::full, 0, 2, 2});
  CHECK(b.give(n, "", 1).ok());  // closes
  CHECK(b.give(n, "", 3).ok());
}

TEST_CASE("aggregate: of nothing comes nothing") {
  bench b;
  aggregate<shaky> n({});
  b.drive(n, {{}});
  CHECK(b.out.sent.empty());
}

}  // namespace
}  // namespace copycost::graph
