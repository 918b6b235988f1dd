// SPDX-License-Identifier: Apache-2.0
// Goal: what only the arena has: freeing as a whole, being caught when it is too late, and a limit.
// Method: each rule of impls/chunk/arena/README.md once; what aborts does so in a child process.
#include <csignal>
#include <cstring>
#include <string>
#include <vector>

#include "impls/chunk/arena/design.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "scenarios/chunk/derived/operations.h"

namespace copycost::chunk {
namespace {

using context = arena_design::context;
using chunk_type = arena_design::chunk;

std::vector<std::byte> bytes_of(std::size_t size) { return std::vector<std::byte>(size, std::byte{7}); }

chunk_type copied(context& x, std::size_t size) { return std::move(x.copy({1, 100}, bytes_of(size))).value(); }

[[maybe_unused]] bool is_expired(const context& x, const chunk_type& c) {
  const auto view = x.checked_view(c);
  return !view.ok() && view.error().code == errc::expired;
}

// What a child process says on stderr before it dies, and whether it died by abort().
struct death {
  std::string said;
  bool aborted = false;
};
template <class Act>
death dies(Act act) {
  const test::last_words w = test::words_of_child(act);
  return {w.said, w.end == 1000 + SIGABRT};
}

TEST_CASE("reset() frees everything: chunks expire, in every build, and memory is used again") {
  context x;
  const chunk_type whole = copied(x, 1000);
  const chunk_type part = std::move(whole.slice(10, 20)).value(), other = whole.share();
  REQUIRE(x.checked_view(part).ok());
  const std::byte* where = whole.view().data();
  x.reset();
  CHECK(is_expired(x, whole));
  CHECK(is_expired(x, part));
  CHECK(is_expired(x, other));
  CHECK(x.region().used_bytes() == 0);
  const chunk_type next = copied(x, 1000);
  CHECK(next.view().data() == where);
  CHECK(x.checked_view(next).ok());
  CHECK(is_expired(x, whole));
}

TEST_CASE("a context does not expire what another one made, and an empty chunk never expires") {
  context x, y;
  const chunk_type mine = copied(x, 10), theirs = copied(y, 10), empty = copied(y, 0);
  y.reset();
  CHECK(x.checked_view(mine).ok());
  CHECK(is_expired(y, theirs));
  CHECK(y.checked_view(empty).ok());
  CHECK(empty.view().empty());
}

#ifndef NDEBUG
TEST_CASE("a stale chunk or builder is caught by one line and an abort") {
  context x;
  const chunk_type stale = copied(x, 64);
  auto b = std::move(x.build({1, 0}, 64)).value();
  x.reset();
  copied(x, 64);  // the memory has a new owner
  const death deaths[] = {dies([&] { (void)stale.view(); }), dies([&] { (void)stale.share(); }),
                          dies([&] { (void)stale.slice(0, 1); }), dies([&] { (void)b.space(); }),
                          dies([&] { (void)b.write(bytes_of(1)); })};
  for (const death& d : deaths) {
    CHECK(d.aborted);
    CHECK(d.said.find("use of arena memory after reset()") != std::string::npos);
    CHECK(d.said.find('\n') == d.said.size() - 1);
  }
}

TEST_CASE("stale adopted memory is caught too, although it is not the arena's") {
  context x;
  auto foreign = bytes_of(64);
  const chunk_type stale = std::move(x.adopt({1, 0}, foreign_bytes::lent(foreign))).value();
  x.reset();
  CHECK(dies([&] { (void)stale.view(); }).aborted);
}
#endif

#if COPYCOST_ADDRESS_SANITIZER
TEST_CASE("a view that outlived the region is a report of AddressSanitizer") {
  context x;
  const chunk_type c = copied(x, 64);
  const volatile std::byte* kept = c.view().data();
  x.reset();
  CHECK(dies([&] { (void)*kept; }).said.find("use-after-poison") != std::string::npos);
}
#endif

TEST_CASE("stale chunks and builders may be dropped, and give nothing back that is not theirs") {
  context x;
  chunk_type stale = copied(x, 64);
  {
    auto b = std::move(x.build({1, 0}, 64)).value();
    x.reset();
    copied(x, 64);
    const chunk_type fresh = copied(x, 64);  // lies where the builder had its room
    { const auto gone = std::move(b); }
    const chunk_type next = copied(x, 64);
    CHECK(next.view().data() != fresh.view().data());
  }
  stale = copied(x, 8);
  CHECK(x.checked_view(stale).ok());
}

TEST_CASE("sharing, slicing and dropping take nothing from the region and nothing from the heap's owners") {
  context x;
  const chunk_type c = copied(x, 4096);
  const std::size_t used = x.region().used_bytes();
  for (std::size_t i = 0; i < 1000; ++i) {
    const chunk_type one = c.share(), part = std::move(one.slice(i, 10)).value();
    CHECK(part.view().data() == c.view().data() + i);
  }
  CHECK(x.region().used_bytes() == used);
}

TEST_CASE("nobody counts owners: take() refuses what is not empty and leaves it as it was") {
  context x;
  chunk_type c = copied(x, 50);
  auto back = x.take(std::move(c));
  REQUIRE_FALSE(back.ok());
  CHECK(back.error() == error{errc::not_unique, 0, 0, 0});
  CHECK(c.size() == 50);
  CHECK(c.at() == place{1, 100});
  CHECK(c.use_count() == 0);
  chunk_type empty = copied(x, 0);
  CHECK(x.take(std::move(empty)).ok());
}

TEST_CASE("a full arena says what was asked for and what is left, and is usable after reset()") {
  context x(arena_options{.bytes_max = 64 << 10, .block_bytes = 16 << 10});
  const auto asked = bytes_of(40'000);
  REQUIRE(x.copy({1, 0}, asked).ok());
  const std::size_t left = x.region().room_max();
  const auto refused = x.copy({1, 0}, asked);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error() == error{errc::arena_exhausted, 0, left, 40'000});
  CHECK(x.build({1, 0}, 40'000).error() == error{errc::arena_exhausted, 0, left, 40'000});
  auto b = std::move(x.build({1, 0}, 100)).value();
  CHECK(b.write(asked).error().code == errc::arena_exhausted);
  CHECK(b.size() == 0);
  while (x.region().room_max() >= arena::kNoteBytes) REQUIRE(x.copy({1, 0}, bytes_of(1)).ok());
  auto foreign = bytes_of(5);
  auto lent = foreign_bytes::lent(foreign);
  CHECK(x.adopt({1, 0}, std::move(lent)).error().code == errc::arena_exhausted);
  CHECK(lent.bytes().size() == 5);
  x.reset();
  CHECK(x.copy({1, 0}, asked).ok());
}

TEST_CASE("what a builder did not use goes back to the region") {
  context x;
  const std::size_t used = x.region().used_bytes();
  { auto dropped = std::move(x.build({1, 0}, 10'000)).value(); }
  CHECK(x.region().used_bytes() == used);
  auto b = std::move(x.build({1, 0}, 10'000)).value();
  REQUIRE(b.write(bytes_of(100)).ok());
  const chunk_type c = std::move(x.seal(std::move(b))).value();
  CHECK(c.retained_bytes() == 100);
  CHECK(x.region().used_bytes() < used + 1000);
  auto unused = std::move(x.build({1, 0}, 10'000)).value();
  CHECK(std::move(x.seal(std::move(unused))).value().size() == 0);
  CHECK(x.region().used_bytes() < used + 1000);
}

TEST_CASE("chunks are joined in place inside one piece only, even where pieces touch each other") {
  context x;
  chunk_type a = std::move(x.copy({1, 0}, bytes_of(16))).value();
  const chunk_type b = std::move(x.copy({1, 16}, bytes_of(16))).value();
  CHECK(append<arena_design>(x, a, b).value() == joined::by_copy);
  auto [front, back] = std::move(split_at(a, 20)).value();
  CHECK(append<arena_design>(x, front, back).value() == joined::in_place);
  CHECK(front.retained_bytes() >= front.size());
}

TEST_CASE("compact() makes a chunk independent of its piece and frees nothing") {
  context x;
  chunk_type part = std::move(copied(x, 10'000).slice(5, 16)).value();
  CHECK(part.retained_bytes() == 10'000);
  const std::size_t used = x.region().used_bytes();
  REQUIRE(compact<arena_design>(x, part).ok());
  CHECK(part.retained_bytes() == 16);
  CHECK(x.region().used_bytes() > used);
}

}  // namespace
}  // namespace copycost::chunk
