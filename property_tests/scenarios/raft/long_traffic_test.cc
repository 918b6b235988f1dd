// SPDX-License-Identifier: Apache-2.0
//
// What happens once each thousandth time, over as many messages as no schedule that is drawn has.
#include "property_tests/scenarios/raft/link_pair.h"

namespace copycost::raft {
namespace {

// The clock's longest batch where state grows is 16,384 operations (harness/clock/schedule.h): more than twice that.
constexpr std::uint64_t kMany = 40'000;

TEST_CASE("raft connection: of forty thousand messages none is lost, changed or doubled, and each keeps its place") {
  for_designs([](facade& f) {
    link_pair p(f, make_stream_pair(stream_kind::pipe), members());
    p.b->heard.keep = true;
    std::uint64_t wrong = 0;
    auto& came = p.b->heard.messages[static_cast<std::size_t>(lane_of(message_type::append))];
    for (std::uint64_t i = 0; i < kMany; ++i) {
      const made_message m = make_message(message_type::append, i, 1, 8 + i % 48);
      REQUIRE(p.a->link.send_lent(m.view));
      REQUIRE(p.run([&] { return came.size() == 1; }, 0, 100));
      wrong += came[0] == flat(m.view) ? 0 : 1;
      came.clear();
    }
    CHECK(wrong == 0);
    CHECK(p.b->heard.count == kMany);
    CHECK(p.a->link.stats().sent.units == kMany);
    CHECK(p.b->link.stats().received.units == kMany);
  });
}

TEST_CASE("raft connection: each of forty thousand requests and heartbeats is answered once, with its own answer") {
  for_designs([](facade& f) {
    if (!f.speaks(wire_format::native)) return;  // requests have numbers in native frames alone
    link_pair p(f, make_stream_pair(stream_kind::pipe), members());
    p.b->heard.serve = [](const rpc_request& r, rpc_reply& reply) -> result<void> {
      reply.has_payload = true;
      reply.payload.assign(r.payload.begin(), r.payload.end());
      return {};
    };
    std::uint64_t answers = 0, right = 0;
    for (std::uint64_t i = 0; i < kMany; ++i) {
      const auto payload = numbered(16, i);
      const auto done = [&](result<rpc_response> r) {
        ++answers;
        right += r && r->success && std::equal(payload.begin(), payload.end(), r->payload->begin(), r->payload->end());
      };
      REQUIRE(p.a->link.request("raft", "echo", payload, p.now + kSec, done));
      REQUIRE(p.a->link.heartbeat(p.now));
      REQUIRE(p.run([&] { return answers == i + 1 && p.a->link.heart().times().count == i + 1; }, 0, 100));
    }
    CHECK(answers == kMany);
    CHECK(right == kMany);
    CHECK(p.a->link.heart().missed() == 0);
    CHECK((p.a->link.stats().late_answers == 0 && p.a->link.stats().requests_expired == 0));
  });
}

}  // namespace
}  // namespace copycost::raft
