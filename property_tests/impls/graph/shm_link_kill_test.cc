// SPDX-License-Identifier: Apache-2.0
// Goal: a process at one end of a link is killed at any moment: what it published arrives, the other one learns it, and
// nothing stays in use on the dead one's behalf. And what a hostile peer writes into the segment ends the link and does
// no harm. Method: real processes over one segment, killed at random moments, a thousand times in the slow test; a ring
// that is written by hand.
#include <unistd.h>

#include <set>
#include <thread>

#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "property_tests/impls/graph/shm_link_common.h"
#include "property_tests/scenarios/graph/link/in_time.h"

using copycost::test::count_from;
using copycost::test::kill_child;
using copycost::test::start_child;

namespace copycost::graph {
namespace {

constexpr unsigned kRing = 3;

shm_context attached(int fd) { return test::link_pair::must(shm_context::attach(fd)); }

// Leaves no child behind when a test fails half way.
struct killed_in_the_end {
  ~killed_in_the_end() {
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
  }
  pid_t child;
};

// --- the consumer is killed ---------------------------------------------------------------------------------------

// Pops, keeps, shares, cuts and changes items, alone and in groups, until it is killed. Answers when something is
// wrong.
int consume_until_killed(int fd, std::uint64_t seed) {
  shm_context x = attached(fd);
  shm_maker m(x);
  const auto in = test::link_pair::must(shm_link_in::open(x, kRing));
  std::vector<shm_item> held;
  std::uint64_t expected = 0;
  for (rng random(seed);;) {
    std::vector<shm_item> some(random.between(1, 40));
    if (random.below(2) == 0) some.resize(1);
    if (some.size() == 1) {
      if (!in->pop(some[0], test::in_time())) return 2;
    } else {
      auto n = in->pop_some(some);
      if (!n) return 3;
      some.resize(*n);
    }
    for (shm_item& one : some) {
      if (!test::is_sent_item(x, one, expected++)) return 4;
      if (random.below(4) == 0) held.push_back(one.share());
      if (random.below(6) == 0) held.push_back(std::move(*m.part(one, one.size() / 2, one.size() / 4, {})));
      if (random.below(6) == 0) {
        auto room = m.make_unique(one);
        if (!room) return 5;
        for (std::byte& b : *room) b = std::byte{1};
        held.push_back(std::move(one));
      }
    }
    if (random.below(3) == 0) shm_design::drop(some);
    if (held.size() > 30) shm_design::drop(held);
    if (held.size() > 30) held.clear();
  }
}

void kill_a_consumer(shm_context& x, rng& random) {
  const auto out = test::link_pair::must(shm_link_out::open(x, kRing));
  const pid_t child = start_child([&, seed = random.next()] { return consume_until_killed(x.descriptor(), seed); });
  const killed_in_the_end no_orphan{child};
  std::vector<shm_item> kept;
  std::uint64_t number = 0, after = 0;
  const std::uint64_t enough = random.below(600);
  result<void> ok;
  for (bool killed = false; ok;) {
    shm_item one = test::sent_item(x, random, number);
    if (random.below(50) == 0) kept.push_back(one.share());
    if (!killed && number >= enough && out->stats().taken > 0) {
      if (random.below(2) == 0) usleep(static_cast<useconds_t>(random.below(500)));
      REQUIRE(kill_child(child) == 1000 + SIGKILL);
      killed = true;
    }
    ok = out->push(one, test::in_time());
    if (ok) ++number;
    if (ok && killed) ++after;
    if (!ok) REQUIRE(test::is_sent_item(x, one, number));
  }
  CHECK(ok.error().code == errc::peer_gone);
  CHECK(after <= kRingCapacity);
  CHECK(out->stats().items == number);
  CHECK(out->stats().taken + out->stats().undelivered == number);
  for (const shm_item& one : kept) CHECK(test::is_sent_item(x, one, one.meta().key));
  x.reclaim();
  std::set<block_id> blocks;
  for (const shm_item& one : kept)
    for (const auto* const count : {one.is().block, one.is().own})
      if (count != nullptr) blocks.insert(x.memory().message(*count, one.bytes().data(), 0).block);
  CHECK(x.used().blocks == blocks.size());
}

// --- the producer is killed ---------------------------------------------------------------------------------------

int produce_until_killed(int fd, std::uint64_t seed) {
  shm_context x = attached(fd);
  const auto out = test::link_pair::must(shm_link_out::open(x, kRing));
  std::vector<shm_item> held;
  std::uint64_t number = 0;
  for (rng random(seed);;) {
    std::vector<shm_item> some(random.between(1, 40));
    for (std::size_t i = 0; i < some.size(); ++i) {
      some[i] = test::sent_item(x, random, number + i);
      if (random.below(10) == 0) held.push_back(some[i].share());
    }
    if (random.below(2) == 0) {
      auto n = out->push_some(some);
      if (!n) return 2;
      number += *n;
    } else {
      if (!out->push(some[0], test::in_time())) return 3;
      ++number;
    }
    if (held.size() > 30) held.clear();
  }
}

void kill_a_producer(shm_context& x, rng& random) {
  const auto in = test::link_pair::must(shm_link_in::open(x, kRing));
  const pid_t child = start_child([&, seed = random.next()] { return produce_until_killed(x.descriptor(), seed); });
  const killed_in_the_end no_orphan{child};
  std::vector<shm_item> kept;
  std::uint64_t number = 0;
  const std::uint64_t enough = random.below(600);
  result<void> ok;
  for (bool killed = false; ok;) {
    if (!killed && number > enough) {
      if (random.below(2) == 0) usleep(static_cast<useconds_t>(random.below(500)));
      REQUIRE(kill_child(child) == 1000 + SIGKILL);
      killed = true;
    }
    shm_item one;
    ok = in->pop(one, test::in_time());
    if (!ok) break;
    REQUIRE(test::is_sent_item(x, one, number++));
    if (random.below(10) == 0 && kept.size() < 100) kept.push_back(std::move(one));
  }
  CHECK(ok.error().code == errc::peer_gone);
  CHECK(in->stats().items == number);
  CHECK(in->stats().undelivered == 0);
  for (const shm_item& one : kept) CHECK(test::is_sent_item(x, one, one.meta().key));
  shm_design::drop(kept);
  x.reclaim();
}

void kill_at_random(unsigned kills) {
  shm_context x(test::kLinkSegment);
  rng random(count_from("COPYCOST_SEED", 40));
  for (unsigned round = 0; round < kills; ++round) {
    INFO("kill " << round);
    if (random.below(2) == 0)
      kill_a_consumer(x, random);
    else
      kill_a_producer(x, random);
    x.reclaim();
    REQUIRE(x.used() == slab::usage{});
  }
}

}  // namespace

TEST_CASE("graph shm link: processes are killed at random moments; the other end learns it, and nothing leaks",
          "[graph][shm][kill]") {
  kill_at_random(count_from("COPYCOST_KILLS", 40));
}

TEST_CASE("graph shm link: a thousand processes are killed at random moments", "[.slow][graph][shm][kill]") {
  kill_at_random(count_from("COPYCOST_KILLS", 1000));
}

TEST_CASE("graph shm link: a producer that ends in good order drains, whichever side came first", "[graph][shm]") {
  shm_context x(test::kLinkSegment);
  const bool child_first = GENERATE(false, true);
  std::unique_ptr<shm_link_in> in;
  if (!child_first) in = test::link_pair::must(shm_link_in::open(x, kRing));
  const pid_t child = start_child([&] {
    shm_context y = attached(x.descriptor());
    const auto out = test::link_pair::must(shm_link_out::open(y, kRing));
    for (std::uint64_t i = 0; i < 1000; ++i) {
      shm_item one = test::item_of_kind(y, i, i % 3);
      if (!out->push(one, test::in_time())) return 2;
    }
    out->close();
    return out->drain(test::in_time()) ? 0 : 3;
  });
  if (child_first) {
    while (x.memory().queue(kRing).in_flight() == 0) std::this_thread::yield();
    in = test::link_pair::must(shm_link_in::open(x, kRing));
  }
  shm_item got;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    REQUIRE(in->pop(got, test::in_time()).ok());
    REQUIRE(test::is_sent_item(x, got, i));
  }
  CHECK(in->pop(got, test::in_time()).error().code == errc::closed);
  CHECK(copycost::test::end_of(child) == 0);
  got = shm_item();
  x.reclaim();
  CHECK(x.used() == slab::usage{});
}

// --- hostile peers ------------------------------------------------------------------------------------------------

namespace {

// What another producer would write, by hand.
struct hostile {
  hostile() {
    p.out.reset();
    REQUIRE(p.a.memory().take_end(0, slab::ring_end::sender));
  }
  void send(std::initializer_list<block_message> all) {
    ring_sender<block_message, kRingCapacity> ring(p.a.memory().queue(0));
    for (const block_message& m : all) ring.push(m);
    ring.publish();
  }
  block_message message_of(const shm_item& one, std::uint32_t headers) {
    block_message m = one.is().in->message(*one.is().block, one.bytes().data(), static_cast<std::uint32_t>(one.size()));
    m.tag = headers << shm_tag::kSourceBits;
    return m;
  }
  test::link_pair p;
};

}  // namespace

TEST_CASE("graph shm link: messages that are no item end the link", "[graph][shm][hostile]") {
  hostile h;
  const header list[] = {{1, 1}, {2, 2}};
  const shm_item one = std::move(h.p.from.copy({0, 0, list}, std::vector<std::byte>(100))).value(),
                 part = std::move(h.p.from.part(one, 0, 10, {0, 0, {list, 1}})).value();
  const block_message fine = h.message_of(one, 2);
  block_message m = fine, second;
  second.block = kNoBlock;
  second.tag = shm_tag::kHeaders;
  std::uint64_t delivered = 0;
  shm_item got;
  SECTION("a block that is not in use") { m.block = 77; }
  SECTION("a block that is not there") { m.block = 1u << 30; }
  SECTION("an old block") { m.generation += 2; }
  SECTION("more than the block has") { m.size = 101; }
  SECTION("before the block") { m.begin -= 17; }
  SECTION("payload without a block") { m.block = kNoBlock; }
  SECTION("payload over the headers") { m.begin -= 8; }
  SECTION("more headers than the block has") {
    m.begin += 100;
    m.size = 0;
    m.tag = 15u << shm_tag::kSourceBits;
  }
  SECTION("more headers than an item can have") { m.tag = 1025u << shm_tag::kSourceBits; }
  SECTION("headers without a block") {
    m.block = kNoBlock;
    m.size = 0;
  }
  SECTION("headers first") { m.tag = shm_tag::kHeaders; }
  SECTION("an end with a block") { m.tag = shm_tag::kEnd; }
  SECTION("headers of their own that are none") { m.tag = shm_tag::kOwnHeaders; }
  SECTION("headers of their own that do not follow") {
    m.tag |= shm_tag::kOwnHeaders;
    h.send({m});
    CHECK(h.p.in->pop(got, test::in_time()).error().code == errc::broken_link);
  }
  SECTION("headers of their own without a block") {
    m.tag |= shm_tag::kOwnHeaders;
    h.send({m, second});
  }
  SECTION("headers of their own in too small a block") {
    block_message own =
        one.is().in->message(*part.is().own, reinterpret_cast<const std::byte*>(part.meta().headers.data()), 8);
    own.tag = shm_tag::kHeaders;
    m.tag |= shm_tag::kOwnHeaders;
    h.send({m, own});
  }
  SECTION("headers of their own with another tag") {
    block_message own = fine;
    m.tag |= shm_tag::kOwnHeaders;
    h.send({m, own});
  }
  SECTION("after an item that is fine") {
    h.send({fine});
    delivered = 1;
    m.generation += 1;
  }
  if (h.p.a.memory().queue(0).in_flight() == delivered) h.send({m});
  h.send({fine, fine});
  for (std::uint64_t i = 0; i < delivered; ++i) REQUIRE(h.p.in->pop(got, test::in_time()).ok());
  CHECK(h.p.in->pop(got, test::in_time()).error().code == errc::broken_link);
  CHECK(h.p.in->pop(got, test::in_time()).error().code == errc::broken_link);
  CHECK(h.p.in->stats().refused == 1);
  CHECK(h.p.b.memory().other_end(0, slab::ring_end::sender) == slab::presence::gone);
  got = shm_item();
  // It holds nothing of what was sent.
  CHECK(one.use_count() == 2);
}

TEST_CASE("graph shm link: a ring that counts what cannot be is broken, for either end", "[graph][shm][hostile]") {
  test::link_pair p;
  shm_item one = test::item_of_kind(p.a, 0, 0);
  SECTION("a tail beyond the ring") {
    p.a.memory().queue(0).tail = kRingCapacity + 1;
    CHECK(p.in->pop(one, test::in_time()).error().code == errc::broken_link);
  }
  SECTION("a head beyond the tail") {
    p.a.memory().queue(0).head = 1000;
    result<void> ok;
    for (int i = 0; ok && i < 1000; ++i) {
      one = test::item_of_kind(p.a, 0, 0);
      ok = p.out->push(one, test::in_time());
    }
    REQUIRE_FALSE(ok.ok());
    CHECK(ok.error().code == errc::broken_link);
    one = shm_item();
    CHECK(p.is_empty());
    CHECK(p.out->stats().undelivered == p.out->stats().items);
  }
}

TEST_CASE("graph shm link: random messages are items or end the link, and every byte can be read",
          "[graph][shm][hostile]") {
  rng random(count_from("COPYCOST_SEED", 41));
  for (unsigned round = 0; round < count_from("COPYCOST_CASES", 300); ++round) {
    hostile h;
    const shm_item real = test::sent_item(h.p.a, random, 3);
    for (int i = 0; i < 20; ++i) {
      block_message m;
      if (real.is().block != nullptr) m = h.message_of(real, 0);
      if (random.below(3) == 0) m.block = static_cast<block_id>(random.below(4));
      if (random.below(3) == 0) m.generation = static_cast<std::uint32_t>(random.below(4));
      if (random.below(3) == 0) m.begin = random.next() >> random.below(64);
      if (random.below(3) == 0) m.size = static_cast<std::uint32_t>(random.below(12'000));
      m.tag = static_cast<std::uint32_t>(random.next() >> (32 + random.below(32)));
      h.send({m});
    }
    shm_item got;
    std::uint64_t sum = 0;
    result<void> ok = h.p.in->pop(got, 0);
    for (; ok; ok = h.p.in->pop(got, 0)) {
      for (const std::byte b : got.bytes()) sum += static_cast<std::uint64_t>(b);
      for (const header& one : got.meta().headers) sum += h.p.b.name(one.name).size() + h.p.b.name(one.value).size();
    }
    CHECK((ok.error().code == errc::broken_link || ok.error().code == errc::late || ok.error().code == errc::closed));
    CHECK(sum + 1 > 0);
  }
}

}  // namespace copycost::graph
