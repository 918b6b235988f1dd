// SPDX-License-Identifier: Apache-2.0
// Goal: a delay holds every item for its time and keeps their order; a timeout fires once a silence and never without
// one. Method: a clock that the test moves.
#include "property_tests/scenarios/graph/node/control/draw.h"
#include "scenarios/graph/node/control/delay.h"
#include "scenarios/graph/node/control/timeout.h"

namespace copycost::graph {
namespace {

using namespace testing;

TEST_CASE("delay: no item leaves before its time, and none is lost, whatever fails") {
  CHECK(rc::check("delay", [] {
    const auto items = draw_items();
    const auto wait = static_cast<std::int64_t>(draw_number("ns", 0, 40));
    rng random = draw_rng("arrivals");
    bench b;
    const with_failures some(draw_failures());
    delay<shaky> n(wait, draw_number("held", 1, 20));
    std::vector<std::int64_t> came;
    struct watched final : node<shaky> {
      node<shaky>& is;
      std::vector<std::int64_t>& came;
      watched(node<shaky>& n, std::vector<std::int64_t>& c) : is(n), came(c) {}
      const port_list& ports() const override { return is.ports(); }
      result<void> take(unsigned port, item& one, outlet<shaky>& to) override {
        came.push_back(to.now_ns());
        return is.take(port, one, to);
      }
      result<void> finish(outlet<shaky>& to) override { return is.finish(to); }
      unsigned next_port(const inputs_seen& now) override { return is.next_port(now); }
      std::int64_t due_ns() const override { return is.due_ns(); }
      result<void> on_time(std::int64_t now, outlet<shaky>& to) override { return is.on_time(now, to); }
    } watch(n, came);
    b.drive(watch, {items}, &random);
    RC_ASSERT(b.out.sent == items);
    for (std::size_t i = 0; i < items.size(); ++i) RC_ASSERT(b.out.at_ns[i] >= came[i] + wait);
  }));
}

TEST_CASE("delay: an item leaves as soon as the node is asked when it is due") {
  bench b;
  delay<shaky> n(10);
  CHECK(n.due_ns() == kNever);
  CHECK(b.give(n, "a").ok());
  b.out.clock_ns += 3;
  CHECK(b.give(n, "b").ok());
  const std::int64_t first = b.out.clock_ns + 7;
  CHECK(n.due_ns() == first);
  CHECK(n.on_time(first - 1, b.out).ok());
  CHECK(b.out.sent.empty());
  CHECK(n.on_time(first, b.out).ok());
  CHECK(texts(b.out.sent) == std::vector<std::string>{"a"});
  CHECK(n.due_ns() == first + 3);
  CHECK(n.held() == 1);
  CHECK(n.finish(b.out).ok());
  CHECK(b.out.sent.size() == 2);
}

TEST_CASE("delay: it takes no more than it may hold") {
  bench b;
  delay<shaky> n(kNever - 1, 2);
  CHECK(b.give(n, "a").ok());
  CHECK(n.next_port({1, 0}) == 0);
  CHECK(b.give(n, "b").ok());
  CHECK(n.next_port({1, 0}) == kWait);
  CHECK(n.due_ns() < kNever);
}

TEST_CASE("timeout: one marker a silence, and none while items come") {
  bench b;
  timeout<shaky> n(10, 7);
  CHECK(n.due_ns() <= 0);
  CHECK(n.on_time(b.out.clock_ns, b.out).ok());  // the first silence begins
  CHECK(n.due_ns() == b.out.clock_ns + 10);
  b.out.clock_ns += 9;
  CHECK(b.give(n, "a", 3).ok());
  CHECK(n.on_time(b.out.clock_ns, b.out).ok());
  CHECK(b.out.sent == record{{0, "a", 3}});
  const std::int64_t late = b.out.clock_ns + 10;
  CHECK(n.due_ns() == late);
  CHECK(n.on_time(late - 1, b.out).ok());
  CHECK(b.out.sent.size() == 1);
  for (int again = 0; again < 3; ++again) CHECK(n.on_time(late + 100 * again, b.out).ok());
  CHECK(b.out.of(1) == record{{1, "", 0}});
  CHECK(n.due_ns() == kNever);
  CHECK(b.give(n, "b").ok());
  CHECK(n.on_time(b.out.clock_ns + 10, b.out).ok());
  CHECK(b.out.of(1) == record{{1, "", 0}, {1, "", 1}});
  CHECK(n.markers() == 2);
}

TEST_CASE("timeout: an input that has ended is not late") {
  bench b;
  timeout<shaky> n(10);
  b.drive(n, {{{0, "a"}, {0, "b"}}});
  CHECK(texts(b.out.sent) == std::vector<std::string>{"a", "b"});
  CHECK(n.on_time(kNever - 1, b.out).ok());
  CHECK(b.out.sent.size() == 2);
}

TEST_CASE("timeout: a marker that cannot be made now is made later") {
  bench b;
  timeout<shaky> n(10);
  CHECK(b.give(n, "a").ok());
  b.out.clock_ns += 10;
  const with_failures first({0, 2, 3});
  CHECK(n.on_time(b.out.clock_ns, b.out).error() == kNoMemory);  // making it
  CHECK(n.due_ns() <= b.out.clock_ns);
  CHECK(n.on_time(b.out.clock_ns, b.out).error() == kNoMemory);  // sending it: it is queued
  CHECK(n.held() == 1);
  CHECK(n.on_time(b.out.clock_ns, b.out).ok());
  CHECK(b.out.of(1).size() == 1);
  CHECK(n.due_ns() == kNever);
}

}  // namespace
}  // namespace copycost::graph
