// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "property_tests/scenarios/raft/link_pair.h"
#include "scenarios/raft/workloads/parts/mix_members.h"

namespace copycost::raft {
namespace {

constexpr std::uint64_t kRounds = 2, kSent = kRounds * mix_traffic::kMessages;

std::uint64_t value_of(const mix_digest& d) {
  digest all;
  d.add_to(all);
  return all.value();
}

// What the counters of a connection must say when the mix has gone through it, counted from the messages themselves.
struct counted {
  std::array<std::uint64_t, kMessageTypes> messages{};
  std::array<std::uint64_t, kSizeBuckets> sizes{};  // of whole messages
  counted(const mix_traffic& t, bool streams) {
    for (std::uint64_t i = 0; i < kSent; ++i) {
      const message_view& m = t[i];
      ++messages[static_cast<std::size_t>(m.head.type)];
      if (streams && t.is_snapshot(i)) continue;
      ++sizes[size_bucket(encoded_size(m))];
    }
  }
};

void check_mix(facade& f, wire_format format) {
  const auto payload = numbered(mix_traffic::kSnapshotBytes, 3);
  const mix_traffic traffic(payload);
  const bool streams = format == wire_format::native;
  any_context leaders(f.context()), followers(f.context());
  auto [a, b] = make_stream_pair(stream_kind::unix_socket);
  mix_leader<any_design> leader(leaders, std::move(a), format, traffic, kMiB);
  mix_follower<any_design> follower(followers, std::move(b), format, true, true);
  std::uint64_t taken = 0, beats = 0;
  for (std::uint64_t turns = 0; follower.handled() != kSent || leader.answered() != beats || !leader.is_done();
       ++turns) {
    REQUIRE(turns < 1'000'000);
    if (taken != kSent && leader.offer(taken)) {
      beats += traffic.is_heartbeat(taken) ? 1u : 0u;
      ++taken;
    }
    leader.turn();
    follower.turn();
  }
  const counted expected(traffic, streams);
  const auto& sent = leader.link().stats().sent;
  const auto& got = follower.link().stats().received;
  CHECK(beats == kRounds * mix_traffic::kHeartbeats);
  for (std::size_t t = 0; t < kMessageTypes; ++t) {
    if (streams && t == static_cast<std::size_t>(message_type::snapshot)) continue;
    CHECK(sent.messages[t] == expected.messages[t]);
  }
  CHECK(got.messages == expected.messages);
  CHECK(got.bytes == sent.bytes);
  CHECK(got.units == sent.units);
  CHECK(got.sizes == sent.sizes);
  CHECK(got.streams == (streams ? kRounds : 0));
  CHECK(sent.streams == (streams ? kRounds : 0));
  CHECK(got.streamed_bytes == (streams ? kRounds * mix_traffic::kSnapshotBytes : 0));
  CHECK(sent.streamed_bytes == got.streamed_bytes);
  // Beside the messages: an opening, and pieces of 64 KiB.
  const std::uint64_t pieces = streams ? kRounds * mix_traffic::kSnapshotBytes / (64 * kKiB) : 0;
  const std::uint64_t whole = kSent - (streams ? kRounds : 0);
  CHECK(sent.units == whole + pieces + (streams ? kRounds : 0));
  for (std::size_t s = 0; s < kSizeBuckets; ++s) {
    std::uint64_t more = 0;
    if (streams && s == size_bucket(64 * kKiB)) more += pieces;
    if (streams && s == size_bucket(kOpeningBytes + encoded_size(traffic.opening()))) more += kRounds;
    CHECK(sent.sizes[s] == expected.sizes[s] + more);
  }
  CHECK(follower.link().stats().sent.messages[static_cast<std::size_t>(message_type::heartbeat_response)] == beats);
  mix_digest wanted;
  for (std::uint64_t i = 0; i < kSent; ++i) wanted.message(traffic[i]);
  CHECK(value_of(follower.seen()) == value_of(wanted));
}

TEST_CASE("raft mix: a connection's counters say what was sent, and what comes is what went") {
  for_designs([](facade& f) {
    for (const wire_format format : {wire_format::native, wire_format::compat}) {
      if (!f.speaks(format)) continue;
      INFO(name_of(format));
      check_mix(f, format);
    }
  });
}

TEST_CASE("raft mix: every round has its 70, 25, 4 and 1, in an order that a seed decides") {
  const auto payload = numbered(mix_traffic::kSnapshotBytes, 3);
  const mix_traffic one(payload), same(payload), other(payload, 5);
  std::map<message_type, std::size_t> types;
  std::size_t large = 0, entries_min = SIZE_MAX, entries_max = 0, differ = 0;
  for (std::uint64_t i = 0; i < mix_traffic::kMessages; ++i) {
    const message_view& m = one[i];
    ++types[m.head.type];
    CHECK(encoded_size(m) == encoded_size(same[i]));
    differ += encoded_size(m) != encoded_size(other[i]) ? 1u : 0u;
    if (m.head.type == message_type::heartbeat) CHECK(m.context.size() <= 64);
    if (m.head.type != message_type::append) continue;
    if (m.entries.size() == 1 && m.entries[0].data.size() >= 64 * kKiB) {
      ++large;
      CHECK(m.entries[0].data.size() <= 512 * kKiB);
      continue;
    }
    entries_min = std::min(entries_min, m.entries.size());
    entries_max = std::max(entries_max, m.entries.size());
    for (const entry_view& e : m.entries) CHECK(e.data.size() == 256);
  }
  CHECK((types[message_type::heartbeat] == 70 && types[message_type::append] == 29 &&
         types[message_type::snapshot] == 1));
  CHECK((large == 4 && entries_min == 1 && entries_max == 64));
  CHECK(differ > 10);
}

}  // namespace
}  // namespace copycost::raft
