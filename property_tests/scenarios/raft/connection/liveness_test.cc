// SPDX-License-Identifier: Apache-2.0
#include "scenarios/raft/connection/liveness.h"

#include <vector>

#include "property_tests/catch.h"

namespace copycost::raft {
namespace {

TEST_CASE("raft liveness: an answer counts once, and only what was asked for is an answer") {
  liveness l(100, 3, 0);
  const request_id first = l.send(0);
  CHECK(l.answered(first, 7));
  CHECK_FALSE(l.answered(first, 90));
  CHECK((l.times().count == 1 && l.times().max_ns == 7));
  CHECK_FALSE(l.answered(request_id(), 90));
  request_id of_a_request = l.send(100);
  of_a_request.bytes[9] = std::byte{0};
  CHECK_FALSE(l.answered(of_a_request, 101));
  CHECK((l.times().count == 1 && l.missed() == 0));
}

TEST_CASE("raft liveness: misses count in a row, and an answer that comes late is a sign of life") {
  liveness l(100, 3, 0);
  std::vector<request_id> sent;
  for (int i = 0; i < 4; ++i) sent.push_back(l.send(100 * i));
  CHECK((l.missed() == 3 && !l.is_alive()));
  CHECK(l.answered(sent[1], 350));
  CHECK(l.is_alive());
  CHECK((l.times().last_ns == 250 && l.missed() == 3));
  sent.push_back(l.send(400));  // the latest before it has still no answer
  CHECK(l.missed() == 4);
  CHECK(l.answered(sent[4], 401));
  sent.push_back(l.send(500));
  CHECK((l.missed() == 4 && l.is_alive()));
}

TEST_CASE("raft liveness: those that wait for long are given up, and their answers are none") {
  liveness l(1, 1000, 0);
  const request_id old = l.send(0);
  request_id latest;
  for (int i = 1; i <= 64; ++i) latest = l.send(i);
  CHECK_FALSE(l.answered(old, 70));
  CHECK(l.answered(latest, 70));
  CHECK(l.times().count == 1);
}

}  // namespace
}  // namespace copycost::raft
