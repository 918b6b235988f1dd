// SPDX-License-Identifier: Apache-2.0
// Varints and raftpb, against bytes made by hand and against the oracle.
#include "scenarios/raft/wire/wire.h"

#include "property_tests/catch.h"
#include "property_tests/scenarios/raft/hex.h"
#include "scenarios/raft/oracle/oracle.h"
#include "scenarios/raft/wire/encode.h"
#include "scenarios/raft/wire/parse.h"

namespace copycost::raft {
namespace {

// The bytes of a varint, and what both readers make of them with and without bytes behind.
std::vector<std::byte> written(std::uint64_t v) {
  std::vector<std::byte> out(wire::kVarintMax + wire::kSlack);
  out.resize(static_cast<std::size_t>(wire::put_varint(out.data(), v) - out.data()));
  return out;
}
std::optional<std::uint64_t> read(std::vector<std::byte> bytes, std::size_t behind) {
  const std::size_t size = bytes.size();
  bytes.resize(size + behind, std::byte{0xFF});
  std::uint64_t v = 0;
  const std::byte* const end = wire::get_varint(bytes.data(), bytes.data() + bytes.size(), v);
  if (end == nullptr) return std::nullopt;
  CHECK(end == bytes.data() + size);
  return v;
}

byte_string encoded(const model_message& m) {
  const model_view v(m);
  byte_string out(encoded_size(v.view()) + wire::kVarintMax + wire::kSlack);
  flat_writer w{out.data()};
  encode_message(v.view(), w);
  CHECK(static_cast<std::size_t>(w.at - out.data()) == encoded_size(v.view()));
  out.resize(encoded_size(v.view()));
  return out;
}
result<model_message> parsed(bytes_view in, const wire_limits& l = {}) {
  message_parts parts;
  entry_vector entries;
  if (auto ok = parse_message(in, 100, l, parts, entries); !ok) return ok.error();
  return model_of(parts.view);
}
// The parser and the oracle say the same.
void both(std::string_view text, errc code, std::uint64_t at, std::uint64_t expected, std::uint64_t got) {
  INFO(text);
  const auto bytes = hex(text);
  const auto r = parsed(bytes), m = oracle::decode(bytes, 100, {});
  const error e{code, at, expected, got};
  REQUIRE_FALSE(r.ok());
  REQUIRE_FALSE(m.ok());
  CHECK(to_string(r.error()) == to_string(e));
  CHECK((r.error() == e));
  CHECK((m.error() == e));
}

TEST_CASE("wire: a varint of every length is written and read") {
  for (unsigned bits = 0; bits <= 64; ++bits)
    for (const std::uint64_t by : {std::uint64_t{0}, std::uint64_t{1}}) {
      const std::uint64_t v = (bits == 64 ? 0 : std::uint64_t{1} << bits) - by;
      const auto bytes = written(v);
      CHECK(bytes.size() == wire::varint_size(v));
      for (const std::size_t behind : {0u, 1u, 10u, 20u}) CHECK(read(bytes, behind) == v);
    }
  CHECK(written(300) == hex("AC 02"));
  CHECK(written(~std::uint64_t{0}) == hex("FF FF FF FF FF FF FF FF FF 01"));
}

TEST_CASE("wire: a varint may be longer than it need be, but not over 64 bits or 10 bytes") {
  for (const std::size_t behind : {0u, 20u}) {
    CHECK(read(hex("81 00"), behind) == 1u);
    CHECK(read(hex("81 80 80 80 80 80 80 80 80 00"), behind) == 1u);
    CHECK(read(hex("80 80 80 80 80 80 80 80 80 01"), behind) == std::uint64_t{1} << 63);
    CHECK_FALSE(read(hex("80 80 80 80 80 80 80 80 80 02"), behind).has_value());
    CHECK_FALSE(read(hex("80 80 80 80 80 80 80 80 80 80 00"), behind).has_value());
  }
  CHECK_FALSE(read(hex("80"), 0).has_value());
  CHECK_FALSE(read({}, 0).has_value());
}

TEST_CASE("wire: a heartbeat of etcd and one of raft-rs, byte by byte") {
  model_message m;
  m.head.type = message_type::heartbeat;
  m.head.to = 2;
  m.head.from = 1;
  m.head.term = 5;
  m.head.commit = 300;
  oracle::speak(dialect::etcd, m);
  const auto etcd = hex("08 08 10 02 18 01 20 05 28 00 30 00 40 AC 02 50 00 58 00");
  CHECK(oracle::encode(m) == etcd);
  CHECK(encoded(m) == etcd);
  oracle::speak(dialect::raft_rs, m);
  const auto raft_rs = hex("08 08 10 02 18 01 20 05 40 AC 02");
  CHECK(oracle::encode(m) == raft_rs);
  CHECK(encoded(m) == raft_rs);
  CHECK(encoded(parsed(etcd).value()) == etcd);
}

TEST_CASE("wire: an append with every part of both dialects, byte by byte") {
  model_message m;
  m.head.type = message_type::append;
  m.head.priority = ~std::uint64_t{0};
  m.head.reject = true;
  m.entries.push_back({1, 2, hex("61 62 63"), hex("64"), entry_type::conf_change, true, 0, {}});
  m.snapshot.has = 6;
  m.snapshot.metadata_has = 14;
  m.snapshot.data = hex("73");
  m.snapshot.conf_state = hex("28 00");
  m.snapshot.index = 7;
  m.snapshot.term = 8;
  m.context = hex("78");
  m.unknown.push_back(hex("9A 06 01 79"));
  oracle::speak(dialect::raft_rs, m);
  const auto bytes = hex(
      "08 03 | 3A 10 08 01 10 01 18 02 22 03 61 62 63 28 01 32 01 64 | 4A 0D 0A 01 73 12 08 0A 02 28 00 10 07 18 08 |"
      "50 01 | 62 01 78 | 80 01 FF FF FF FF FF FF FF FF FF 01 | 9A 06 01 79");
  CHECK(oracle::encode(m) == bytes);
  CHECK(encoded(m) == bytes);
  CHECK(parsed(bytes).value() == m);
  CHECK(oracle::decode(bytes, 0, {}).value() == m);
}

TEST_CASE("wire: no bytes are a message") {
  CHECK(parsed({}).value() == model_message());
  CHECK(encoded({}).empty());
}

TEST_CASE("wire: of a number that comes twice the last one counts, and fields come in any order") {
  const auto m = parsed(hex("20 05 08 08 20 06")).value();
  CHECK(m.head.term == 6);
  CHECK((m.head.type == message_type::heartbeat));
  CHECK(encoded(m) == hex("08 08 20 06"));
}

TEST_CASE("wire: what cannot be is told with its byte") {
  both("08 18", errc::unknown_type, 100, 23, 24);
  both("20 05 08 18", errc::unknown_type, 102, 23, 24);
  both("3A 02 08 03", errc::unknown_type, 102, 2, 3);
  both("0A 00", errc::wrong_wire_type, 100, 0, 2);
  both("38 00", errc::wrong_wire_type, 100, 2, 0);
  both("3A 02 20 00", errc::wrong_wire_type, 102, 2, 0);
  both("20 05 20", errc::malformed_message, 102, 0, 4);
  both("3A 05 08", errc::malformed_message, 100, 0, 7);
  both("00", errc::malformed_message, 100, 0, 0);
  both("0B", errc::malformed_message, 100, 0, 1);                 // a group
  both("4A 00 4A 00", errc::malformed_message, 102, 0, 9);        // a second snapshot
  both("4A 04 12 00 12 00", errc::malformed_message, 104, 0, 2);  // a second metadata
  both("20 80 80 80 80 80 80 80 80 80 02", errc::malformed_message, 100, 0, 4);
}

TEST_CASE(
    "wire: unknown fields have a limit, wherever they stand: two bytes each must not become 24 of ours without end") {
  wire_limits l;
  l.unknown_fields = 4;
  const std::string of_each = "3A 02 40 01  4A 06 20 01 12 02 20 01  88 01 01";  // entry, snapshot, metadata, message
  CHECK(parsed(hex(of_each), l).ok());
  for (const std::string_view more : {"3A 02 40 01", "88 01 01", "72 00"}) {
    const auto bytes = hex(of_each + std::string(more));
    const auto r = parsed(bytes, l);
    REQUIRE_FALSE(r.ok());
    const std::uint64_t at = 100 + 15 + (more.starts_with("3A") ? 2 : 0);
    CHECK((r.error() == error{errc::too_many_unknown_fields, at, 4, 5}));
    const auto model = oracle::decode(bytes, 100, l);
    REQUIRE_FALSE(model.ok());
    CHECK(model.error() == r.error());
  }
  std::vector<std::byte> hostile;
  for (int i = 0; i < 10'000; ++i) hostile.insert(hostile.end(), {std::byte{0x72}, std::byte{0}});
  CHECK(parsed(hostile).error().code == errc::too_many_unknown_fields);
}

TEST_CASE("wire: entries have a limit") {
  wire_limits l;
  l.entries = 2;
  CHECK(parsed(hex("3A 00 3A 00"), l).ok());
  const auto r = parsed(hex("3A 00 3A 00 3A 00"), l);
  REQUIRE_FALSE(r.ok());
  CHECK((r.error() == error{errc::too_many_entries, 104, 2, 3}));
}

TEST_CASE("oracle: a difference is told with its field") {
  model_message m;
  m.entries.push_back({1, 2, hex("61"), {}, entry_type::normal, false, 0, {}});
  model_message other = m;
  other.entries[0].data = hex("62");
  CHECK(difference(model_view(m).view(), m).empty());
  CHECK(difference(model_view(m).view(), other) == "entry 0: data: byte 0 is 0x61, expected 0x62");
  other = m;
  other.head.commit = 3;
  CHECK(difference(model_view(m).view(), other) == "commit: 0, expected 3");
  other = m;
  other.entries.clear();
  CHECK(difference(model_view(m).view(), other) == "1 entries, expected 0");
}

}  // namespace
}  // namespace copycost::raft
