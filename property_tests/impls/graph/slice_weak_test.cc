// SPDX-License-Identifier: Apache-2.0
// Goal: a weak handle answers its item while there is an owner, and nothing afterwards; it keeps nothing that was
// adopted, and bytes that it may look at are not written. Method: every order of dropping, and threads that race for
// the last owner.
#include <atomic>
#include <thread>

#include "impls/graph/slice/design.h"
#include "property_tests/catch.h"
#include "property_tests/impls/graph/lent.h"

namespace copycost::graph {
namespace {

constexpr header kOne[] = {{1, 2}};

struct makes {
  process_names names;
  slice_maker maker{names};
  test::lender lender;
  slice_item adopted(const metadata& meta = {}) { return std::move(maker.adopt(meta, lender.lend(100, 7))).value(); }
  slice_item copied(const metadata& meta = {}) {
    return std::move(maker.copy(meta, std::vector<std::byte>(100, std::byte{7}))).value();
  }
};

TEST_CASE("graph slice: a weak handle is upgraded while there is an owner, to an item that equals the first") {
  makes m;
  slice_item one = m.adopted({3, 4, kOne});
  slice_item::weak handle = one.downgrade();
  CHECK(one.use_count() == 1);
  {
    const auto again = handle.upgrade();
    REQUIRE(again.has_value());
    CHECK(again->bytes().data() == one.bytes().data());
    CHECK(again->size() == 100);
    CHECK(again->meta().key == 4);
    CHECK(again->meta().headers[0] == kOne[0]);
    CHECK(one.use_count() == 2);
  }
  CHECK(one.use_count() == 1);
  CHECK(m.lender.back() == 0);
  one = slice_item();
  CHECK(m.lender.back() == 1);  // the handle keeps no adopted bytes
  CHECK_FALSE(handle.upgrade().has_value());
}

TEST_CASE("graph slice: weak handles of a part, of a block of our own and of nothing") {
  makes m;
  const header own[] = {{7, 7}};
  slice_item whole = m.copied(), part = std::move(m.maker.part(whole, 10, 20, {5, 6, own})).value();
  slice_item::weak of_part = part.downgrade(), of_whole = whole.downgrade(), of_nothing = slice_item().downgrade();
  whole = slice_item();
  {
    const auto again = of_whole.upgrade();  // the part keeps the block
    REQUIRE(again.has_value());
    CHECK(again->size() == 100);
    CHECK(again->bytes()[99] == std::byte{7});
  }
  CHECK(of_part.upgrade()->meta().headers[0] == own[0]);
  part = slice_item();
  CHECK_FALSE(of_part.upgrade().has_value());
  CHECK_FALSE(of_whole.upgrade().has_value());
  CHECK(of_nothing.upgrade()->size() == 0);
  CHECK(slice_item::weak().upgrade().has_value());
}

TEST_CASE("graph slice: a weak handle outlives every item, moves, and may be assigned to itself") {
  makes m;
  slice_item::weak kept;
  {
    const slice_item one = m.copied();
    slice_item::weak first = one.downgrade(), second = std::move(first);
    kept = std::move(second);
    slice_item::weak& same = kept;
    kept = std::move(same);
    CHECK(kept.upgrade().has_value());
  }
  CHECK_FALSE(kept.upgrade().has_value());
}

TEST_CASE("graph slice: what a weak handle may come to look at is not written in place") {
  makes m;
  slice_item one = m.copied();
  const std::byte* before = one.bytes().data();
  {
    const slice_item::weak handle = one.downgrade();
    REQUIRE(m.maker.make_unique(one).ok());
    CHECK(one.bytes().data() != before);
    CHECK_FALSE(handle.upgrade().has_value());  // the item has other bytes now, and the old ones are gone
  }
  before = one.bytes().data();
  REQUIRE(m.maker.make_unique(one).ok());
  CHECK(one.bytes().data() == before);
}

TEST_CASE("graph slice: who upgrades while the last owner goes has the bytes, or nothing", "[threads]") {
  for (int round = 0; round < 200; ++round) {
    makes m;
    slice_item one = round % 2 == 0 ? m.adopted() : m.copied();
    std::atomic<int> ready{0}, whole{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t)
      threads.emplace_back([&, handle = one.downgrade()] {
        ++ready;
        while (const auto again = handle.upgrade()) {
          if (again->size() != 100 || again->bytes()[50] != std::byte{7}) std::abort();
          ++whole;
        }
      });
    while (ready.load() != 3) std::this_thread::yield();
    one = slice_item();
    for (std::thread& t : threads) t.join();  // each of them saw the end
    CHECK(m.lender.back() == m.lender.lent());
  }
}

}  // namespace
}  // namespace copycost::graph
