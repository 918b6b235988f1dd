// SPDX-License-Identifier: Apache-2.0
// Goal: what only counted blocks have: who counts where and how often, what a part keeps, when bytes are written in
// place. Method: a random life beside a model, three threads, and each rule of impls/graph/slice/README.md once.
#include <csignal>

#include "impls/graph/slice/design.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "property_tests/impls/graph/pipeline.h"
#include "property_tests/impls/graph/random_life.h"

namespace copycost::graph {
namespace {

constexpr header kOne[] = {{1, 2}}, kOther[] = {{1, 3}, {4, 5}};
constexpr std::size_t kHead = sizeof(slice_block);

std::vector<std::byte> filled(std::size_t size, unsigned fill) {
  return std::vector<std::byte>(size, static_cast<std::byte>(fill));
}

struct parts {
  process_names names;
  slice_maker maker{names};
  test::lender lender;
  slice_item copy(std::size_t size, const metadata& meta = {}) {
    return std::move(maker.copy(meta, filled(size, 7))).value();
  }
  slice_item part(const slice_item& of, std::size_t pos, std::size_t len, const metadata& meta = {}) {
    return std::move(maker.part(of, pos, len, meta)).value();
  }
  // Whether the bytes stayed where they were.
  bool changes_in_place(slice_item& one) {
    const std::byte* before = one.bytes().data();
    const auto room = maker.make_unique(one);
    REQUIRE(room.ok());
    REQUIRE(room.value().size() == one.size());
    room.value()[0] = std::byte{99};
    CHECK(one.bytes()[0] == std::byte{99});
    return one.bytes().data() == before;
  }
};

// What `act` counts, where counting is compiled in.
template <class Act>
std::uint64_t count_operations(Act act) {
  const std::uint64_t before = t_own_counts.refcount_ops;
  act();
  return t_own_counts.refcount_ops - before;
}
constexpr std::uint64_t counted(std::uint64_t n) { return kCounts ? n : 0; }

TEST_CASE("graph slice: items show what their models show, over any life of two makers") {
  CHECK(rc::check("lives", [] {
    test::random_life<slice_design> life(*rc::gen::arbitrary<std::uint64_t>());
    life.live(60);
    life.end();
  }));
}

TEST_CASE("graph slice: three threads pass items on; all arrive, and what was lent comes back once", "[threads]") {
  process_names names;
  test::lender lender;
  test::pipeline<slice_design> p(names, lender);
  CHECK(p.run(50, 20) == 50 * 20 * 2);
  CHECK(lender.lent() == 50 * 4);
  CHECK(lender.back() == lender.lent());
}

TEST_CASE("graph slice: a fan-out to any number of branches is one count operation, and copies nothing") {
  parts p;
  for (const std::size_t branches : {1u, 2u, 4u, 64u}) {
    std::vector<slice_item> to(branches);
    slice_item one = p.copy(100, {3, 4, kOne});
    const std::uint64_t copied = t_own_counts.copied_bytes;
    CHECK(count_operations([&] { REQUIRE(slice_design::fan_out(std::move(one), to).ok()); }) ==
          counted(branches > 1 ? 1 : 0));
    CHECK(t_own_counts.copied_bytes == copied);
    CHECK(to[0].use_count() == branches);
    CHECK(to.back().meta().headers[0] == kOne[0]);
    CHECK(one.size() == 0);
    CHECK(count_operations([&] { slice_design::drop(to); }) == counted(branches));
  }
}

TEST_CASE("graph slice: share, part and a drop are one count operation each; moving is none") {
  parts p;
  slice_item one = p.copy(100), other, part;
  CHECK(count_operations([&] { other = one.share(); }) == counted(1));
  CHECK(count_operations([&] { part = p.part(one, 1, 2); }) == counted(1));
  CHECK(one.use_count() == 3);
  CHECK(count_operations([&] {
          slice_item moved(std::move(other));
          other = std::move(moved);
        }) == 0);
  CHECK(count_operations([&] { other = slice_item(); }) == counted(1));
}

TEST_CASE("graph slice: a part keeps its whole block, and one of 0 bytes keeps nothing") {
  parts p;
  slice_item part, none;
  {
    const slice_item whole = std::move(p.maker.adopt({}, p.lender.lend(1000, 7))).value();
    part = p.part(whole, 10, 20);
    none = p.part(whole, 10, 0);
    CHECK(part.bytes().data() == whole.bytes().data() + 10);
  }
  CHECK(p.lender.back() == 0);
  CHECK(part.held_bytes() == 1000 + kHead + sizeof(foreign_bytes));
  CHECK(none.held_bytes() == 0);
  CHECK(p.part(part, 20, 0, {1, 2, kOne}).held_bytes() == kHead + sizeof(header));
  part = slice_item();
  CHECK(p.lender.back() == 1);
}

TEST_CASE("graph slice: a part has the block's headers, none, or its own") {
  parts p;
  const header same[] = {kOne[0]};
  slice_item whole = p.copy(100, {1, 2, kOne});
  const slice_item theirs = p.part(whole, 0, 50, {1, 2, same}), bare = p.part(whole, 0, 50),
                   own = p.part(whole, 0, 50, {5, 6, kOther}), of_own = p.part(own, 10, 5, {0, 0, kOther}),
                   of_bare = p.part(bare, 10, 5, {0, 0, kOne});
  CHECK(theirs.meta().headers.data() == whole.meta().headers.data());
  CHECK(bare.meta().headers.empty());
  CHECK(same_headers(own.meta().headers, kOther));
  CHECK(of_own.meta().headers.data() == own.meta().headers.data());
  CHECK(same_headers(of_bare.meta().headers, kOne));
  CHECK(whole.use_count() == 5);  // whole, theirs, bare, and the blocks of own and of_bare
  CHECK(own.use_count() == 2);
  const std::uint64_t block = kHead + sizeof(header) + 100;
  CHECK(whole.held_bytes() == block);
  CHECK(own.held_bytes() == block + kHead + sizeof(kOther) + sizeof(void*));
  CHECK(of_own.bytes().data() == whole.bytes().data() + 10);
  whole = slice_item();
  CHECK(of_own.bytes()[0] == std::byte{7});
}

TEST_CASE("graph slice: bytes are written in place only by their single owner, where its own block begins") {
  parts p;
  slice_item one = p.copy(100, {1, 2, kOne});
  CHECK(p.changes_in_place(one));
  {
    const slice_item other = one.share();
    CHECK_FALSE(p.changes_in_place(one));
    CHECK(other.bytes()[0] == std::byte{99});
    CHECK(same_headers(one.meta().headers, kOne));
    CHECK(other.use_count() == 1);
  }
  slice_item front = p.part(one, 0, 10), behind = p.part(one, 10, 10), headed = p.part(one, 0, 10, {0, 0, kOther});
  CHECK_FALSE(p.changes_in_place(front));
  CHECK(p.changes_in_place(front));
  one = slice_item();
  CHECK_FALSE(p.changes_in_place(behind));  // alone with headed, whose block is one owner
  CHECK(p.changes_in_place(headed));
  slice_item second = p.part(headed, 5, 5, {0, 0, kOther});
  headed = slice_item();
  CHECK_FALSE(p.changes_in_place(second));
  CHECK(same_headers(second.meta().headers, kOther));
}

TEST_CASE("graph slice: adopted bytes are never written in place") {
  parts p;
  slice_item one = std::move(p.maker.adopt({1, 2, kOne}, p.lender.lend(100, 7))).value();
  CHECK_FALSE(p.changes_in_place(one));
  CHECK(p.lender.back() == 1);
  CHECK(p.changes_in_place(one));
}

TEST_CASE("graph slice: a draft that is sealed with nothing keeps its headers, and else nothing") {
  parts p;
  const auto sealed = [&](const metadata& meta, std::size_t used) {
    return std::move(p.maker.seal(std::move(p.maker.build(meta, 100)).value(), used)).value();
  };
  CHECK(sealed({1, 2, {}}, 0).held_bytes() == 0);
  CHECK(sealed({1, 2, {}}, 0).meta().key == 2);
  CHECK(same_headers(sealed({1, 2, kOne}, 0).meta().headers, kOne));
  CHECK(sealed({1, 2, {}}, 60).size() == 60);
  CHECK(sealed({1, 2, {}}, 60).held_bytes() == 100 + kHead);
  const auto beyond = p.maker.seal(std::move(p.maker.build({}, 100)).value(), 101);
  REQUIRE_FALSE(beyond.ok());
  CHECK(beyond.error() == error{errc::out_of_range, 101, 100, 0});
}

TEST_CASE("graph slice: a count aborts before it can wrap into that of the watchers") {
  const int end = copycost::test::run_child([] {
    std::signal(SIGABRT, SIG_DFL);  // or Catch would report the child's end as a failure of its own
    slice_block* block = slice_block::make({}, 1);
    block->add((std::uint64_t{1} << 31) - 1);
    block->add();
    return 0;
  });
  CHECK(end == 1000 + SIGABRT);
}

}  // namespace
}  // namespace copycost::graph
