// SPDX-License-Identifier: Apache-2.0
// Goal: items over a ring of a segment arrive once and in order, wherever the ring wraps, and each end learns how the
// other one ended. Method: both ends in this process, over two attachments, which are two processes to the segment.
#include <rapidcheck.h>

#include <deque>
#include <thread>

#include "harness/base/now.h"
#include "harness/base/sanitizer.h"
#include "impls/graph/common/item_words.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "property_tests/impls/graph/shm_link_common.h"
#include "property_tests/scenarios/graph/link/in_time.h"

namespace copycost::graph {
namespace {

using test::link_pair;
using test::sent_item;

constexpr std::int64_t kPast = 0;

std::size_t in_flight(const link_pair& p) { return p.a.memory().queue(0).in_flight(); }

}  // namespace

TEST_CASE("graph shm link: items of any kind arrive as they were, and lie where they were made", "[graph][shm]") {
  link_pair p;
  rng random(copycost::test::count_from("COPYCOST_SEED", 1));
  for (std::uint64_t i = 0; i < 3000; ++i) {
    shm_item one = sent_item(p.a, random, i);
    const std::ptrdiff_t where = one.bytes().data() - p.a.memory().segment().base();
    REQUIRE(p.out->push(one, test::in_time()).ok());
    CHECK(one.size() == 0);
    shm_item got;
    REQUIRE(p.in->pop(got, test::in_time()).ok());
    REQUIRE(test::is_sent_item(p.b, got, i));
    if (got.size() > 0) REQUIRE(got.bytes().data() - p.b.memory().segment().base() == where);
  }
  p.out->settle();
  CHECK(p.out->stats().taken == 3000);
  CHECK(p.is_empty());
}

TEST_CASE("graph shm link: a walk of pushes and pops, alone and in groups, against a queue", "[graph][shm]") {
  CHECK(rc::check("walk", [] {
    link_options options;
    options.items = *rc::gen::element<std::uint64_t>(1, 2, 7, 1024);
    options.bytes = *rc::gen::element<std::uint64_t>(10'000, 50'000, 1u << 30);
    link_pair p(options);
    rng random(*rc::gen::arbitrary<std::uint64_t>());
    std::deque<std::uint64_t> model;
    std::uint64_t next = 0, out = 0, bytes = 0;
    for (int step = 0; step < 300; ++step) {
      std::vector<shm_item> group(random.below(random.below(8) == 0 ? 100 : 6));
      if (random.below(2) == 0) {
        for (std::size_t i = 0; i < group.size(); ++i) group[i] = sent_item(p.a, random, next + i);
        auto n = p.out->push_some(group);
        RC_ASSERT(n.ok());
        for (std::size_t i = 0; i < *n; ++i) model.push_back(next + i);
        // What was not pushed is still the caller's.
        for (std::size_t i = *n; i < group.size(); ++i) RC_ASSERT(test::is_sent_item(p.a, group[i], next + i));
        next += *n;
      } else {
        auto n = p.in->pop_some(group);
        RC_ASSERT(n.ok());
        RC_ASSERT(*n == std::min(group.size(), model.size()));
        for (std::size_t i = 0; i < *n; ++i) {
          RC_ASSERT(test::is_sent_item(p.b, group[i], model.front()));
          bytes += group[i].size();
          model.pop_front();
        }
        out += *n;
      }
      RC_ASSERT(model.size() <= options.items + block_receiver::kBatch);
    }
    RC_ASSERT(p.in->stats().items == out);
    RC_ASSERT(p.in->stats().bytes == bytes);
    RC_ASSERT(p.out->stats().items == next);
  }));
}

TEST_CASE("graph shm link: the ring wraps at every place, with items of one message and of two", "[graph][shm]") {
  const auto seed = copycost::test::count_from("COPYCOST_SEED", 2);
  for (std::uint32_t place = 0; place < kRingCapacity; ++place) {
    INFO("place " << place);
    // The second half: where the counters of messages wrap.
    for (const std::uint32_t start : {place, ~std::uint32_t{0} - place}) {
      link_pair p({}, start);
      rng random(seed + place);
      std::uint64_t next = 0, expected = 0;
      for (int round = 0; round < 3; ++round) {
        for (;; ++next) {
          shm_item one = test::item_of_kind(p.a, next, (next + place) % 3);
          const auto ok = p.out->push(one, kPast);
          if (ok) continue;
          REQUIRE(ok.error().code == errc::late);
          break;
        }
        REQUIRE(in_flight(p) + block_receiver::kBatch >= kRingCapacity - 3);
        shm_item got;
        while (p.in->pop(got, kPast).ok()) REQUIRE(test::is_sent_item(p.b, got, expected++));
        REQUIRE(expected == next);
      }
    }
  }
}

TEST_CASE("graph shm link: two threads push and pop, and nothing is left in use", "[graph][shm][threads]") {
  link_pair p({}, 0, std::size_t{64} << 20);
  constexpr std::uint64_t kItems = 20'000;
  std::thread producer([&] {
    rng random(3);
    for (std::uint64_t i = 0; i < kItems; ++i) {
      shm_item one = sent_item(p.a, random, i);
      if (!p.out->push(one, test::in_time())) std::abort();
    }
    p.out->close();
    if (!p.out->drain(test::in_time())) std::abort();
  });
  shm_item got;
  for (std::uint64_t i = 0; i < kItems; ++i) {
    REQUIRE(p.in->pop(got, test::in_time()).ok());
    REQUIRE(test::is_sent_item(p.b, got, i));
  }
  CHECK(p.in->pop(got, test::in_time()).error().code == errc::closed);
  producer.join();
  CHECK(p.out->stats().taken == kItems);
  got = shm_item();
  CHECK(p.is_empty());
}

TEST_CASE("graph shm link: what was pushed before close() drains, and then it is closed", "[graph][shm]") {
  link_pair p;
  rng random(4);
  const std::uint64_t n = GENERATE(0u, 1u, 5u, 120u);
  std::uint64_t pushed = 0;
  for (shm_item one; pushed < n; ++pushed) {
    one = test::item_of_kind(p.a, pushed, 0);
    REQUIRE(p.out->push(one, kPast).ok());
  }
  p.out->close();
  shm_item one = sent_item(p.a, random, 0), got;
  CHECK(p.out->push(one, test::in_time()).error().code == errc::closed);
  CHECK(p.out->push_some({&one, 1}).error().code == errc::closed);
  CHECK(test::is_sent_item(p.a, one, 0));
  for (std::uint64_t i = 0; i < n; ++i) {
    REQUIRE(p.in->pop(got, kPast).ok());
    REQUIRE(test::is_sent_item(p.b, got, i));
  }
  CHECK(p.in->pop(got, test::in_time()).error().code == errc::closed);
  CHECK(p.in->pop_some({&got, 1}).error().code == errc::closed);
  CHECK(p.out->drain(kPast).ok());
  CHECK(p.out->stats().undelivered == 0);
}

TEST_CASE("graph shm link: close() has its place in a full ring", "[graph][shm]") {
  link_pair p;
  std::uint64_t pushed = 0;
  for (shm_item one = test::item_of_kind(p.a, 0, 0); p.out->push(one, kPast).ok();)
    one = test::item_of_kind(p.a, ++pushed, 0);
  p.out->close();
  CHECK(in_flight(p) == kRingCapacity);
  shm_item got;
  for (std::uint64_t i = 0; i < pushed; ++i) REQUIRE(p.in->pop(got, kPast).ok());
  CHECK(p.in->pop(got, test::in_time()).error().code == errc::closed);
}

TEST_CASE("graph shm link: limits in items and bytes are kept, and larger items are refused", "[graph][shm]") {
  link_options options;
  options.items = 3;
  options.bytes = 1000;
  link_pair p(options);
  const auto make = [&](std::size_t size) { return std::move(p.from.copy({}, std::vector<std::byte>(size))).value(); };
  shm_item large = make(1001), whole = make(1000), small = make(10), got;
  CHECK(p.out->push(large, test::in_time()).error() == error{errc::too_large, 0, 1000, 1001});
  CHECK(large.size() == 1001);
  REQUIRE(p.out->push(whole, kPast).ok());
  CHECK(p.out->push(small, kPast).error().code == errc::late);
  CHECK(small.size() == 10);
  CHECK(p.out->stats().waits == 1);
  REQUIRE(p.in->pop(got, kPast).ok());
  std::vector<shm_item> four;
  for (int i = 0; i < 4; ++i) four.push_back(make(1));
  CHECK(p.out->push_some(four).value() == 3);
  CHECK(p.out->push_some({&four[3], 1}).value() == 0);
  CHECK(p.in->pop(got, kPast).ok());
  CHECK(p.out->push(four[3], kPast).ok());
}

TEST_CASE("graph shm link: items that the link cannot carry are refused and stay", "[graph][shm]") {
  link_pair p;
  shm_context other(test::kLinkSegment);
  shm_maker elsewhere(other);
  shm_item foreign = std::move(elsewhere.copy({}, std::vector<std::byte>(10))).value();
  CHECK(p.out->push(foreign, test::in_time()).error().code == errc::bad_parameter);
  CHECK(foreign.size() == 10);
  shm_item nameless = std::move(p.from.copy({kNamesMax, 0, {}}, std::vector<std::byte>(10))).value();
  CHECK(p.out->push(nameless, test::in_time()).error() == error{errc::bad_parameter, 0, kNamesMax - 1, kNamesMax});
}

TEST_CASE("graph shm link: an end is taken once, and can be taken again when both are gone", "[graph][shm]") {
  link_pair p;
  CHECK(shm_link_out::open(p.a, 0).error() == error{errc::port_taken, 0, 0, 0});
  CHECK(shm_link_in::open(p.a, 0).error().code == errc::port_taken);
  CHECK(shm_link_in::open(p.a, kSlabRings).error().code == errc::bad_parameter);
  CHECK(shm_link_out::open(p.a, kSlabRings).error().code == errc::bad_parameter);
  link_options none;
  none.items = 0;
  CHECK(shm_link_out::open(p.a, 1, none).error().code == errc::bad_parameter);
  for (int round = 0; round < 3; ++round) {
    shm_item one = test::item_of_kind(p.a, 5, 2), got;
    REQUIRE(p.out->push(one, kPast).ok());
    p.out->close();
    REQUIRE(p.in->pop(got, kPast).ok());
    CHECK(p.in->pop(got, kPast).error().code == errc::closed);
    p.out.reset();
    p.in.reset();
    p.in = std::move(shm_link_in::open(p.b, 0)).value();
    CHECK(p.in->pop(got, kPast).error().code == errc::late);  // the new producer has yet to come
    p.out = std::move(shm_link_out::open(p.a, 0)).value();
  }
}

TEST_CASE("graph shm link: a peer that never comes is waited for, but not longer than said", "[graph][shm]") {
  shm_context x(test::kLinkSegment);
  link_options options;
  options.patience_ns = 5'000'000;
  options.linger_ns = 0;
  const auto in = std::move(shm_link_in::open(x, 0, options)).value();
  shm_item one;
  CHECK(in->pop(one, kPast).error().code == errc::late);
  CHECK(in->pop(one, test::in_time()).error().code == errc::peer_gone);
  CHECK(in->pop(one, test::in_time()).error().code == errc::peer_gone);
  const auto out = std::move(shm_link_out::open(x, 1, options)).value();
  result<void> ok;
  std::uint64_t pushed = 0;
  for (; ok; ++pushed) {
    one = test::item_of_kind(x, pushed, 0);
    ok = out->push(one, test::in_time());
  }
  CHECK(ok.error().code == errc::peer_gone);
  CHECK(out->stats().undelivered == pushed - 1);
  CHECK(test::is_sent_item(x, one, pushed - 1));
  CHECK(out->drain(test::in_time()).error().code == errc::peer_gone);
  one = shm_item();
  CHECK(x.used() == slab::usage{});
}

TEST_CASE("graph shm link: a consumer that leaves is reported to the producer, who has nothing in use any more",
          "[graph][shm]") {
  link_pair p;
  result<void> ok;
  shm_item got, one;
  std::uint64_t pushed = 0;
  for (; pushed < 50; ++pushed) {
    one = test::item_of_kind(p.a, pushed, pushed % 3);
    REQUIRE(p.out->push(one, kPast).ok());
  }
  REQUIRE(p.in->pop(got, kPast).ok());
  p.in->abandon();
  CHECK(p.in->pop(one, test::in_time()).error().code == errc::closed);
  for (; ok && pushed < 1000; ++pushed) {
    one = test::item_of_kind(p.a, pushed, 0);
    ok = p.out->push(one, test::in_time());
  }
  REQUIRE_FALSE(ok.ok());
  CHECK(ok.error().code == errc::peer_gone);
  CHECK(pushed < 50 + kRingCapacity);
  CHECK(p.out->stats().undelivered + p.out->stats().taken == pushed - 1);
  CHECK(p.out->stats().taken == p.in->stats().items + p.in->stats().undelivered);
  p.out->close();
  got = shm_item();
  one = shm_item();
  CHECK(p.is_empty());
}

TEST_CASE("graph shm link: a producer's end that is gone without close() is reported as peer_gone, after what it sent",
          "[graph][shm]") {
  link_options options;
  options.linger_ns = 0;
  link_pair p(options);
  for (std::uint64_t i = 0; i < 40; ++i) {
    shm_item one = test::item_of_kind(p.a, i, i % 3);
    REQUIRE(p.out->push(one, kPast).ok());
  }
  p.out.reset();
  stays_to_the_end(&p.a.memory());  // what was under way is not settled any more: the segment has it until then
  shm_item got;
  for (std::uint64_t i = 0; i < 40; ++i) {
    REQUIRE(p.in->pop(got, kPast).ok());
    REQUIRE(test::is_sent_item(p.b, got, i));
  }
  CHECK(p.in->pop(got, test::in_time()).error().code == errc::peer_gone);
  std::vector<shm_item> some(3);
  CHECK(p.in->pop_some(some).error().code == errc::peer_gone);
}

TEST_CASE("graph shm link: a consumer that only asks now and then learns that the producer is gone", "[graph][shm]") {
  link_pair p;
  p.out.reset();
  std::vector<shm_item> some(3);
  auto n = p.in->pop_some(some);
  for (int i = 0; n && i < 10'000; ++i) n = p.in->pop_some(some);
  REQUIRE_FALSE(n.ok());
  CHECK(n.error().code == errc::peer_gone);
}

}  // namespace copycost::graph
