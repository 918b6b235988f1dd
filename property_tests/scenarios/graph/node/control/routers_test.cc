// SPDX-License-Identifier: Apache-2.0
// Goal: routers lose nothing, double nothing and keep order. Method: drawn items with drawn failures of memory against
// the rule that each router states; pinned values of the hash.
#include "scenarios/graph/node/control/routers.h"

#include <map>

#include "property_tests/scenarios/graph/node/control/draw.h"
#include "scenarios/graph/node/control/key_routers.h"

namespace copycost::graph {
namespace {

using namespace testing;

TEST_CASE("routers: broadcast sends each item to each output once, in order, whatever fails") {
  CHECK(rc::check("broadcast", [] {
    const auto outputs = static_cast<unsigned>(draw_number("outputs", 1, 9));
    const auto items = draw_items();
    bench b;
    const with_failures some(draw_failures());
    broadcast<shaky> n(outputs);
    b.drive(n, {items});
    RC_ASSERT(b.out.sent.size() == items.size() * outputs);
    for (unsigned i = 0; i < outputs; ++i) RC_ASSERT(texts(b.out.of(i)) == texts(items));
    RC_ASSERT(n.dropped() == 0u);
    RC_ASSERT(n.held() == 0u);
  }));
}

TEST_CASE("routers: broadcast counts what nobody reads, and the others get theirs") {
  bench b;
  broadcast<shaky> n(3);
  b.out.gone = {1};
  for (int i = 0; i < 5; ++i) CHECK(b.give(n, "x").ok());
  CHECK(b.out.of(0).size() == 5);
  CHECK(b.out.of(2).size() == 5);
  CHECK(n.dropped() == 5);
  CHECK(n.due_ns() == kNever);
}

TEST_CASE("routers: what is too large for one output is counted and said once") {
  bench b;
  broadcast<shaky> n(2);
  b.out.largest = 2;
  CHECK(b.give(n, "abc").ok());
  CHECK(n.dropped() == 2);
  REQUIRE(n.due_ns() == 0);
  CHECK(n.on_time(0, b.out).error() == error{errc::too_large, 0, 2, 3});
  CHECK(n.due_ns() == kNever);
  CHECK(n.on_time(0, b.out).ok());
}

TEST_CASE("routers: item i goes to output i mod n, whatever fails") {
  CHECK(rc::check("round robin", [] {
    const auto outputs = static_cast<unsigned>(draw_number("outputs", 1, 9));
    const auto items = draw_items();
    bench b;
    const with_failures some(draw_failures());
    round_robin<shaky> n(outputs);
    b.drive(n, {items});
    RC_ASSERT(texts(b.out.sent) == texts(items));
    for (std::size_t i = 0; i < b.out.sent.size(); ++i) RC_ASSERT(b.out.sent[i].port == i % outputs);
  }));
}

TEST_CASE("routers: no item is lost to an output whose readers are gone") {
  bench b;
  round_robin<shaky> n(3);
  CHECK(b.give(n, "0").ok());
  b.out.gone = {1};
  for (const char* text : {"1", "2", "3", "4"}) CHECK(b.give(n, text).ok());
  CHECK(b.out.sent == record{{0, "0"}, {2, "1"}, {0, "2"}, {2, "3"}, {0, "4"}});
  b.out.gone = {0, 1, 2};
  shaky::item one = b.item("last");
  CHECK(n.take(0, one, b.out).error().code == errc::closed);
  CHECK(text_of(one.bytes()) == "last");
}

TEST_CASE("routers: an output without room is passed over when the router was asked to") {
  bench b;
  round_robin<shaky> n(3, when_full::pass);
  b.out.full = {0, 1};
  CHECK(b.give(n, "a").ok());
  b.out.full = {0, 1, 2};
  CHECK(b.give(n, "b").ok());  // waits for the one whose turn it is
  b.out.full = {};
  CHECK(b.give(n, "c").ok());
  CHECK(b.out.sent == record{{2, "a"}, {0, "b"}, {1, "c"}});
}

TEST_CASE("routers: the hash of a key is what it always was") {
  CHECK(hash_of_key(0) == 0xe220a8397b1dcdaf);  // the first number of SplitMix64 seeded with 0
  CHECK(hash_of_key(1) == 0x910a2dec89025cc1);
  CHECK(hash_of_key(~std::uint64_t{0}) == 0xe4d971771b652c20);
  CHECK(output_of_key(0, 10) == 8);
  CHECK(output_of_key(1, 10) == 5);
  CHECK(output_of_key(42, 64) == 47);
  for (std::uint64_t key = 0; key < 1000; ++key) CHECK(output_of_key(key, 1) == 0);
}

TEST_CASE("routers: keys that follow each other spread over the outputs") {
  for (const unsigned outputs : {2u, 3u, 10u, 64u}) {
    std::vector<unsigned> count(outputs);
    constexpr unsigned kKeys = 100'000;
    for (std::uint64_t key = 0; key < kKeys; ++key) ++count[output_of_key(key << 12, outputs)];
    for (const unsigned c : count) CHECK((c > kKeys / outputs * 4 / 5 && c < kKeys / outputs * 6 / 5));
  }
}

TEST_CASE("routers: a key has one output, keeps its order, and nothing is lost") {
  CHECK(rc::check("key_hash", [] {
    const auto outputs = static_cast<unsigned>(draw_number("outputs", 1, 9));
    const auto items = draw_items();
    bench b;
    const with_failures some(draw_failures());
    key_hash<shaky> n(outputs);
    b.drive(n, {items});
    RC_ASSERT(texts(b.out.sent) == texts(items));
    for (const seen& s : b.out.sent) RC_ASSERT(s.port == output_of_key(s.key, outputs));
  }));
}

TEST_CASE("routers: a map of keys, with a default and without") {
  CHECK(rc::check("key_map", [] {
    const bool has_default = draw_bool("default");
    const auto items = draw_items();
    bench b;
    const with_failures some(draw_failures());
    const key_map<shaky>::map outputs_of{{0, 1}, {2, 0}, {7, 1}};
    auto made = key_map<shaky>::make(outputs_of, 2, has_default);
    RC_ASSERT(made.ok());
    auto& n = *made.value();
    RC_ASSERT(n.ports().outputs.size() == (has_default ? 3u : 2u));
    b.drive(n, {items});
    record expected;
    for (const seen& s : items) {
      const auto found = outputs_of.find(s.key);
      if (found != outputs_of.end()) expected.push_back({found->second, s.text, s.key});
      if (found == outputs_of.end() && has_default) expected.push_back({2, s.text, s.key});
    }
    RC_ASSERT(b.out.sent == expected);
    RC_ASSERT(n.dropped() == items.size() - expected.size());
  }));
}

TEST_CASE("routers: a map that names an output which is not there") {
  const auto made = key_map<shaky>::make({{5, 2}}, 2, true);
  REQUIRE_FALSE(made.ok());
  CHECK(made.error() == error{errc::bad_parameter, 5, 2, 2});
}

TEST_CASE("routers: an item whose key's output is gone stays the caller's") {
  bench b;
  key_hash<shaky> n(2);
  b.out.gone = {output_of_key(3, 2)};
  shaky::item one = b.item("x", 3);
  CHECK(n.take(0, one, b.out).error().code == errc::closed);
  CHECK(text_of(one.bytes()) == "x");
  CHECK(b.give(n, "y", 0).ok() == (output_of_key(0, 2) != output_of_key(3, 2)));
}

}  // namespace
}  // namespace copycost::graph
