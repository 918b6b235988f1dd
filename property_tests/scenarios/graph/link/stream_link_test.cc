// SPDX-License-Identifier: Apache-2.0
// Goal: items over a byte stream of any kind arrive once and in order in every design, whatever fits into the stream at
// once, and each end learns how the other one ended. Method: random walks against a queue; each rule of link.h once.
#include <rapidcheck.h>

#include <deque>
#include <thread>

#include "harness/base/now.h"
#include "harness/ledger/witness/counters.h"
#include "impls/graph/arena/design.h"
#include "impls/graph/copy/design.h"
#include "impls/graph/shm/design.h"
#include "impls/graph/slice/design.h"
#include "property_tests/catch.h"
#include "property_tests/scenarios/graph/link/batch/collecting_outlet.h"
#include "property_tests/scenarios/graph/link/in_time.h"
#include "property_tests/scenarios/graph/link/numbered.h"
#include "scenarios/graph/link/nodes.h"

namespace copycost::graph {
namespace {

constexpr std::int64_t kPast = 0, kLong = 60'000'000'000;
constexpr stream_kind kKinds[] = {stream_kind::socketpair, stream_kind::unix_socket, stream_kind::tcp,
                                  stream_kind::pipe, stream_kind::ring};

// Pops until there is an item or nothing can come any more without the producer: what its stream did not take is
// pushed along, and what the consumer said is read, because a narrow socket has room for a few words only.
template <design D>
result<void> pop_pumping(test::ends<D>& e, typename D::item& into) {
  if (e.out != nullptr) (void)e.out->drain(kPast);
  for (;;) {
    const auto got = e.in->pop(into, kPast);
    if (got || got.error().code != errc::late || e.out == nullptr) return got;
    const auto drained = e.out->drain(kPast);
    if (!drained && drained.error().code != errc::late) return drained;
  }
}

}  // namespace

TEMPLATE_TEST_CASE("graph link: a walk of pushes and pops over any stream, against a queue", "[graph][link]",
                   copy_design, slice_design, arena_design, shm_design) {
  CHECK(rc::check("walk", [] {
    using D = TestType;
    link_options options;
    options.items = *rc::gen::element<std::uint64_t>(1, 2, 50, 1024);
    options.bytes = *rc::gen::element<std::uint64_t>(70'000, 1u << 30);
    const auto kind = *rc::gen::elementOf(std::vector<stream_kind>(std::begin(kKinds), std::end(kKinds)));
    test::ends<D> e(kind, options, *rc::gen::arbitrary<bool>() ? test::narrow() : stream_options());
    rng random(*rc::gen::arbitrary<std::uint64_t>());
    std::deque<std::uint64_t> model;
    std::uint64_t next = 0;
    for (int step = 0; step < 60; ++step) {
      std::vector<typename D::item> group(random.below(random.below(8) == 0 ? 400 : 6));
      if (random.below(2) == 0) {
        for (std::size_t i = 0; i < group.size(); ++i)
          group[i] = test::numbered<D>(e.a, next + i, test::drawn_size(random));
        const std::size_t n = test::must_be(e.out->push_some(group));
        for (std::size_t i = 0; i < n; ++i) model.push_back(next + i);
        // What was not pushed is still the caller's.
        for (std::size_t i = n; i < group.size(); ++i) RC_ASSERT(test::is_numbered<D>(e.a, group[i], next + i));
        next += n;
      } else {
        const std::size_t n = test::must_be(e.in->pop_some(group));
        RC_ASSERT(n <= model.size());
        for (std::size_t i = 0; i < n; ++i, model.pop_front())
          RC_ASSERT(test::is_numbered<D>(e.b, group[i], model.front()));
      }
    }
    e.out->close();
    typename D::item one;
    for (; !model.empty(); model.pop_front()) {
      RC_ASSERT(pop_pumping(e, one).ok());
      RC_ASSERT(test::is_numbered<D>(e.b, one, model.front()));
    }
    RC_ASSERT(pop_pumping(e, one).error().code == errc::closed);
    RC_ASSERT(e.out->drain(now_ns() + kLong).ok());
    RC_ASSERT(e.out->stats().items == next);
    RC_ASSERT(e.out->stats().taken == next);
    RC_ASSERT(e.in->stats().items == next);
    RC_ASSERT(e.in->stats().bytes == e.out->stats().bytes);
    RC_ASSERT(e.out->stats().undelivered + e.in->stats().undelivered == 0u);
  }));
}

TEMPLATE_TEST_CASE("graph link: two threads push and pop over any stream", "[graph][link][threads]", copy_design,
                   slice_design, arena_design, shm_design) {
  using D = TestType;
  const stream_kind kind = GENERATE(from_range(std::begin(kKinds), std::end(kKinds)));
  INFO(name_of(kind));
  test::ends<D> e(kind, {}, GENERATE(false, true) ? test::narrow() : stream_options());
  constexpr std::uint64_t kItems = 2000;
  std::thread producer([&] {
    rng random(1);
    for (std::uint64_t i = 0; i < kItems;) {
      std::vector<typename D::item> group(random.between(1, 20));
      for (std::size_t k = 0; k < group.size(); ++k) group[k] = test::numbered<D>(e.a, i + k, test::drawn_size(random));
      if (random.below(2) == 0) {
        i += test::must_be(e.out->push_some(group));
      } else {
        if (!e.out->push(group[0], test::in_time())) std::abort();
        ++i;
      }
      if (i >= kItems && e.out->stats().items != i) std::abort();
    }
    e.out->close();
    if (!e.out->drain(test::in_time())) std::abort();
  });
  std::uint64_t n = 0;
  typename D::item one;
  for (auto ok = e.in->pop(one, test::in_time()); ok; ok = e.in->pop(one, test::in_time()))
    REQUIRE(test::is_numbered<D>(e.b, one, n++));
  CHECK(e.in->pop(one, test::in_time()).error().code == errc::closed);
  producer.join();
  CHECK(n == e.out->stats().items);
  CHECK(n >= kItems);
}

TEST_CASE("graph link: payload is copied by the kernel alone, where the design refers to it", "[graph][link]") {
  using D = slice_design;
  test::ends<D> e(stream_kind::socketpair);
  D::item one = test::numbered<D>(e.a, 3, 50'000), got;
  const std::uint64_t before = t_own_counts.copied_bytes;
  REQUIRE(e.out->push(one, kPast).ok());
  REQUIRE(e.in->pop(got, kPast).ok());
  CHECK(t_own_counts.copied_bytes == before);
  CHECK(test::is_numbered<D>(e.b, got, 3));
}

TEST_CASE("graph link: what was pushed before close() drains, and then it is closed", "[graph][link]") {
  using D = slice_design;
  const stream_kind kind = GENERATE(from_range(std::begin(kKinds), std::end(kKinds)));
  const std::uint64_t n = GENERATE(0u, 1u, 4u);
  INFO(name_of(kind) << ' ' << n);
  test::ends<D> e(kind, {}, test::narrow());
  for (std::uint64_t i = 0; i < n; ++i) {
    D::item one = test::numbered<D>(e.a, i, 20);
    REQUIRE(e.out->push(one, kPast).ok());
  }
  D::item large = test::numbered<D>(e.a, n, 500'000), more = test::numbered<D>(e.a, 0, 20), got;
  REQUIRE(e.out->push(large, kPast).ok());  // the stream does not take all of it now
  CHECK(e.out->push(more, kPast).error().code == errc::late);
  e.out->close();
  CHECK(e.out->push(more, test::in_time()).error().code == errc::closed);
  CHECK(e.out->push_some({&more, 1}).error().code == errc::closed);
  CHECK(test::is_numbered<D>(e.a, more, 0));
  CHECK(e.out->drain(kPast).error().code == errc::late);
  for (std::uint64_t i = 0; i <= n; ++i) {
    REQUIRE(pop_pumping(e, got).ok());
    REQUIRE(test::is_numbered<D>(e.b, got, i));
  }
  CHECK(pop_pumping(e, got).error().code == errc::closed);
  CHECK(e.in->pop_some({&got, 1}).error().code == errc::closed);
  CHECK(e.out->drain(kPast).ok());
}

TEST_CASE("graph link: limits in items and bytes are kept, and larger items are refused", "[graph][link]") {
  using D = copy_design;
  link_options options;
  options.items = 3;
  options.bytes = 1000;
  test::ends<D> e(stream_kind::socketpair, options);
  D::item large = test::numbered<D>(e.a, 0, 1001), whole = test::numbered<D>(e.a, 0, 1000),
          small = test::numbered<D>(e.a, 1, 10), got;
  CHECK(e.out->push(large, test::in_time()).error() == error{errc::too_large, 0, 1000, 1001});
  CHECK(large.size() == 1001);
  REQUIRE(e.out->push(whole, kPast).ok());
  CHECK(e.out->push(small, kPast).error().code == errc::late);
  CHECK(e.out->stats().waits == 1);
  REQUIRE(e.in->pop(got, kPast).ok());
  std::vector<D::item> four;
  for (std::uint64_t i = 0; i < 4; ++i) four.push_back(test::numbered<D>(e.a, i + 1, 1));
  CHECK(e.out->push_some(four).value() == 3);
  CHECK(e.out->push_some(std::span(four).last(1)).value() == 0);
  CHECK(e.in->pop(got, kPast).ok());
  CHECK(e.out->push(four[3], kPast).ok());
}

TEST_CASE("graph link: a consumer that leaves is reported to the producer, and what was not taken is counted",
          "[graph][link]") {
  using D = slice_design;
  const stream_kind kind = GENERATE(from_range(std::begin(kKinds), std::end(kKinds)));
  INFO(name_of(kind));
  test::ends<D> e(kind);
  D::item got;
  result<void> ok;
  std::uint64_t pushed = 0;
  for (; pushed < 20; ++pushed) {
    D::item one = test::numbered<D>(e.a, pushed, 100);
    REQUIRE(e.out->push(one, kPast).ok());
  }
  std::vector<D::item> some(3);
  REQUIRE(e.in->pop(got, kPast).ok());
  e.in->abandon();
  CHECK(e.in->pop(got, test::in_time()).error().code == errc::closed);
  for (; ok && pushed < 1'000'000; ++pushed) {
    D::item one = test::numbered<D>(e.a, pushed, 100);
    ok = e.out->push(one, test::in_time());
    if (!ok) CHECK(test::is_numbered<D>(e.a, one, pushed));
  }
  REQUIRE_FALSE(ok.ok());
  CHECK(ok.error().code == errc::peer_gone);
  CHECK(e.out->stats().taken <= 1);  // a reset may overtake what it said
  CHECK(e.out->stats().taken + e.out->stats().undelivered == e.out->stats().items);
  CHECK(e.out->drain(test::in_time()).error().code == errc::peer_gone);
}

TEST_CASE("graph link: a producer's end that is gone without close() is reported as peer_gone, after what it sent",
          "[graph][link]") {
  using D = shm_design;
  const stream_kind kind = GENERATE(from_range(std::begin(kKinds), std::end(kKinds)));
  INFO(name_of(kind));
  link_options options;
  options.linger_ns = 0;
  test::ends<D> e(kind, options);
  std::vector<D::item> some(40);
  for (std::uint64_t i = 0; i < some.size(); ++i) some[i] = test::numbered<D>(e.a, i, 100);
  REQUIRE(test::must_be(e.out->push_some(some)) == 40);
  e.out.reset();
  D::item got;
  for (std::uint64_t i = 0; i < 40; ++i) {
    REQUIRE(e.in->pop(got, test::in_time()).ok());
    REQUIRE(test::is_numbered<D>(e.b, got, i));
  }
  CHECK(e.in->pop(got, test::in_time()).error().code == errc::peer_gone);
  CHECK(e.in->pop_some({&got, 1}).error().code == errc::peer_gone);
  got = D::item();
  CHECK(e.b.used() == slab::usage{});
}

TEST_CASE("graph link: a consumer without room keeps the item until there is some", "[graph][link]") {
  using D = shm_design;
  auto pair = make_stream_pair(stream_kind::socketpair);
  shm_context a, b(shm_options{std::size_t{1} << 20, false});
  stream_link_out<D> out(a, std::move(pair.first));
  stream_link_in<D> in(b, std::move(pair.second));
  shm_maker m(b);
  std::vector<shm_item> all;
  for (auto made = m.build({}, 50'000); made; made = m.build({}, 50'000))
    all.push_back(std::move(m.seal(std::move(made).value(), 50'000)).value());
  D::item one = test::numbered<D>(a, 1, 60'000), got;
  REQUIRE(out.push(one, kPast).ok());
  CHECK(in.pop(got, kPast).error().code == errc::out_of_room);
  CHECK(in.pop_some({&got, 1}).error().code == errc::out_of_room);
  all.clear();
  REQUIRE(in.pop(got, test::in_time()).ok());
  CHECK(test::is_numbered<D>(b, got, 1));
  CHECK(in.stats().undelivered == 0);
}

TEST_CASE("graph link: a graph goes on behind a link", "[graph][link]") {
  using D = slice_design;
  test::ends<D> e(stream_kind::socketpair);
  link_sink<D> sink(std::move(e.out));
  link_source<D> source(std::move(e.in));
  collecting_outlet<D> none(e.a), to(e.b);
  CHECK(source.produce(to).value() == turn::idle);
  for (std::uint64_t i = 0; i < 100; ++i) {
    D::item one = test::numbered<D>(e.a, i, 30);
    REQUIRE(sink.take(0, one, none).ok());
    CHECK(one.size() == 0);
  }
  REQUIRE(sink.held() == 100 % 32);
  REQUIRE(sink.on_time(0, none).ok());
  to.sends_left = 50;
  result<turn> ok = turn::more;
  while (ok && ok.value() == turn::more) ok = source.produce(to);
  CHECK(ok.error().code == errc::closed);  // of send()
  to.sends_left = 1000;
  while (source.produce(to).value() == turn::more) {
  }
  REQUIRE(sink.finish(none).ok());
  CHECK(source.produce(to).value() == turn::done);
  REQUIRE(to.sent.size() == 100);
  for (std::uint64_t i = 0; i < 100; ++i) CHECK(test::is_numbered<D>(e.b, to.sent[i], i));
  CHECK(sink.stats().taken == 100);
  CHECK(source.stats().items == 100);
}

TEST_CASE("graph link: an item that a link refuses is dropped and counted, and the others go", "[graph][link]") {
  using D = slice_design;
  link_options options;
  options.bytes = 1000;
  test::ends<D> e(stream_kind::socketpair, options);
  link_in<D>& in = *e.in;
  link_sink<D> sink(std::move(e.out));
  collecting_outlet<D> none(e.a);
  const std::size_t sizes[] = {10, 1001, 20, 2000};
  for (std::uint64_t i = 0; i < 4; ++i) {
    D::item one = test::numbered<D>(e.a, i, sizes[i]);
    REQUIRE(sink.take(0, one, none).ok());
  }
  CHECK(sink.on_time(0, none).error() == error{errc::too_large, 0, 1000, 1001});
  CHECK(sink.on_time(0, none).ok());
  CHECK(sink.dropped() == 2);
  CHECK(sink.held() == 0);
  D::item got;
  for (const std::uint64_t i : {0u, 2u}) {
    REQUIRE(in.pop(got, test::in_time()).ok());
    CHECK(test::is_numbered<D>(e.b, got, i));
  }
}

TEST_CASE("graph link: a consumer that is slow loses nothing of what a node holds", "[graph][link]") {
  using D = slice_design;
  link_options options;
  options.items = 2;
  test::ends<D> e(stream_kind::socketpair, options);
  link_in<D>& in = *e.in;
  link_sink<D> sink(std::move(e.out), 1'000'000, 4);
  collecting_outlet<D> none(e.a);
  std::uint64_t taken = 0;
  result<void> ok;
  for (; ok; ++taken) {
    D::item one = test::numbered<D>(e.a, taken, 30);
    ok = sink.take(0, one, none);
    if (!ok) CHECK(test::is_numbered<D>(e.a, one, taken));
  }
  CHECK(ok.error().code == errc::late);
  --taken;
  CHECK(sink.dropped() == 0);
  CHECK(sink.held() + 2 == taken);
  D::item got;
  for (std::uint64_t i = 0; i < taken; ++i) {
    REQUIRE(in.pop(got, test::in_time()).ok());
    CHECK(test::is_numbered<D>(e.b, got, i));
    REQUIRE(sink.on_time(0, none).ok());
  }
  CHECK(sink.held() == 0);
}

TEST_CASE("graph link: where the link has ended, what a node holds is dropped and counted", "[graph][link]") {
  using D = slice_design;
  test::ends<D> e(stream_kind::socketpair);
  link_sink<D> sink(std::move(e.out));
  collecting_outlet<D> none(e.a);
  e.in->abandon();
  result<void> ok;
  std::uint64_t taken = 0;
  for (; ok && taken < 1'000'000; ++taken) {
    D::item one = test::numbered<D>(e.a, taken, 30);
    ok = sink.take(0, one, none);
    if (!ok) CHECK(test::is_numbered<D>(e.a, one, taken));
  }
  REQUIRE_FALSE(ok.ok());
  CHECK(ok.error().code == errc::peer_gone);
  CHECK(sink.held() == 0);
  CHECK(sink.due_ns() == kNever);
  CHECK(sink.dropped() + sink.stats().items == taken - 1);
  CHECK(sink.stats().undelivered == sink.stats().items);
  D::item one = test::numbered<D>(e.a, 5, 30);
  CHECK(sink.take(0, one, none).error().code == errc::peer_gone);
  CHECK(test::is_numbered<D>(e.a, one, 5));
}

}  // namespace copycost::graph
