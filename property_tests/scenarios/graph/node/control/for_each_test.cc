// SPDX-License-Identifier: Apache-2.0
// Goal: an item becomes its parts, each once and in order, without a copy, whatever fails. Method: drawn texts against
// splitting by hand; the parts' places against the item's.
#include "scenarios/graph/node/control/for_each.h"

#include "property_tests/scenarios/graph/node/control/draw.h"

namespace copycost::graph {
namespace {

using namespace testing;

std::vector<std::string> lines_of(const std::string& t) {
  std::vector<std::string> out;
  std::string line;
  for (const char c : t) {
    if (c == '\n') out.push_back(std::exchange(line, ""));
    if (c != '\n') line += c;
  }
  if (!line.empty()) out.push_back(line);
  return out;
}
std::vector<seen> draw_texts(std::size_t unit) {
  rng random = draw_rng("texts");
  std::vector<seen> out;
  for (std::uint64_t i = draw_number("items", 0, 12); i-- > 0;) {
    std::string text(random.below(9) * unit, 'x');
    for (char& c : text) c = "ab\n"[random.below(3)];
    out.push_back({0, text, i});
  }
  return out;
}

TEST_CASE("for_each: the parts of drawn texts, whatever fails") {
  CHECK(rc::check("lines", [] {
    const auto items = draw_texts(1);
    bench b;
    const with_failures some(draw_failures());
    const auto n = make_for_each<shaky>(lines{});
    b.drive(*n, {items});
    record expected;
    for (const seen& s : items)
      for (const std::string& line : lines_of(s.text)) expected.push_back({0, line, s.key});
    RC_ASSERT(b.out.sent == expected);
    RC_ASSERT(n->dropped() == 0u);
    RC_ASSERT(n->held() == 0u);
  }));
  CHECK(rc::check("records", [] {
    const std::size_t size = draw_number("record", 1, 5);
    const auto items = draw_texts(size);
    bench b;
    const with_failures some(draw_failures());
    const auto n = make_for_each<shaky>(records{size});
    b.drive(*n, {items});
    record expected;
    for (const seen& s : items)
      for (std::size_t at = 0; at < s.text.size(); at += size) expected.push_back({0, s.text.substr(at, size), s.key});
    RC_ASSERT(b.out.sent == expected);
  }));
}

TEST_CASE("for_each: parts lie where they are in the item, under its metadata") {
  bench b;
  const auto n = make_for_each<shaky>(lines{});
  const name_id name = b.names_.intern("kind").value(), value = b.names_.intern("log").value();
  const header headers[] = {{name, value}};
  shaky::item one = std::move(slice_maker(b.names_).copy({7, 5, headers}, bytes_of_text("ab\n\ncd"))).value();
  const std::byte* const at = one.bytes().data();
  REQUIRE(n->take(0, one, b.out).ok());
  CHECK(b.out.sent == record{{0, "ab", 5}, {0, "", 5}, {0, "cd", 5}});
  CHECK(b.out.places[0] == at);
  CHECK(b.out.places[2] == at + 4);
}

TEST_CASE("for_each: lines with and without an end") {
  CHECK(lines_of("a\nb") == std::vector<std::string>{"a", "b"});
  bench b;
  const auto n = make_for_each<shaky>(lines{});
  for (const char* text : {"", "\n", "a", "a\n", "\n\nb\n"}) CHECK(b.give(*n, text).ok());
  CHECK(texts(b.out.sent) == std::vector<std::string>{"", "a", "a", "", "", "b"});
}

TEST_CASE("for_each: a torn record is refused, and nothing of the item is sent") {
  bench b;
  const auto n = make_for_each<shaky>(records{4});
  shaky::item one = b.item("abcdefghij");
  CHECK(n->take(0, one, b.out).error() == error{errc::truncated_input, 8, 4, 2});
  CHECK(one.size() == 10);
  CHECK(b.out.sent.empty());
}

TEST_CASE("for_each: by a function") {
  bench b;
  // Every word, without the spaces.
  const auto n = make_for_each<shaky>(split_by{[](bytes_view whole, std::size_t from) {
    std::size_t end = from;
    while (end < whole.size() && whole[end] != std::byte{' '}) ++end;
    return part_at{from, end - from, end + 1};
  }});
  CHECK(b.give(*n, "to be or").ok());
  CHECK(texts(b.out.sent) == std::vector<std::string>{"to", "be", "or"});
}

TEST_CASE("for_each: a part that is too large is counted and said, the others go out") {
  bench b;
  const auto n = make_for_each<shaky>(lines{});
  b.out.largest = 2;
  CHECK(b.give(*n, "a\nbcd\ne").ok());
  CHECK(texts(b.out.sent) == std::vector<std::string>{"a", "e"});
  CHECK(n->dropped() == 1);
  CHECK(n->on_time(0, b.out).error().code == errc::too_large);
  shaky::item one = b.item("bcd\na");
  CHECK(n->take(0, one, b.out).error().code == errc::too_large);  // the first: the item is the caller's
  CHECK(one.size() == 5);
  CHECK(b.out.sent.size() == 2);
}

TEST_CASE("for_each: what is left when the run ends without memory is counted by part") {
  bench b;
  const auto n = make_for_each<shaky>(lines{});
  const with_failures later({2, 3, 4, 5});
  CHECK(b.give(*n, "a\nb\nc\nd\n").ok());
  CHECK(n->held() == 1);
  CHECK(n->due_ns() == 0);
  CHECK(n->finish(b.out).error() == kNoMemory);
  CHECK(texts(b.out.sent) == std::vector<std::string>{"a"});
  CHECK(n->dropped() == 3);
}

}  // namespace
}  // namespace copycost::graph
