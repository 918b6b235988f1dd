// SPDX-License-Identifier: Apache-2.0
// Goal: the bundled trace is what its README says, and every design reads and writes it as a second, plain reader does.
// Method: counts written down here; each message to fields and back, by the plain reader and by ours; every cell of
// replay_capture against its oracle, on the bundled trace and on a file; damaged captures must be reported with their
// place.
#include <algorithm>
#include <array>
#include <map>

#include "harness/base/failure.h"
#include "harness/core/registry.h"
#include "harness/judge/equality.h"
#include "property_tests/catch.h"
#include "scenarios/raft/traffic/capture_legs.h"
#include "scenarios/raft/wire/append_stream.h"
#include "scenarios/raft/wire/encode.h"
#include "scenarios/raft/wire/parse.h"

namespace copycost::raft {
namespace {

// As scenarios/raft/traffic/trace/README.md has them.
constexpr std::size_t kMessages = 20757, kBytes = 6331722;
struct counted {
  std::string_view type;
  std::size_t messages;
};
constexpr counted kCounts[] = {
    {"MsgProp", 3047},     {"MsgApp", 11563},     {"MsgAppResp", 4629},      {"MsgVote", 9},
    {"MsgVoteResp", 8},    {"MsgSnap", 1},        {"MsgHeartbeat", 595},     {"MsgHeartbeatResp", 565},
    {"MsgTimeoutNow", 2},  {"MsgReadIndex", 168}, {"MsgReadIndexResp", 167}, {"MsgPreVote", 2},
    {"MsgPreVoteResp", 1},
};

bool same(bytes_view a, bytes_view b) { return std::ranges::equal(a, b); }

std::vector<std::byte> start_of_trace(std::size_t records) {
  const trace& all = bundled_trace();
  const bytes_view part = all.stream().first(all.offset(records));
  return {part.begin(), part.end()};
}
// Writes a file and makes it the raft system's input.
void set_input_to(bytes_view bytes) {
  input_set inputs;
  inputs.add("raft", input_of_bytes("capture", bytes));
  set_input(inputs);
}
std::string refusal_of(bytes_view bytes) {
  try {
    const trace t(bytes, "a file");
  } catch (const failure& f) {
    CHECK(f.code == exit_code::usage);
    return f.what();
  }
  return {};
}

TEST_CASE("trace: the bundled one holds what its README says") {
  const trace& all = bundled_trace();
  CHECK(all.stream().size() == kBytes);
  REQUIRE(all.size() == kMessages);
  std::array<std::size_t, kMessageTypes> seen{};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::uint64_t type = plain::read(all.message(i)).type;
    REQUIRE(type < kMessageTypes);
    ++seen[type];
  }
  std::size_t sum = 0;
  for (const counted& c : kCounts) {
    INFO(c.type);
    CHECK(seen[static_cast<std::size_t>(*type_named(c.type))] == c.messages);
    sum += c.messages;
  }
  CHECK(sum == kMessages);
}

TEST_CASE("trace: every message of the bundled one comes back byte for byte, by the plain reader and by ours") {
  const trace& all = bundled_trace();
  message_parts parts;
  entry_vector entries;
  for (std::size_t i = 0; i < all.size(); ++i) {
    INFO("message " << i << " at byte " << all.offset(i));
    const bytes_view bytes = all.message(i);
    REQUIRE(same(plain::written(plain::fields_of(bytes)), bytes));
    parts.clear();
    entries.list.clear();
    REQUIRE(parse_message(bytes, 0, wire_limits(), parts, entries).ok());
    REQUIRE(parts.unknown.empty());
    REQUIRE(encoded_size(parts.view) == bytes.size());
    std::vector<std::byte> out(bytes.size() + wire::kVarintMax + wire::kSlack);
    flat_writer w{out.data()};
    encode_message(parts.view, w);
    REQUIRE(same({out.data(), static_cast<std::size_t>(w.at - out.data())}, bytes));
  }
}

TEST_CASE("trace: its appends as msgappv2 streams lose nothing, and most of them leave term and index out") {
  const trace& all = bundled_trace();
  const capture_legs legs(all, wire_format::etcd_append);
  CHECK(legs.list().size() == 4);  // two of the three led, each with two followers
  std::size_t messages = 0, elided = 0;
  for (const capture_leg& l : legs.list()) {
    append_state state{.from = l.from, .to = l.to};
    for (std::size_t i = 0; i < l.ends.size(); ++i) {
      message_parts parts;
      entry_vector entries;
      const bytes_view unit = l.unit(i);
      if (unit[0] == kElided) {
        REQUIRE(parse_elided(unit.subspan(1), 0, wire_limits(), state, parts, entries).ok());
        state.passed_elided(entries.size());
        ++elided;
      } else {
        REQUIRE(unit[0] == kFull);
        REQUIRE(parse_message(unit.subspan(1 + kLengthBytes), 0, wire_limits(), parts, entries).ok());
        state.passed_full(parts.view.head, entries.view());
      }
      const plain::message& said = l.messages[i];
      REQUIRE(parts.view.head.index == said.index);
      REQUIRE(parts.view.head.term == said.term);
      REQUIRE(parts.view.head.log_term == said.log_term);
      REQUIRE(parts.view.head.commit == said.commit);
      REQUIRE(entries.size() == said.entries.size());
      ++messages;
    }
  }
  CHECK(messages == 11563);
  CHECK(elided > messages / 2);
}

TEST_CASE("trace: entries follow the index of their append, and an index in a term is always the same entry") {
  const trace& all = bundled_trace();
  std::map<std::pair<std::uint64_t, std::uint64_t>, bytes_view> known;
  std::size_t resent = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const plain::message m = plain::read(all.message(i));
    if (m.type != static_cast<std::uint64_t>(message_type::append)) continue;
    INFO("message " << i << " at byte " << all.offset(i));
    std::uint64_t next = m.index + 1;
    for (const plain::entry& e : m.entries) {
      REQUIRE(e.index == next++);
      const auto [at, fresh] = known.try_emplace({e.term, e.index}, e.whole);
      REQUIRE(same(at->second, e.whole));
      resent += fresh ? 0 : 1;
    }
  }
  CHECK(known.size() > 5000);
  CHECK(resent > known.size() / 10);  // to the other follower
}

// Cells of replay_capture of every profile, with a file or without.
std::size_t compare_cells(bool input) {
  std::size_t tried = 0;
  for (const profile p : {profile::smoke, profile::full})
    for (const cell& c : cells_of(p)) {
      if (c.system->name != "raft" || c.workload->traits.name != "replay_capture") continue;
      if ((c.at.number("input") != 0) != input) continue;
      for (const std::uint64_t n : {1u, 2u}) {
        const equality e = compare_with_oracle(c, n);
        INFO(c.name() << ": " << e.why);
        CHECK(e.equal());
      }
      ++tried;
    }
  return tried;
}

TEST_CASE("replay_capture: every design reads and writes the bundled trace as the oracle does") {
  CHECK(compare_cells(false) >= 3 * 5);
}

TEST_CASE("replay_capture: a file of --input is replayed, and one that is no capture offers no cell") {
  set_input_to(start_of_trace(300));
  CHECK(has_input_trace());
  CHECK(input_trace().size() == 300);
  CHECK(compare_cells(true) >= 3);
  constexpr std::string_view kText = "GET / HTTP/1.1\r\nthis is no capture";
  set_input_to(std::as_bytes(std::span(kText)));
  CHECK_FALSE(has_input_trace());
  CHECK(compare_cells(true) == 0);
}

TEST_CASE("trace: what is no capture is told with record and byte") {
  std::vector<std::byte> bytes = start_of_trace(3);
  const trace& all = bundled_trace();
  CHECK(refusal_of(bytes).empty());
  CHECK(refusal_of({}).empty());
  bytes.pop_back();
  CHECK(refusal_of(bytes).starts_with("a file: record 2 at byte " + std::to_string(all.offset(2)) + ": a message of "));
  bytes.resize(all.offset(2) + 7);
  CHECK(refusal_of(bytes) ==
        "a file: record 2 at byte " + std::to_string(all.offset(2)) + ": 7 bytes left, expected a length of 8 bytes");
  bytes[0] = std::byte{0xFF};
  CHECK(refusal_of(bytes).starts_with("a file: record 0 at byte 0: a message of 1837468647967"));
}

TEST_CASE("plain reader: bytes that are no message are refused with their place") {
  const auto refused = [](std::initializer_list<unsigned> in) -> std::string {
    std::vector<std::byte> bytes;
    for (const unsigned b : in) bytes.push_back(static_cast<std::byte>(b));
    try {
      plain::read(bytes);
    } catch (const failure& f) {
      return f.what();
    }
    return {};
  };
  CHECK(refused({}).empty());
  CHECK(refused({0x08}) == "the end inside a number at byte 1 of a message");
  CHECK(refused({0x3A, 5, 1}) == "more bytes than there are at byte 2 of a message");
  CHECK(refused({0x0B}) == "a field that is neither number nor bytes at byte 1 of a message");
}

}  // namespace
}  // namespace copycost::raft
