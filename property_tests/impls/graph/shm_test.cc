// SPDX-License-Identifier: Apache-2.0
// Goal: what only blocks of a segment have: who counts how often, what is written in place when another process holds
// the block, and how a full segment, a full table or a file that is no segment ends. Method: a random life beside a
// model, three threads, and each rule of impls/graph/shm/README.md once. Two attachments in one process are two
// processes to the segment.
#include "impls/graph/common/item_words.h"
#include "impls/graph/shm/design.h"
#include "property_tests/catch.h"
#include "property_tests/impls/graph/pipeline.h"
#include "property_tests/impls/graph/random_life.h"
#include "property_tests/memory_file.h"

namespace copycost::graph {
namespace {

constexpr header kOne[] = {{1, 2}}, kOther[] = {{1, 3}, {4, 5}};
constexpr shm_options kSmall{std::size_t{4} << 20, false};

std::vector<std::byte> filled(std::size_t size, unsigned fill) {
  return std::vector<std::byte>(size, static_cast<std::byte>(fill));
}

struct parts {
  shm_context context{kSmall};
  shm_maker maker{context};
  shm_item copy(std::size_t size, const metadata& meta = {}) {
    return std::move(maker.copy(meta, filled(size, 7))).value();
  }
  shm_item part(const shm_item& of, std::size_t pos, std::size_t len, const metadata& meta = {}) {
    return std::move(maker.part(of, pos, len, meta)).value();
  }
  bool is_empty() { return context.used() == slab::usage{}; }
};

template <class Act>
std::uint64_t count_operations(Act act) {
  const std::uint64_t before = t_own_counts.refcount_ops;
  act();
  return t_own_counts.refcount_ops - before;
}
constexpr std::uint64_t counted(std::uint64_t n) { return kCounts ? n : 0; }

// The same block and payload, held by another process.
held_block held_by(shm_context& other, const shm_item& one) {
  const auto m = one.is().in->message(*one.is().block, one.bytes().data(), static_cast<std::uint32_t>(one.size()));
  held_block out;
  other.memory().hold({&m, 1}, {&out, 1});
  return out;
}

TEST_CASE("graph shm: items show what their models show, over any life of two makers", "[graph][shm]") {
  CHECK(rc::check("lives", [] {
    test::random_life<shm_design> life(*rc::gen::arbitrary<std::uint64_t>(), kSmall);
    life.live(60);
    life.end();
    RC_ASSERT(life.context().memory().used() == slab::usage{});
  }));
}

TEST_CASE("graph shm: three threads pass items on, and all arrive", "[graph][shm][threads]") {
  parts p;
  test::lender lender;
  test::pipeline<shm_design> pipe(p.context, lender);
  CHECK(pipe.run(50, 20) == 50 * 20 * 2);
  CHECK(lender.back() == lender.lent());
  CHECK(p.is_empty());
}

TEST_CASE("graph shm: a fan-out to any number of branches is one count operation, and so is dropping them side by side",
          "[graph][shm]") {
  parts p;
  for (const std::size_t branches : {1u, 2u, 4u, 64u}) {
    std::vector<shm_item> to(branches);
    shm_item one = p.copy(100, {3, 4, kOne});
    const std::uint64_t copied = t_own_counts.copied_bytes;
    CHECK(count_operations([&] { REQUIRE(shm_design::fan_out(std::move(one), to).ok()); }) ==
          counted(branches > 1 ? 1 : 0));
    CHECK(t_own_counts.copied_bytes == copied);
    CHECK(to[0].use_count() == branches);
    CHECK(to.back().meta().headers[0] == kOne[0]);
    CHECK(one.size() == 0);
    CHECK(count_operations([&] { shm_design::drop(to); }) == counted(1));
    for (const shm_item& gone : to) CHECK(gone.use_count() == 0);
    CHECK(p.is_empty());
  }
}

TEST_CASE("graph shm: dropping items of several blocks and contexts drops each once", "[graph][shm]") {
  parts p, q;
  std::vector<shm_item> all, kept;
  for (std::size_t i = 0; i < 300; ++i) {
    all.push_back(i % 7 == 0 ? q.copy(50) : p.copy(i % 3, {1, 2, kOne}));
    if (i % 5 == 0) kept.push_back(all.back().share());
    if (i % 4 == 0) all.push_back(p.part(all.back(), 0, 0, {1, 2, kOther}));
    if (i % 6 == 0) all.emplace_back();
  }
  shm_design::drop(all);
  CHECK(p.context.used().blocks + q.context.used().blocks == kept.size());
  for (const shm_item& one : kept) CHECK(one.use_count() == 1);
  shm_design::drop(kept);
  CHECK(p.is_empty());
  CHECK(q.is_empty());
}

TEST_CASE("graph shm: a part has the block's headers, none, or its own", "[graph][shm]") {
  parts p;
  const header same[] = {kOne[0]};
  shm_item whole = p.copy(100, {1, 2, kOne});
  {
    const shm_item theirs = p.part(whole, 0, 50, {1, 2, same}), bare = p.part(whole, 0, 50),
                   own = p.part(whole, 0, 50, {5, 6, kOther}), of_own = p.part(own, 10, 5, {0, 0, kOther}),
                   none = p.part(whole, 10, 0), only_headers = p.part(whole, 10, 0, {0, 0, kOne});
    CHECK(theirs.meta().headers.data() == whole.meta().headers.data());
    CHECK(bare.meta().headers.empty());
    CHECK(same_headers(own.meta().headers, kOther));
    CHECK(of_own.meta().headers.data() == own.meta().headers.data());
    CHECK(of_own.bytes().data() == whole.bytes().data() + 10);
    CHECK(none.held_bytes() == 0);
    CHECK(only_headers.held_bytes() == 108);
    CHECK(own.held_bytes() == 108 + 16);
    CHECK(whole.use_count() == 6);
    CHECK(p.context.used().blocks == 2);
    whole = shm_item();
    CHECK(of_own.bytes()[0] == std::byte{7});
    CHECK(only_headers.meta().headers[0] == kOne[0]);
  }
  CHECK(p.is_empty());
}

TEST_CASE("graph shm: bytes are written in place only where no item of any process holds the block", "[graph][shm]") {
  parts p;
  shm_item one = p.copy(100, {1, 2, kOne});
  const auto changes_in_place = [&](shm_item& of) {
    const std::byte* before = of.bytes().data();
    const auto room = p.maker.make_unique(of);
    REQUIRE(room.ok());
    REQUIRE(room->size() == of.size());
    room.value()[0] = std::byte{99};
    CHECK(of.bytes()[0] == std::byte{99});
    CHECK(same_headers(of.meta().headers, kOne));
    return of.bytes().data() == before;
  };
  CHECK(changes_in_place(one));
  {
    const shm_item other = one.share();
    CHECK_FALSE(changes_in_place(one));
    CHECK(other.use_count() == 1);
  }
  auto second = shm_context::attach(p.context.descriptor());
  REQUIRE(second.ok());
  const held_block theirs = held_by(*second, one);
  REQUIRE(theirs.count != nullptr);
  CHECK(one.use_count() == 2);
  one.bytes();
  const std::byte before = theirs.data[0];
  CHECK_FALSE(changes_in_place(one));
  CHECK(theirs.data[0] == before);
  second->memory().drop(*theirs.count);
  CHECK(changes_in_place(one));
}

TEST_CASE("graph shm: a full segment says how much is left, changes nothing, and has room again", "[graph][shm]") {
  parts p;
  std::vector<shm_item> all;
  for (;;) {
    auto made = p.maker.copy({}, filled(100'000, 1));
    if (!made) {
      CHECK(made.error().code == errc::out_of_room);
      CHECK(made.error().got == 100'000);
      CHECK(made.error().expected < 200'000);
      break;
    }
    all.push_back(std::move(*made));
  }
  REQUIRE(all.size() > 10);
  test::lender lender;
  foreign_bytes lent = lender.lend(200'000, 9);
  const auto adopted = p.maker.adopt({}, std::move(lent));
  REQUIRE_FALSE(adopted.ok());
  CHECK(lent.bytes().size() == 200'000);  // NOLINT(bugprone-use-after-move): on error it is unchanged
  CHECK(lender.back() == 0);
  const shm_item other = all[0].share();
  const auto room = p.maker.make_unique(all[0]);
  REQUIRE_FALSE(room.ok());
  CHECK(room.error().code == errc::out_of_room);
  CHECK(all[0].bytes().data() == other.bytes().data());
  CHECK(p.maker.build({}, std::size_t{1} << 30).error().code == errc::out_of_room);
  CHECK(p.maker.build({}, (std::size_t{1} << 30) + 1).error().code == errc::too_large);
  all.resize(1);
  CHECK(p.maker.make_unique(all[0]).ok());
  CHECK(p.maker.copy({}, filled(200'000, 1)).ok());
}

TEST_CASE("graph shm: a count that is full refuses branches and parts, and changes nothing", "[graph][shm]") {
  parts p;
  shm_item one = p.copy(100, {1, 2, kOne});
  std::vector<shm_item> to(3);
  one.is().block->store((1u << 31) - 1);
  CHECK(shm_design::fan_out(std::move(one), to).error().code == errc::out_of_memory);
  CHECK(one.size() == 100);  // NOLINT(bugprone-use-after-move): on error it is unchanged
  CHECK(to[0].size() == 0);
  CHECK(one.is().block->load() == (1u << 31) - 1);
  one.is().block->store(1u << 31);
  CHECK(p.maker.part(one, 0, 10, {1, 2, kOther}).error().code == errc::out_of_memory);
  CHECK_THROWS_AS(one.share(), std::bad_alloc);
  one.is().block->store(1);
  CHECK(p.context.used().blocks == 1);
}

TEST_CASE("graph shm: a draft that is sealed with nothing keeps its headers, and else nothing", "[graph][shm]") {
  parts p;
  const auto sealed = [&](const metadata& meta, std::size_t used) {
    return std::move(p.maker.seal(std::move(p.maker.build(meta, 100)).value(), used)).value();
  };
  CHECK(sealed({1, 2, {}}, 0).held_bytes() == 0);
  CHECK(sealed({1, 2, {}}, 0).meta().key == 2);
  CHECK(same_headers(sealed({1, 2, kOne}, 0).meta().headers, kOne));
  CHECK(sealed({1, 2, {}}, 60).size() == 60);
  CHECK(p.maker.seal(std::move(p.maker.build({}, 100)).value(), 101).error() == error{errc::out_of_range, 101, 100, 0});
  CHECK(p.is_empty());
}

TEST_CASE("graph shm: a name has the same number in every process of the segment", "[graph][shm]") {
  parts p;
  auto second = shm_context::attach(p.context.descriptor());
  REQUIRE(second.ok());
  const name_id a = p.context.intern("a").value(), b = second->intern("b").value();
  CHECK(second->intern("a").value() == a);
  CHECK(p.context.name(b) == "b");
  CHECK(p.context.intern("").value() == 0);
  CHECK(p.context.name(1'000'000).empty());
  std::uint64_t made = 3;
  for (;; ++made) {
    const auto id = p.context.intern("name " + std::to_string(made));
    if (id) continue;
    CHECK(id.error() == error{errc::names_full, 0, made, 0});
    break;
  }
  CHECK(made > 100);
  CHECK(p.context.intern("a").value() == a);
}

TEST_CASE("graph shm: what is no segment, or has no slot left, is told by its own error", "[graph][shm]") {
  const auto refused = [](const auto& file) { return shm_context::attach(file.fd).error(); };
  CHECK(refused(copycost::test::memory_file(4096)).code == errc::truncated_input);
  const copycost::test::memory_file other(shm_segment::kBytesMin), old(shm_segment::kBytesMin);
  other.put(0, 12345);
  CHECK(refused(other) == error{errc::bad_magic, 0, shm_segment::kMagic, 12345});
  CHECK(shm_context::attach(-1).error().code == errc::no_segment);
  CHECK(shm_context::create({4096, false}).error().code == errc::truncated_input);
  std::vector<shm_context> all;
  for (unsigned i = 0; i < kSlabProcesses; ++i) all.push_back(std::move(shm_context::attach(old.fd)).value());
  CHECK(refused(old) == error{errc::out_of_room, 0, kSlabProcesses, 0});
  all.pop_back();
  CHECK(shm_context::attach(old.fd).ok());
}

}  // namespace
}  // namespace copycost::graph
