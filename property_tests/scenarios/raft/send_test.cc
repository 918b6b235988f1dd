// SPDX-License-Identifier: Apache-2.0
// Goal: whatever the way, the transport and the number of followers, every follower receives the unit that the oracle
// knows, also where a stream does not take it whole. Method: the judge's instrument over every cell of `send`, of every
// design.
#include <algorithm>
#include <set>
#include <string>

#include "harness/core/registry.h"
#include "harness/judge/equality.h"
#include "harness/limits/gather_break_even.h"
#include "property_tests/catch.h"
#include "scenarios/common/streams/byte_stream.h"
#include "scenarios/raft/workloads/parts/copy_threshold.h"

namespace copycost {
namespace {

std::uint64_t operations(const cell& c) {
  return std::clamp<std::uint64_t>(400'000 / (c.at.number("size") + 1), 2, 20);
}

TEST_CASE("raft send: every cell gives the oracle's digest") {
  std::set<std::string_view> ways, transports;
  std::set<std::string> names;
  for (const profile p : {profile::smoke, profile::quick, profile::full}) {
    for (const cell& c : cells_of(p)) {
      if (c.system->name != "raft" || c.workload->traits.name != "send" || !names.insert(c.name()).second) continue;
      const equality e = compare_with_oracle(c, operations(c));
      INFO(c.name() << ": " << e.why);
      CHECK(e.equal());
      CHECK(e.done.ops == operations(c));
      CHECK(e.done.items == operations(c) * c.at.number("followers"));
      ways.insert(c.at.text("how") == "copy" ? "copy" : c.at.text("how") == "gather" ? "gather" : "other");
      transports.insert(c.at.text("transport") == "pipe" ? "pipe" : "socket");
    }
  }
  CHECK(ways.size() == 3);
  CHECK(transports.size() == 2);
}

TEST_CASE("raft send: more connections than are measured take the threshold of the most") {
  for (const stream_kind kind : {stream_kind::socketpair, stream_kind::tcp, stream_kind::pipe, stream_kind::ring}) {
    const std::size_t most = raft::measured_copy_below(kind, kBreakEvenWritesMax);
    CHECK(raft::measured_copy_below(kind, 100) == most);
    CHECK(most >= 256);
  }
}

}  // namespace
}  // namespace copycost
