// SPDX-License-Identifier: Apache-2.0
// Goal: items over ZeroMQ arrive once and in order in every design, in binary and as JSON, and each end learns how the
// other one ended. Method: random walks against a queue over real sockets; each rule of link.h once.
#include <rapidcheck.h>

#include <deque>

#include "harness/base/now.h"
#include "harness/base/sanitizer.h"
#include "harness/base/temp_dir.h"
#include "impls/graph/arena/design.h"
#include "impls/graph/copy/design.h"
#include "impls/graph/shm/design.h"
#include "impls/graph/slice/design.h"
#include "property_tests/catch.h"
#include "property_tests/scenarios/graph/link/in_time.h"
#include "property_tests/scenarios/graph/link/numbered.h"
#include "scenarios/graph/link/zeromq/message_link_in.h"
#include "scenarios/graph/link/zeromq/message_link_out.h"

namespace copycost::graph {
namespace {

constexpr std::int64_t kPast = 0, kLinger = 1'000'000'000;

// Both ends, each in a context of its own.
template <design D>
struct message_ends {
  explicit message_ends(message_form form, bool over_tcp, const link_options& options = {}) {
    using side = zeromq_socket::side;
    const std::string at = over_tcp ? "tcp://127.0.0.1:*" : "ipc://" + folder.file("link");
    auto first = std::make_unique<zeromq_socket>(std::make_shared<const zeromq_context>(), side::binds, at, kLinger);
    auto second = std::make_unique<zeromq_socket>(std::make_shared<const zeromq_context>(), side::connects,
                                                  first->address(), kLinger);
    out = std::make_unique<message_link_out<D>>(a, std::move(first), form, options);
    in = std::make_unique<message_link_in<D>>(b, std::move(second), form, options);
  }
  // Until there is an item, or the link has ended.
  result<void> pop(typename D::item& into) {
    for (;;) {
      if (out != nullptr) static_cast<void>(out->drain(kPast));
      const auto got = in->pop(into, now_ns() + 1'000'000);
      if (got || got.error().code != errc::late) return got;
    }
  }
  const temp_dir folder{"zeromq-test"};
  typename D::context a, b;
  std::unique_ptr<message_link_out<D>> out;
  std::unique_ptr<message_link_in<D>> in;
};

message_form drawn_form() { return *rc::gen::element(message_form::binary, message_form::json); }

// ThreadSanitizer does not see how threads of libzmq hand messages over.
bool can_run() {
  if (kThreadSanitized) WARN("libzmq is not built for ThreadSanitizer");
  return !kThreadSanitized;
}

}  // namespace

TEMPLATE_TEST_CASE("graph zeromq link: a walk of pushes and pops, against a queue", "[graph][link][zeromq]",
                   copy_design, slice_design, arena_design, shm_design) {
  if (!can_run()) return;
  CHECK(rc::check("walk", [] {
    using D = TestType;
    link_options options;
    options.items = *rc::gen::element<std::uint64_t>(1, 50, 1024);
    options.bytes = *rc::gen::element<std::uint64_t>(70'000, 1u << 30);
    message_ends<D> e(drawn_form(), *rc::gen::arbitrary<bool>(), options);
    rng random(*rc::gen::arbitrary<std::uint64_t>());
    std::deque<std::uint64_t> model;
    std::uint64_t next = 0;
    typename D::item one;
    for (int step = 0; step < 30; ++step) {
      std::vector<typename D::item> group(random.below(random.below(8) == 0 ? 400 : 6));
      if (random.below(2) == 0) {
        for (std::size_t i = 0; i < group.size(); ++i)
          group[i] = test::numbered<D>(e.a, next + i, test::drawn_size(random));
        const std::size_t n = test::must_be(e.out->push_some(group));
        for (std::size_t i = 0; i < n; ++i) model.push_back(next + i);
        for (std::size_t i = n; i < group.size(); ++i) RC_ASSERT(test::is_numbered<D>(e.a, group[i], next + i));
        next += n;
      } else if (!model.empty()) {
        RC_ASSERT(e.pop(one).ok());
        RC_ASSERT(test::is_numbered<D>(e.b, one, model.front()));
        model.pop_front();
      }
    }
    e.out->close();
    for (; !model.empty(); model.pop_front()) {
      RC_ASSERT(e.pop(one).ok());
      RC_ASSERT(test::is_numbered<D>(e.b, one, model.front()));
    }
    RC_ASSERT(e.pop(one).error().code == errc::closed);
    RC_ASSERT(e.out->drain(test::in_time()).ok());
    RC_ASSERT(e.out->stats().items == next);
    RC_ASSERT(e.out->stats().taken == next);
    RC_ASSERT(e.in->stats().items == next);
    RC_ASSERT(e.out->stats().undelivered + e.in->stats().undelivered == 0u);
  }));
}

// libzmq has no room before the other side has come: the end waits behind the item, and is not sent in its place.
TEST_CASE("regression: graph zeromq link: an item and the end of the link before a peer came", "[graph][zeromq]") {
  if (!can_run()) return;
  using D = slice_design;
  const message_form form = GENERATE(message_form::binary, message_form::json);
  message_ends<D> e(form, GENERATE(false, true));
  D::item one = test::numbered<D>(e.a, 7, 1), got;
  REQUIRE(e.out->push(one, test::in_time()).ok());
  e.out->close();
  REQUIRE(e.pop(got).ok());
  CHECK(test::is_numbered<D>(e.b, got, 7));
  CHECK(e.pop(got).error().code == errc::closed);
  CHECK(e.out->drain(test::in_time()).ok());
}

TEST_CASE("graph zeromq link: an end that goes is reported to the other one", "[graph][link][zeromq]") {
  if (!can_run()) return;
  using D = slice_design;
  message_ends<D> e(message_form::binary, GENERATE(false, true));
  D::item one = test::numbered<D>(e.a, 0, 100), got;
  REQUIRE(e.out->push(one, test::in_time()).ok());
  SECTION("the producer") {
    REQUIRE(e.pop(got).ok());
    e.out.reset();
    CHECK(e.in->pop(got, test::in_time()).error().code == errc::peer_gone);
  }
  SECTION("the consumer") {
    REQUIRE(e.pop(got).ok());
    e.in->abandon();
    CHECK(e.in->pop(got, test::in_time()).error().code == errc::closed);
    result<void> ok;
    for (std::uint64_t i = 1; ok && i < 1'000'000; ++i) {
      one = test::numbered<D>(e.a, i, 100);
      ok = e.out->push(one, test::in_time());
      if (!ok) CHECK(test::is_numbered<D>(e.a, one, i));
    }
    REQUIRE_FALSE(ok.ok());
    CHECK(ok.error().code == errc::peer_gone);
    CHECK(e.out->stats().taken + e.out->stats().undelivered == e.out->stats().items);
  }
}

TEST_CASE("graph zeromq link: what is too large is refused, and a peer that never comes is gone", "[graph][zeromq]") {
  if (!can_run()) return;
  using D = copy_design;
  link_options options;
  options.bytes = 1000;
  options.patience_ns = 1'000'000;
  D::context x;
  message_link_out<D> out(x,
                          std::make_unique<zeromq_socket>(std::make_shared<const zeromq_context>(),
                                                          zeromq_socket::side::binds, "tcp://127.0.0.1:*", kLinger),
                          message_form::binary, options);
  D::item large = test::numbered<D>(x, 0, 1001), small = test::numbered<D>(x, 0, 10);
  D::item more = test::numbered<D>(x, 1, 10);
  CHECK(out.push(large, test::in_time()).error() == error{errc::too_large, 0, 1000, 1001});
  REQUIRE(out.push(small, kPast).ok());
  CHECK(out.push(more, test::in_time()).error().code == errc::peer_gone);
  CHECK(out.stats().undelivered == 1);
}

}  // namespace copycost::graph
