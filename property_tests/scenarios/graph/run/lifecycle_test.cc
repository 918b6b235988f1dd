// SPDX-License-Identifier: Apache-2.0
// Pausing and ending runs, with every executor.
#include "scenarios/graph/run/lifecycle.h"

#include <rapidcheck.h>

#include "harness/base/now.h"
#include "property_tests/catch.h"
#include "property_tests/scenarios/graph/run/toy.h"

namespace copycost::graph {
namespace {
using namespace toy;

constexpr std::int64_t kSecond = 1'000'000'000;

// source --> pass --> sink, where the source goes on until it is stopped.
struct endless_chain {
  explicit endless_chain(executor_kind executor, channel_limits limits = {64, 1 << 20}) {
    b.add("source", source(~std::uint64_t{0}));
    b.add("pass", pass());
    end = &b.add("sink", sink());
    end->on_take = [this](unsigned, item&, out&) -> result<void> {
      taken.fetch_add(1);
      return {};
    };
    b.connect("source", "pass", limits);
    b.connect("pass", "sink", limits);
    r = std::make_unique<runner<toy_design>>(b.build(), x, run_options{.executor = executor, .workers = 2});
  }
  // Until so many have arrived.
  void go_on_until(std::uint64_t count) {
    while (taken.load() < count)
      if (by_hand())
        (void)r->step_all();
      else
        std::this_thread::yield();
  }
  bool by_hand() const { return steps; }

  builder b;
  context x;
  toy_node* end = nullptr;
  std::atomic<std::uint64_t> taken{0};
  bool steps = false;
  std::unique_ptr<runner<toy_design>> r;
};

TEST_CASE("a paused run stands, keeps what is on its way, and goes on", "[threads]") {
  for (const executor_kind executor : kExecutors) {
    endless_chain c(executor);
    c.steps = executor == executor_kind::manual;
    REQUIRE(c.r->start().ok());
    for (std::uint64_t round = 1; round <= 20; ++round) {
      c.go_on_until(round * 100);
      REQUIRE(c.r->pause().ok());
      REQUIRE(c.r->pause().ok());
      const std::uint64_t taken = c.taken.load();
      const run_report before = c.r->report();
      for (int i = 0; i < 50; ++i) {
        if (c.by_hand()) CHECK(c.r->step_all() == progress::paused);
        std::this_thread::yield();
      }
      CHECK(c.taken.load() == taken);
      CHECK(c.end->all.size() == taken);  // no thread is in the node
      const run_report after = c.r->report();
      for (std::size_t e = 0; e < 2; ++e) {
        CHECK(after.edges[e].sent == before.edges[e].sent);
        CHECK(after.edges[e].inside == before.edges[e].inside);
        CHECK(after.edges[e].dropped == 0);
      }
      REQUIRE(c.r->resume().ok());
    }
    REQUIRE(c.r->stop(now_ns() + 600 * kSecond).ok());
    CHECK(c.end->all == numbers(c.taken.load()));
    CHECK(c.r->report().edges[1].taken == c.taken.load());
  }
}

TEST_CASE("pauses change nothing of what comes out", "[threads]") {
  CHECK(rc::check([] {
    const auto executor = *rc::gen::element(executor_kind::threads, executor_kind::pool);
    const auto count = *rc::gen::element<std::uint64_t>(0, 1, 33, 2000);
    const auto pauses = *rc::gen::inRange(0, 10);
    builder b;
    b.add("source", source(count));
    b.add("pass", pass());
    const toy_node& end = b.add("sink", sink());
    b.connect("source", "pass", {16, 1 << 20});
    b.connect("pass", "sink", {2, 1 << 20});
    context x;
    runner<toy_design> r(b.build(), x, {.executor = executor, .workers = 2});
    RC_ASSERT(r.start().ok());
    for (int i = 0; i < pauses; ++i) {
      const auto paused = r.pause();
      if (!paused.ok()) {
        RC_ASSERT(paused.error().code == errc::not_running);  // it has ended by itself
        break;
      }
      RC_ASSERT(r.resume().ok());
    }
    RC_ASSERT(r.wait().ok());
    RC_ASSERT(end.all == numbers(count));
  }));
}

TEST_CASE("a stop lets everything arrive that was sent, also of a paused run", "[threads]") {
  for (const executor_kind executor : kExecutors)
    for (const bool paused : {false, true}) {
      endless_chain c(executor);
      c.steps = executor == executor_kind::manual;
      REQUIRE(c.r->start().ok());
      c.go_on_until(500);
      if (paused) REQUIRE(c.r->pause().ok());
      REQUIRE(c.r->stop(kNever).ok());
      const run_report report = c.r->report();
      CHECK(report.edges[0].sent == report.edges[0].taken);
      CHECK(report.edges[1].taken == report.edges[0].sent);
      CHECK(c.end->all == numbers(report.edges[0].sent));
      CHECK(c.r->stop(kNever).ok());  // once more is no error
      CHECK(c.r->wait().ok());
      CHECK_FALSE(c.r->is_running());
    }
}

TEST_CASE("a stop whose deadline passes is late, and what was on its way is counted", "[threads]") {
  for (const executor_kind executor : kExecutors) {
    builder b;
    b.add("source", source(1000));
    toy_node& waits = b.add("waits", pass());
    waits.on_next_port = [](const inputs_seen&) { return kWait; };
    b.add("sink", sink());
    b.connect("source", "waits", {64, 1 << 20});
    b.connect("waits", "sink");
    context x;
    runner<toy_design> r(b.build(), x, {.executor = executor, .workers = 1});
    REQUIRE(r.start().ok());
    while (r.report().edges[0].sent == 0)
      if (executor == executor_kind::manual) (void)r.step_all();
    CHECK(r.stop(now_ns() + kSecond / 100).error() == error{errc::late});
    const edge_report e = r.report().edges[0];
    CHECK(e.sent == e.dropped);
    CHECK(e.inside == 0);
    CHECK(r.wait().error().code == errc::stopped);
  }
}

TEST_CASE("calls that come at the wrong time are refused", "[threads]") {
  for (const executor_kind executor : kExecutors) {
    endless_chain c(executor);
    CHECK(c.r->pause().error().code == errc::not_running);
    CHECK(c.r->resume().error().code == errc::not_paused);
    CHECK(c.r->stop(kNever).error().code == errc::not_running);
    CHECK(c.r->stop_now().error().code == errc::not_running);
    CHECK(c.r->wait().error().code == errc::not_running);
    REQUIRE(c.r->start().ok());
    CHECK(c.r->start().error().code == errc::already_running);
    CHECK(c.r->resume().error().code == errc::not_paused);
    REQUIRE(c.r->stop_now().ok());
    CHECK(c.r->stop_now().ok());
    CHECK(c.r->pause().error().code == errc::not_running);
    CHECK(c.r->start().error().code == errc::already_running);
  }
}

TEST_CASE("a run that is not begun, and one that is destroyed while it runs, leave nothing behind", "[threads]") {
  const auto alive = load::alive().load();
  for (const executor_kind executor : kExecutors) {
    { endless_chain c(executor); }
    endless_chain c(executor);
    c.steps = executor == executor_kind::manual;
    REQUIRE(c.r->start().ok());
    c.go_on_until(100);
  }
  CHECK(load::alive().load() == alive);
}

TEST_CASE("a node that waits for room in the middle of a call stands when the run is paused", "[threads]") {
  builder b;
  std::atomic<std::uint64_t> sent{0};
  toy_node& all_at_once = b.add("source", std::make_unique<toy_node>(0, 1));
  all_at_once.on_produce = [&sent](out& to) -> result<turn> {
    for (std::uint64_t k = 0; k < 10'000; ++k) {
      if (const auto done = to.send(0, item({0, k, {}}, 8)); !done) return done.error();
      sent.fetch_add(1);
    }
    return turn::done;
  };
  toy_node& end = b.add("sink", sink());
  std::atomic<bool> open{false};
  end.on_next_port = [&open](const inputs_seen&) { return open ? 0 : kWait; };
  b.connect("source", "sink", {32, 1 << 20});
  context x;
  runner<toy_design> r(b.build(), x, {.turn = 4});
  REQUIRE(r.start().ok());
  while (sent < 32) std::this_thread::yield();
  REQUIRE(r.pause().ok());
  CHECK(sent < 64);  // the channel, and a turn at each end
  CHECK(r.report().edges[0].inside == sent);
  open = true;
  REQUIRE(r.resume().ok());
  REQUIRE(r.wait().ok());
  CHECK(end.all == numbers(10'000));
}

TEST_CASE("a node that waits for room in the middle of a call is told that everything stops", "[threads]") {
  builder b;
  std::atomic<std::uint64_t> sent{0};
  errc answered{};
  toy_node& all_at_once = b.add("source", std::make_unique<toy_node>(0, 1));
  all_at_once.on_produce = [&](out& to) -> result<turn> {
    for (;;) {
      item one({0, sent, {}}, 8);
      if (const auto done = to.send(0, std::move(one)); !done) {
        answered = done.error().code;
        CHECK_FALSE(one.is_empty());
        return done.error();
      }
      sent.fetch_add(1);
    }
  };
  b.add("sink", sink()).on_next_port = [](const inputs_seen&) { return kWait; };
  b.connect("source", "sink", {32, 1 << 20});
  context x;
  runner<toy_design> r(b.build(), x);
  REQUIRE(r.start().ok());
  while (sent < 32) std::this_thread::yield();
  REQUIRE(r.stop_now().ok());
  CHECK((answered == errc::stopped || answered == errc::closed));  // closed: the reader stopped first
  CHECK(r.report().failed == 0);
  CHECK(r.report().edges[0].dropped + r.report().edges[0].left_out == sent);
}

}  // namespace
}  // namespace copycost::graph
