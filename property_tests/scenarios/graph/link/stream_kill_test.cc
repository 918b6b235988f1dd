// SPDX-License-Identifier: Apache-2.0
// Goal: a process at one end of a link over a socket is killed at any moment: what came whole is popped once and in
// order, and the other one learns it. Method: real processes over a Unix socket and over TCP.
#include <unistd.h>

#include <csignal>
#include <thread>

#include "harness/base/now.h"
#include "impls/graph/shm/design.h"
#include "impls/graph/slice/design.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "property_tests/scenarios/graph/link/in_time.h"
#include "property_tests/scenarios/graph/link/numbered.h"
#include "scenarios/common/streams/listener.h"

using copycost::test::count_from;
using copycost::test::kill_child;
using copycost::test::start_child;

namespace copycost::graph {
namespace {

struct killed_in_the_end {
  ~killed_in_the_end() { kill_child(child); }
  pid_t child;
};

template <design D>
int produce_until_killed(const stream_address& to, std::uint64_t seed) {
  auto stream = connect_stream(to, kForever).stream;
  if (stream == nullptr) return 2;
  typename D::context x;
  stream_link_out<D> out(x, std::move(stream));
  std::uint64_t number = 0;
  for (rng random(seed);;) {
    std::vector<typename D::item> some(random.between(1, 20));
    for (std::size_t i = 0; i < some.size(); ++i) some[i] = test::numbered<D>(x, number + i, test::drawn_size(random));
    if (!out.push(some[0], test::in_time())) return 3;
    const auto n = out.push_some(std::span(some).subspan(1));
    if (!n) return 4;
    number += 1 + n.value();
  }
}
template <design D>
int consume_until_killed(const stream_address& from) {
  auto stream = connect_stream(from, kForever).stream;
  if (stream == nullptr) return 2;
  typename D::context x;
  stream_link_in<D> in(x, std::move(stream));
  typename D::item one;
  for (std::uint64_t number = 0;; ++number) {
    if (!in.pop(one, test::in_time())) return 3;
    if (!test::is_numbered<D>(x, one, number)) return 4;
  }
}

template <design D>
void kill_a_producer(stream_listener& at, rng& random) {
  const pid_t child = start_child([&, seed = random.next()] { return produce_until_killed<D>(at.address(), seed); });
  const killed_in_the_end no_orphan{child};
  typename D::context x;
  stream_link_in<D> in(x, at.accept(kForever).stream);
  typename D::item one;
  std::uint64_t number = 0;
  const std::uint64_t enough = random.below(300);
  result<void> ok;
  for (bool killed = false; ok;) {
    if (!killed && number > enough) {
      if (random.below(2) == 0) usleep(static_cast<useconds_t>(random.below(500)));
      REQUIRE(kill(child, SIGKILL) == 0);
      killed = true;
    }
    ok = in.pop(one, test::in_time());
    if (ok) REQUIRE(test::is_numbered<D>(x, one, number++));
  }
  CHECK(ok.error().code == errc::peer_gone);
  CHECK(in.stats().items == number);
}

template <design D>
void kill_a_consumer(stream_listener& at, rng& random) {
  const pid_t child = start_child([&] { return consume_until_killed<D>(at.address()); });
  const killed_in_the_end no_orphan{child};
  typename D::context x;
  stream_link_out<D> out(x, at.accept(kForever).stream);
  std::uint64_t number = 0;
  const std::uint64_t enough = random.below(300);
  result<void> ok;
  for (bool killed = false; ok; ++number) {
    auto one = test::numbered<D>(x, number, test::drawn_size(random));
    if (!killed && number > enough) {
      if (random.below(2) == 0) usleep(static_cast<useconds_t>(random.below(500)));
      REQUIRE(kill(child, SIGKILL) == 0);
      killed = true;
    }
    ok = out.push(one, test::in_time());
    if (!ok) CHECK(test::is_numbered<D>(x, one, number));
  }
  CHECK(ok.error().code == errc::peer_gone);
  CHECK(out.stats().items == number - 1);
  CHECK(out.stats().taken + out.stats().undelivered == out.stats().items);
}

}  // namespace

TEMPLATE_TEST_CASE("graph link: processes at a socket are killed at random moments, and the other end learns it",
                   "[graph][link][kill]", slice_design, shm_design) {
  const stream_kind kind = GENERATE(stream_kind::unix_socket, stream_kind::tcp);
  stream_listener at(kind);
  rng random(count_from("COPYCOST_SEED", 60));
  for (unsigned round = 0; round < count_from("COPYCOST_KILLS", 10); ++round) {
    INFO(name_of(kind) << ", kill " << round);
    if (random.below(2) == 0)
      kill_a_producer<TestType>(at, random);
    else
      kill_a_consumer<TestType>(at, random);
  }
}

TEST_CASE("graph link: a process that ends in good order has sent everything", "[graph][link]") {
  using D = slice_design;
  const stream_kind kind = GENERATE(stream_kind::unix_socket, stream_kind::tcp);
  stream_listener at(kind);
  const pid_t child = start_child([&] {
    process_names names;
    stream_link_out<D> out(names, connect_stream(at.address(), kForever).stream);
    rng random(3);
    for (std::uint64_t i = 0; i < 3000; ++i) {
      D::item one = test::numbered<D>(names, i, test::drawn_size(random));
      if (!out.push(one, test::in_time())) return 2;
    }
    out.close();
    return out.drain(test::in_time()) ? 0 : 3;
  });
  process_names names;
  stream_link_in<D> in(names, at.accept(kForever).stream);
  D::item got;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    REQUIRE(in.pop(got, test::in_time()).ok());
    REQUIRE(test::is_numbered<D>(names, got, i));
  }
  CHECK(in.pop(got, test::in_time()).error().code == errc::closed);
  CHECK(copycost::test::end_of(child) == 0);
}

}  // namespace copycost::graph
