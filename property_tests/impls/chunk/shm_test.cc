// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <thread>

#include "harness/base/failure.h"
#include "impls/chunk/shm/design.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "property_tests/impls/chunk/shm_common.h"
#include "scenarios/chunk/derived/operations.h"
#include "scenarios/common/must.h"

using namespace copycost;
using namespace copycost::chunk;
using namespace copycost::test;

namespace {

constexpr shm_options kSmall{shm_segment::kBytesMin, false};

shm_context neighbour_of(const shm_context& x) {
  auto y = shm_context::attach(x.descriptor());
  REQUIRE(y.ok());
  return std::move(y).value();
}

// Two ends of a link in one process: two attachments are two processes to the segment.
struct pair {
  shm_context a{kSmall}, b{neighbour_of(a)};
  shm_link from{a, a.descriptor(), 0}, to{b, a.descriptor(), 1};
};

}  // namespace

// --- one process: what is special about this design; the laws say the rest -------------------------------------------

TEST_CASE("adopting copies into the segment and releases the foreign bytes, but only on success", "[shm]") {
  shm_context x(kSmall);
  std::vector<std::byte> bytes(100);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = byte_at(7 + i);
  int released = 0;
  auto count = [](void* context, std::byte*, std::size_t) { ++*static_cast<int*>(context); };
  foreign_bytes too_far(bytes, count, &released);
  CHECK(x.adopt({0, kOffsetMax}, std::move(too_far)).error().code == errc::offset_overflow);
  CHECK(released == 0);
  CHECK(too_far.bytes().size() == 100);
  const shm_chunk c = must(x.adopt({0, 7}, std::move(too_far)));
  CHECK(released == 1);
  CHECK(c.view().data() != bytes.data());
  CHECK(is_intact(c));
}

TEST_CASE("a chunk that is built and sealed lies where it was written", "[shm]") {
  shm_context x(kSmall);
  auto b = must(x.build({1, 50}, 1000));
  std::byte* const at = b.space().data();
  CHECK(b.space().size() == 1000);
  for (std::size_t i = 0; i < 600; ++i) at[i] = byte_at(50 + i);
  REQUIRE(b.wrote(600).ok());
  shm_chunk c = must(x.seal(std::move(b)));
  CHECK(c.view().data() == at);
  CHECK(c.size() == 600);
  CHECK(c.retained_bytes() == 1000);
  REQUIRE(compact<shm_design>(x, c).ok());
  CHECK(c.retained_bytes() == 600);
  CHECK(is_intact(c));
  CHECK(x.used().bytes == 600);
}

TEST_CASE("a builder grows by moving to a larger block", "[shm]") {
  shm_context x(kSmall);
  auto b = must(x.build({1, 0}, 0));
  for (std::uint64_t i = 0; i < 5000; ++i) {
    const std::byte one = byte_at(i);
    REQUIRE(b.write({&one, 1}).ok());
  }
  const shm_chunk c = must(x.seal(std::move(b)));
  CHECK(c.size() == 5000);
  CHECK(is_intact(c));
  CHECK(x.used().blocks == 1);
}

TEST_CASE("owners are counted, and only the last of them can take the block back", "[shm]") {
  shm_context x(kSmall);
  shm_chunk c = written(x, 10, 64);
  {
    const shm_chunk other = c.share();
    CHECK(c.use_count() == 2);
    const auto refused = x.take(std::move(c));
    REQUIRE(!refused.ok());
    CHECK(refused.error() == error{errc::not_unique, 0, 0, 2});
    CHECK(is_intact(c));
  }
  CHECK(c.use_count() == 1);
  REQUIRE(c.advance(4).ok());
  auto b = must(x.take(std::move(c)));
  CHECK(b.size() == 60);
  CHECK(b.at() == place{1, 14});
  const std::byte more = byte_at(74);
  REQUIRE(b.write({&more, 1}).ok());  // no room behind it: it moves
  const shm_chunk again = must(x.seal(std::move(b)));
  CHECK(again.size() == 61);
  CHECK(is_intact(again));
}

TEST_CASE("a chunk outlives its context, and an empty one needs none", "[shm]") {
  shm_chunk kept, empty;
  {
    shm_context x(kSmall);
    kept = written(x, 3, 5000);
    empty = must(x.copy({0, 9}, {}));
    CHECK(must(kept.slice(100, 0)).use_count() == 0);
    CHECK(x.used().blocks == 1);
  }
  CHECK(is_intact(kept));
  CHECK(is_intact(kept.share()));
  CHECK(empty.size() == 0);
  CHECK(empty.share().at().offset == 9);
}

TEST_CASE("a full segment answers out_of_memory and nothing is lost", "[shm]") {
  shm_context x(kSmall);
  CHECK(x.build({0, 0}, 2 * shm_segment::kBytesMin).error() ==
        error{errc::out_of_memory, 0, 0, 2 * shm_segment::kBytesMin});
  std::vector<shm_chunk> all;
  for (shm_chunk c = written(x, 0, 10'000); c.size() > 0; c = written(x, 0, 10'000)) all.push_back(std::move(c));
  CHECK(all.size() > 20);
  foreign_bytes f = foreign_bytes::from_vector(std::vector<std::byte>(20'000));
  CHECK(x.adopt({0, 0}, std::move(f)).error().code == errc::out_of_memory);
  CHECK(f.bytes().size() == 20'000);
  auto b = must(x.take(std::move(all.back())));
  CHECK(b.write(std::vector<std::byte>(300'000)).error().code == errc::out_of_memory);
  CHECK(b.size() == 10'000);
  all.back() = must(x.seal(std::move(b)));
  for (const shm_chunk& c : all) REQUIRE(is_intact(c));
  all.clear();
  CHECK(x.used() == slab::usage{});
}

TEST_CASE("a name has one number in every process, also in one that comes later", "[shm]") {
  shm_context a(kSmall);
  shm_context b = neighbour_of(a);
  CHECK(a.intern("") == 0);
  std::vector<stream_id> ids;
  for (int i = 0; i < 100; ++i) ids.push_back((i % 2 == 0 ? a : b).intern("stream " + std::to_string(i)));
  const shm_context c = neighbour_of(b);
  for (int i = 0; i < 100; ++i) {
    const std::string name = "stream " + std::to_string(i);
    CHECK((i % 2 == 0 ? b : a).intern(name) == ids[static_cast<std::size_t>(i)]);
    CHECK(c.name(ids[static_cast<std::size_t>(i)]) == name);
  }
  CHECK(std::set<stream_id>(ids.begin(), ids.end()).size() == 100);
  CHECK(a.name(12345).empty());
  CHECK_THROWS_AS(a.intern(std::string(kSmall.bytes, 'x')), std::bad_alloc);
  CHECK_THROWS_AS(
      [&] {
        for (int i = 0;; ++i) b.intern("more " + std::to_string(i));
      }(),
      std::bad_alloc);
  CHECK(a.intern("stream 7") == ids[7]);
}

// --- links ------------------------------------------------------------------------------------------------------

TEST_CASE("what is sent arrives without a copy and belongs to whoever holds it", "[shm]") {
  pair p;
  shm_chunk c = written(p.a, 1000, 300);
  const auto where = c.view().data() - p.a.memory().segment().base();
  const shm_chunk part = must(c.slice(100, 50));
  REQUIRE(p.from.send(std::move(c)).ok());
  REQUIRE(p.from.send(part.share()).ok());
  REQUIRE(p.from.send(must(p.a.copy({4, 44}, {}))).ok());
  CHECK(p.b.used().blocks == 1);
  shm_chunk got = must(p.to.receive());
  CHECK(got.view().data() - p.b.memory().segment().base() == where);
  CHECK(got.at() == place{1, 1000});
  CHECK(is_intact(got));
  const shm_chunk piece = must(p.to.receive()), nothing = must(p.to.receive());
  CHECK(piece.at() == place{1, 1100});
  CHECK(is_intact(piece));
  CHECK(nothing.size() == 0);
  CHECK(nothing.at() == place{4, 44});
  CHECK(!p.to.try_receive().has_value());
  CHECK(p.b.take(std::move(got)).error().code == errc::not_unique);
  CHECK(p.from.settle() == 0);
  CHECK(piece.use_count() == 3);
}

TEST_CASE("a dropped message is free once the sender has settled", "[shm]") {
  pair p;
  for (int round = 0; round < 1000; ++round) {
    REQUIRE(p.from.send(written(p.a, static_cast<std::uint64_t>(round), 700)).ok());
    REQUIRE(is_intact(must(p.to.receive())));
  }
  p.from.settle();
  CHECK(p.a.used() == slab::usage{});
}

TEST_CASE("threads of two processes pass chunks to each other and back", "[shm][threads]") {
  pair p;
  constexpr std::uint64_t kCount = 5000;
  std::thread other([&] {
    for (std::uint64_t i = 0; i < kCount; ++i) {
      shm_chunk c = p.to.receive().value();
      if (!is_intact(c) || c.at().offset != i || !p.to.send(std::move(c))) std::abort();
    }
  });
  std::uint64_t wrong = 0, back = 0;
  for (std::uint64_t i = 0; i < kCount; ++i) {
    shm_chunk c = written(p.a, i, 1 + i % 500);
    REQUIRE(c.size() > 0);
    REQUIRE(p.from.send(std::move(c)).ok());
    for (shm_chunk got = taken(p.from); got.size() > 0; got = taken(p.from), ++back) wrong += is_intact(got) ? 0 : 1;
  }
  for (; back < kCount; ++back) wrong += is_intact(must(p.from.receive())) ? 0 : 1;
  other.join();
  CHECK(wrong == 0);
  p.from.settle();
  p.to.settle();
  CHECK(p.a.used() == slab::usage{});
}

TEST_CASE("an end of a link belongs to one process", "[shm]") {
  pair p;
  shm_context c = neighbour_of(p.a);
  CHECK_THROWS_AS(shm_link(c, p.a.descriptor(), 0), failure);
  CHECK_THROWS_AS(shm_link(c, p.a.descriptor(), 1), failure);
  const shm_link other(c, p.a.descriptor(), 0, 1);  // another pair of rings
  CHECK_THROWS_AS(shm_link(c, -1, 0), failure);
}

TEST_CASE("what a sender published before it was killed still arrives, and then nothing", "[shm]") {
  const shm_file f;
  shm_context x(kSmall);
  shm_link link(x, f.fd, 0);
  const int end = run_child([&] {
    shm_context y(kSmall);
    shm_link out(y, f.fd, 1);
    for (std::uint64_t i = 0; i < 5; ++i)
      if (!out.send(written(y, 100 * i, 1000))) return 2;
    raise(SIGKILL);
    return 1;
  });
  REQUIRE(end == 1000 + SIGKILL);
  CHECK(x.reclaim() == 0);
  for (std::uint64_t i = 0; i < 5; ++i) {
    const shm_chunk c = must(link.receive());
    CHECK(c.at().offset == 100 * i);
    CHECK(is_intact(c));
  }
  CHECK_THROWS_AS((void)link.receive(), failure);
  x.reclaim();
  CHECK(x.used() == slab::usage{});
}

TEST_CASE("a sender whose receiver was killed hears of it, and keeps what it could not send", "[shm]") {
  const shm_file f;
  shm_context x(kSmall);
  {
    shm_link link(x, f.fd, 0);
    const int end = run_child([&] {
      shm_context y(kSmall);
      const shm_link in(y, f.fd, 1);
      raise(SIGKILL);
      return 1;
    });
    REQUIRE(end == 1000 + SIGKILL);
    for (std::uint64_t i = 0; i < kRingCapacity; ++i) REQUIRE(link.send(written(x, i, 100)).ok());
    shm_chunk last = written(x, 7, 100);
    CHECK_THROWS_AS((void)link.send(std::move(last)), failure);
    CHECK(last.size() == 100);
    CHECK(is_intact(last));
    CHECK(x.used().blocks == kRingCapacity + 1);
  }
  CHECK(x.used() == slab::usage{});
}

TEST_CASE("who waits for a process that hangs up is told", "[shm]") {
  pair p;
  REQUIRE(p.to.send(written(p.b, 0, 10)).ok());
  p.to.hang_up();
  CHECK(is_intact(must(p.from.receive())));
  CHECK_THROWS_WITH((void)p.from.receive(), "shared memory link: the other process is gone");
}

TEST_CASE("a link over what is not a segment says so in one line", "[shm]") {
  const shm_file too_small(4096);
  shm_context x(kSmall);
  CHECK_THROWS_WITH(shm_link(x, too_small.fd, 0), "shared memory: size: expected 1048576, got 4096 bytes");
  CHECK(is_intact(written(x, 0, 100)));  // it still is where it was
}

TEST_CASE("messages that are not chunks are refused one by one", "[shm]") {
  pair p;
  const shm_chunk c = written(p.b, 0, 500);
  rng random(5);
  ring_sender<block_message, kRingCapacity> hostile(p.b.memory().queue(1));
  const block_message good = p.b.memory().message(*c.owner().count(), c.view().data(), 500);
  unsigned refused = 0;
  for (int i = 0; i < 2000; ++i) {
    block_message m = good;
    switch (random.below(6)) {
      case 0:
        m.block = static_cast<block_id>(random.next());
        break;
      case 1:
        m.generation = static_cast<std::uint32_t>(random.next());
        break;
      case 2:
        m.begin += 1 + random.below(std::uint64_t{1} << random.between(1, 62));
        break;
      case 3:
        m.size = 501 + static_cast<std::uint32_t>(random.next() >> 33);
        break;
      case 4:
        m.number = kOffsetMax - random.below(500);
        break;
      case 5:
        m.block = kNoBlock;
        break;
    }
    REQUIRE(hostile.room() > 0);
    hostile.push(m);
    hostile.publish();
    refused += p.from.receive().ok() ? 0 : 1;
  }
  CHECK(refused == 2000);
  CHECK(c.use_count() == 1);
  hostile.push(good);
  hostile.publish();
  CHECK(is_intact(must(p.from.receive())));
}
