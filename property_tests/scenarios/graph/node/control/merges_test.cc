// SPDX-License-Identifier: Apache-2.0
// Goal: a merge loses nothing, keeps the order of each input, and takes turns as its name says. Method: drawn arrivals
// against the rule of each order.
#include "scenarios/graph/node/control/merges.h"

#include "property_tests/scenarios/graph/node/control/draw.h"

namespace copycost::graph {
namespace {

using namespace testing;

constexpr merge_order kOrders[] = {merge_order::interleave, merge_order::take_turns, merge_order::in_sequence,
                                   merge_order::strict_priority};

TEST_CASE("merges: nothing is lost and each input keeps its order, in every order of arrival") {
  CHECK(rc::check("merge", [] {
    const auto order = kOrders[draw_number("order", 0, 3)];
    const auto inputs = static_cast<unsigned>(draw_number("inputs", 1, 6));
    rng random = draw_rng("items");
    std::vector<std::vector<seen>> items;
    for (unsigned i = 0; i < inputs; ++i)
      items.push_back(drawn_items(static_cast<char>('a' + i), random.below(40), 3, random));
    bench b;
    merge<shaky> n(inputs, order);
    b.drive(n, items, draw_bool("all at once") ? nullptr : &random);
    std::size_t all = 0;
    for (unsigned i = 0; i < inputs; ++i) {
      record of_input;
      for (const seen& s : b.out.sent)
        if (s.text[0] == static_cast<char>('a' + i)) of_input.push_back(s);
      RC_ASSERT(of_input == items[i]);
      all += items[i].size();
      if (order == merge_order::in_sequence && i > 0 && !items[i].empty())
        RC_ASSERT(b.out.sent[all - items[i].size()] == items[i][0]);
    }
    RC_ASSERT(b.out.sent.size() == all);
    RC_ASSERT(n.dropped() == 0u);
  }));
}

std::string taken_by(merge_order order, const std::vector<std::size_t>& sizes) {
  bench b;
  std::vector<std::vector<seen>> items;
  for (std::size_t i = 0; i < sizes.size(); ++i)
    items.emplace_back(sizes[i], seen{0, std::string(1, static_cast<char>('a' + i)), 0});
  merge<shaky> n(static_cast<unsigned>(sizes.size()), order);
  b.drive(n, items);
  std::string out;
  for (const seen& s : b.out.sent) out += s.text;
  return out;
}

TEST_CASE("merges: who comes when all have something") {
  CHECK(taken_by(merge_order::in_sequence, {2, 3, 1}) == "aabbbc");
  CHECK(taken_by(merge_order::strict_priority, {2, 3, 1}) == "aabbbc");
  const std::string turns = taken_by(merge_order::take_turns, {3, 5, 3});
  CHECK(turns.substr(0, 9).find("aa") == std::string::npos);
  CHECK(turns.substr(0, 9).find("bb") == std::string::npos);
  CHECK(turns.ends_with("bb"));
  const std::string bursts = taken_by(merge_order::interleave, {100, 100});
  for (std::size_t from = 0; from < 192; from += 64) {
    const char first = bursts[from];
    CHECK(bursts.substr(from, 32) == std::string(32, first));
    CHECK(bursts.substr(from + 32, 32) == std::string(32, first == 'a' ? 'b' : 'a'));
  }
}

TEST_CASE("merges: an input that is not ready does not stall the others, unless it comes first in a sequence") {
  for (const auto order : kOrders) {
    merge<shaky> n(3, order);
    CHECK(n.next_port({0b100, 0}) == (order == merge_order::in_sequence ? kWait : 2));
    CHECK(n.next_port({0b100, 0b011}) == 2);
    CHECK(n.next_port({0, 0b011}) == kWait);
  }
}

TEST_CASE("merges: priority is asked anew for each item") {
  merge<shaky> n(64, merge_order::strict_priority);
  CHECK(n.next_port({std::uint64_t{1} << 63, 0}) == 63);
  CHECK(n.next_port({std::uint64_t{1} << 63 | 2, 0}) == 1);
  CHECK(n.next_port({~std::uint64_t{0}, 0}) == 0);
  CHECK(n.next_port({~std::uint64_t{0}, 0}) == 0);
}

TEST_CASE("merges: a sequence takes what an ended input still holds") {
  merge<shaky> n(64, merge_order::in_sequence);
  CHECK(n.next_port({0b11, 0b1}) == 0);
  CHECK(n.next_port({0b10, 0b1}) == 1);
  CHECK(n.next_port({std::uint64_t{1} << 63, ~std::uint64_t{0} >> 1}) == 63);
}

}  // namespace
}  // namespace copycost::graph
