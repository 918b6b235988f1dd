// SPDX-License-Identifier: Apache-2.0
// Goal: a transform changes its own item and no other, copies only where bytes are shared, applies a change once, and
// leaves the item as it was when it fails. Method: items with and without a second owner, with drawn failures.
#include "scenarios/graph/node/control/transforms.h"

#include "property_tests/scenarios/graph/node/control/draw.h"

namespace copycost::graph {
namespace {

using namespace testing;

std::string upper(std::string t) {
  for (char& c : t) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return t;
}
void make_upper(std::span<std::byte> bytes) {
  const std::string changed = upper(text_of(bytes));
  std::copy(changed.begin(), changed.end(), reinterpret_cast<char*>(bytes.data()));
}
std::size_t upper_without_last(std::span<std::byte> bytes) {
  make_upper(bytes);
  return bytes.empty() ? 0 : bytes.size() - 1;
}
result<void> upper_unless_x(std::span<std::byte> bytes) {
  make_upper(bytes);
  if (!bytes.empty() && bytes[0] == std::byte{'X'}) return error{errc::node_failed, 0, 0, 9};
  return {};
}
struct checked_upper {
  result<void> check(bytes_view bytes) const {
    if (!bytes.empty() && bytes[0] == std::byte{'x'}) return error{errc::node_failed, 0, 0, 9};
    return {};
  }
  void apply(std::span<std::byte> bytes) const { make_upper(bytes); }
};
static_assert(checked_change<checked_upper>);
static_assert(!checked_change<decltype(&upper_unless_x)>);

// Nothing for even keys, else the text twice.
result<std::optional<shaky::item>> odd_twice(const shaky::item& one, shaky::maker& maker) {
  if (one.meta().key % 2 == 0) return std::optional<shaky::item>();
  const std::string twice = text_of(one.bytes()) + text_of(one.bytes());
  auto made = maker.copy(one.meta(), bytes_of_text(twice));
  if (!made) return made.error();
  return std::optional<shaky::item>(std::move(made).value());
}

TEST_CASE("transforms: borrow or own passes on as it is, or what the callback made") {
  CHECK(rc::check("borrow_or_own", [] {
    const auto items = draw_items();
    bench b;
    const with_failures some(draw_failures());
    const auto n = make_borrow_or_own<shaky>(odd_twice);
    b.drive(*n, {items});
    RC_ASSERT(b.out.sent.size() == items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      const seen& in = items[i];
      RC_ASSERT(b.out.sent[i] == (seen{0, in.key % 2 == 0 ? in.text : in.text + in.text, in.key}));
    }
  }));
}

TEST_CASE("transforms: what passes on as it is has the bytes that it had") {
  bench b;
  const auto n = make_borrow_or_own<shaky>(odd_twice);
  shaky::item one = b.item("abc", 2);
  const std::byte* const at = one.bytes().data();
  REQUIRE(n->take(0, one, b.out).ok());
  CHECK(b.out.places[0] == at);
}

TEST_CASE("transforms: a change in place happens once, whatever fails") {
  CHECK(rc::check("in_place", [] {
    auto items = draw_items();
    const bool cuts = draw_bool("cuts");
    bench b;
    const with_failures some(draw_failures());
    std::size_t calls = 0;
    const auto n = make_in_place<shaky>([&](std::span<std::byte> bytes) {
      ++calls;
      const std::size_t left = upper_without_last(bytes);
      return cuts ? left : bytes.size();
    });
    b.drive(*n, {items});
    for (seen& s : items) s.text = upper(cuts ? s.text.substr(0, s.text.size() - 1) : s.text);
    RC_ASSERT(b.out.sent == items);
    RC_ASSERT(calls == items.size());
    RC_ASSERT(n->dropped() == 0u);
    RC_ASSERT(n->held() == 0u);
  }));
}

TEST_CASE("transforms: bytes without another owner are changed where they are, others are not touched") {
  bench b;
  const auto in_place = make_in_place<shaky>(upper_without_last);
  const auto checked = make_mutate<shaky>(checked_upper{});
  const auto unchecked = make_mutate<shaky>(upper_unless_x);
  for (node<shaky>* n : {in_place.get(), checked.get(), unchecked.get()}) {
    shaky::item one = b.item("abc");
    const std::byte* const at = one.bytes().data();
    REQUIRE(n->take(0, one, b.out).ok());
    CHECK((b.out.places.back() == at) == (n != unchecked.get()));
    shaky::item two = b.item("def");
    const shaky::item other = two.share();
    REQUIRE(n->take(0, two, b.out).ok());
    CHECK(text_of(other.bytes()) == "def");
    CHECK(b.out.places.back() != other.bytes().data());
    CHECK(b.out.sent.back().text == (n == in_place.get() ? "DE" : "DEF"));
  }
}

TEST_CASE("transforms: a change that fails leaves the item as it was") {
  bench b;
  const auto checked = make_mutate<shaky>(checked_upper{});
  const auto unchecked = make_mutate<shaky>(upper_unless_x);
  for (node<shaky>* n : {checked.get(), unchecked.get()}) {
    shaky::item one = b.item("xyz");
    const std::byte* const at = one.bytes().data();
    CHECK(n->take(0, one, b.out).error() == error{errc::node_failed, 0, 0, 9});
    CHECK(text_of(one.bytes()) == "xyz");
    CHECK(one.bytes().data() == at);
    CHECK(one.use_count() == 1);
  }
  CHECK(b.out.sent.empty());
}

TEST_CASE("transforms: a mutation happens once, whatever fails") {
  CHECK(rc::check("mutate", [] {
    auto items = draw_items();
    bench b;
    const with_failures some(draw_failures());
    const auto n = draw_bool("checked") ? make_mutate<shaky>(checked_upper{}) : make_mutate<shaky>(upper_unless_x);
    b.drive(*n, {items});
    for (seen& s : items) s.text = upper(s.text);
    RC_ASSERT(b.out.sent == items);
  }));
}

TEST_CASE("transforms: what was changed and cannot be sent any more is counted") {
  bench b;
  const auto n = make_in_place<shaky>(upper_without_last);
  b.out.gone = {0};
  CHECK(b.give(*n, "abc").ok());
  CHECK(n->dropped() == 1);
  b.out.gone = {};
  const with_failures all({0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  shaky::item one = b.item("abc");
  CHECK(n->take(0, one, b.out).error() == kNoMemory);  // make_unique
  planned().at = {2, 3, 4};
  CHECK(n->take(0, one, b.out).ok());
  CHECK(n->held() == 1);
  CHECK(n->due_ns() == 0);
  CHECK(n->finish(b.out).error() == kNoMemory);
  CHECK(n->held() == 0);
  CHECK(n->dropped() == 2);
}

}  // namespace
}  // namespace copycost::graph
