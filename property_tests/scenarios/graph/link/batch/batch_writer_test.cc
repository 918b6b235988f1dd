// SPDX-License-Identifier: Apache-2.0
// Goal: what is written is read again, byte for byte, and limits hold. Method: drawn items, a layout that was worked
// out by hand, and limits that are met to the byte.
#include "scenarios/graph/link/batch/batch_writer.h"

#include "property_tests/scenarios/graph/link/batch/made.h"

namespace copycost::graph {
namespace {

const plain_item kSmall{7, "a", {{"b", "a"}}, "xyz"};

TEST_CASE("batch: what is written is read again") {
  CHECK(rc::check("any items", [] {
    const auto all = *any_items();
    const auto number = *rc::gen::arbitrary<std::uint64_t>();
    const auto bytes = written(all, number);
    const auto batch = parsed(bytes);
    RC_ASSERT(batch.ok());
    RC_ASSERT(items_of(batch.value()) == all);
    RC_ASSERT(read_head(bytes, {}).value().number == number);
  }));
}

TEST_CASE("batch: an empty batch is a head") {
  const auto bytes = written({});
  CHECK(bytes.size() == kBatchHead);
  REQUIRE(parsed(bytes).ok());
  CHECK(parsed(bytes).value().items() == 0);
}

TEST_CASE("batch: the layout, byte for byte") {
  const auto bytes = written({kSmall}, 5);
  const unsigned char expected[] = {
      'G', 'B', 'A', 'T', 1, 0, 0, 0,  5, 0, 0, 0,  0, 0, 0, 0, 1,   0,   0,   0,   1,
      0,   0,   0,   2,   0, 0, 0, 41, 0, 0, 0, 41, 0, 0, 0,                       // two names, 41 bytes
      0,   0,   0,   0,   0, 0, 0, 0,                                              // checksums: below
      7,   0,   0,   0,   0, 0, 0, 0,  3, 0, 0, 0,  1, 0, 0, 0, 1,   0,   0,   0,  // the item
      2,   0,   0,   0,   1, 0, 0, 0,  1, 0, 0, 0,  2, 0, 0, 0, 'a', 'b', 'x', 'y', 'z'};
  REQUIRE(bytes.size() == sizeof expected);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if (i < 36 || i >= 44) CHECK(std::to_integer<int>(bytes[i]) == expected[i]);
  CHECK(wire::load<std::uint32_t>(bytes.data() + 36) == crc32c(0, bytes_view(bytes).subspan(44)));
  CHECK(wire::load<std::uint32_t>(bytes.data() + 40) == crc32c(0, bytes_view(bytes).first(40)));
}

TEST_CASE("batch: sent from several places it is the same bytes, and payload is not copied") {
  CHECK(rc::check("any items", [] {
    const auto all = *any_items();
    name_table names;
    batch_writer w;
    for (const plain_item& one : all) RC_ASSERT(add(w, names, one).ok());
    const bytes_view front = w.front(9);
    std::string joined = text_of(front);
    RC_ASSERT(w.payloads().size() == all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      RC_ASSERT(w.payloads()[i].data() == bytes_of(all[i].payload).data());
      joined += text_of(w.payloads()[i]);
    }
    RC_ASSERT(joined == text_of(copied(w, 9)));
  }));
}

TEST_CASE("batch: a name that many items have stands in it once") {
  std::vector<plain_item> all(100, {1, "a long name of a source", {{"a header", "a value"}}, ""});
  const auto bytes = written(all);
  CHECK(bytes.size() == kBatchHead + 100 * (kItemRecord + kHeaderRecord) + 3 * kNameRecord + 23 + 8 + 7);
}

TEST_CASE("batch: a writer that was cleared writes the next batch as if it were the first") {
  name_table names;
  batch_writer w;
  const plain_item other{1, "other", {}, "payload"};
  for (int i = 0; i < 3; ++i) {
    REQUIRE(add(w, names, other).ok());
    REQUIRE(add(w, names, kSmall).ok());
    w.clear();
    REQUIRE(add(w, names, kSmall).ok());
    CHECK(copied(w) == written({kSmall}));
    w.clear();
  }
}

TEST_CASE("batch: the limit of bytes holds to the byte, and what is refused changes nothing") {
  const auto whole = written({kSmall, kSmall}).size() - kBatchHead;
  name_table names;
  batch_writer fits({.bytes = whole}), too_small({.bytes = whole - 1});
  REQUIRE(add(fits, names, kSmall).ok());
  REQUIRE(add(fits, names, kSmall).ok());
  REQUIRE(add(too_small, names, kSmall).ok());
  const auto refused = add(too_small, names, {0, "a new name", {{"c", "d"}}, "xyz"});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == errc::full);
  CHECK(copied(too_small) == written({kSmall}));
  CHECK(add(too_small, names, {3, "b", {}, ""}).ok());  // the names that are there are still known
  CHECK(too_small.body_bytes() == 41 + kItemRecord);
}

TEST_CASE("batch: an item that no batch can hold is not called one for the next batch") {
  name_table names;
  batch_writer w({.bytes = 40});
  CHECK(add(w, names, kSmall).error() == error{errc::bad_length, 0, 40, 41});
  CHECK(w.empty());
  CHECK(w.body_bytes() == 0);
  batch_writer few({.names = 1});
  CHECK(add(few, names, kSmall).error() == error{errc::bad_length, 0, 1, 2});
  CHECK(few.empty());
}

TEST_CASE("batch: items, headers and names have limits of their own") {
  name_table names;
  batch_writer items({.items = 1}), headers({.headers = 1}), distinct({.names = 2});
  for (batch_writer* w : {&items, &headers, &distinct}) REQUIRE(add(*w, names, kSmall).ok());
  const plain_item plain{0, "", {}, ""}, other{0, "c", {}, ""};
  CHECK(add(items, names, plain).error() == error{errc::full, 0, 1, 2});
  CHECK(add(headers, names, kSmall).error() == error{errc::full, 0, 1, 2});
  CHECK(add(headers, names, other).ok());
  CHECK(add(distinct, names, kSmall).ok());
  CHECK(add(distinct, names, other).error() == error{errc::full, 0, 2, 3});
}

TEST_CASE("batch: an item with too much is refused as every way of making one refuses it") {
  name_table names;
  batch_writer w;
  const std::vector<header> many(kHeadersMax + 1);
  CHECK(w.add(names, {0, 0, many}, {}).error().code == errc::too_many_headers);
  CHECK(w.add(names, {0, 0, std::span(many).first(kHeadersMax)}, {}).ok());
  CHECK(w.size() == 1);
}

TEST_CASE("batch: the last item can be taken out again") {
  CHECK(rc::check("any items", [] {
    const auto all = *any_items();
    const auto last = *any_item_value();
    name_table names;
    batch_writer w;
    for (const plain_item& one : all) RC_ASSERT(add(w, names, one).ok());
    RC_ASSERT(add(w, names, last).ok());
    w.remove_last();
    RC_ASSERT(copied(w) == written(all));
    RC_ASSERT(add(w, names, last).ok());
    std::vector<plain_item> both = all;
    both.push_back(last);
    RC_ASSERT(copied(w) == written(both));
  }));
}

TEST_CASE("batch: a number without a name is written as the empty name") {
  name_table names;
  batch_writer w;
  REQUIRE(w.add(names, {77, 1, {}}, {}).ok());
  CHECK(items_of(parsed(copied(w)).value()) == std::vector<plain_item>{{1, "", {}, ""}});
}

}  // namespace
}  // namespace copycost::graph
