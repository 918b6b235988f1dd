// SPDX-License-Identifier: Apache-2.0
// Frames and etcd's units, byte by byte.
#include "scenarios/raft/wire/frame.h"

#include "property_tests/catch.h"
#include "property_tests/scenarios/raft/hex.h"
#include "scenarios/raft/oracle/oracle.h"
#include "scenarios/raft/wire/units.h"

namespace copycost::raft {
namespace {

byte_string head_bytes(framing f, const frame_head& h) {
  byte_string out(kHeadBytesMax);
  out.resize(write_head(f, h, out.data()));
  CHECK(out.size() == head_size(f, h));
  return out;
}
request_id counting_id() {
  request_id id;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) id.bytes[i] = static_cast<std::byte>(i);
  return id;
}
error error_of(framing f, bytes_view in, const wire_limits& l = {}) {
  frame_head h;
  const auto r = read_head(f, in, l, 1000, h);
  REQUIRE_FALSE(r.ok());
  return r.error();
}
result<std::size_t> scanned(wire_format w, bytes_view in, const wire_limits& l = {}) {
  unit u;
  return unit_scanner(w, l).scan(in, 1000, u);
}

TEST_CASE("frame: a heartbeat of the compatible form is 13 bytes") {
  frame_head h;
  h.type = frame_type::heartbeat;
  const auto bytes = hex("00 00 00 09 | 03 00 00 00 | 00 | 00 00 00 00");
  CHECK(head_bytes(framing::compat, h) == bytes);
  CHECK(oracle::frame(framing::compat, h, {}) == bytes);
}

TEST_CASE("frame: a request with an id and a payload of the compatible form is 32 bytes") {
  frame_head h;
  h.type = frame_type::request;
  h.flags = frame_flag::has_id;
  h.id = counting_id();
  h.payload_length = 3;
  const auto bytes =
      hex("00 00 00 19 | 00 00 00 00 | 01 | 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F | 03 00 00 00 | 61 62 63");
  byte_string made = head_bytes(framing::compat, h);
  made.insert(made.end(), bytes.end() - 3, bytes.end());
  CHECK(made == bytes);
  CHECK(oracle::frame(framing::compat, h, hex("61 62 63")) == bytes);
  frame_head back;
  const auto r = read_head(framing::compat, bytes, {}, 0, back);
  CHECK((r.ok() && r.value().size == 29 && r.value().needs == 0));
  CHECK((back == h));
}

// The example of scenarios/raft/README.md.
constexpr std::string_view kNative =
    "43 52 | 01 | 01 | 00 00 00 00 | 07 00 00 00 | 03 00 00 00 | B7 3F 4B 36 | E4 36 EB CD |"
    "00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F | 61 62 63";

TEST_CASE("frame: the native form, byte by byte") {
  frame_head h;
  h.type = frame_type::request;
  h.flags = frame_flag::has_id;
  h.id = counting_id();
  h.stream = 7;
  const byte_string bytes = oracle::frame(framing::native, h, hex("61 62 63"));
  CHECK(bytes == hex(kNative));
  h.payload_length = 3;
  h.payload_crc = 0x364B3FB7;  // CRC32C of "abc"
  byte_string made = head_bytes(framing::native, h);
  for (const std::byte b : hex("61 62 63")) made.push_back(b);
  CHECK(made == bytes);
}

TEST_CASE("frame: every changed byte of a native head is told") {
  const auto good = hex(kNative);
  for (std::size_t i = 0; i < 40; ++i) {
    INFO("byte " << i);
    auto bytes = good;
    bytes[i] ^= std::byte{0x10};
    const error e = error_of(framing::native, bytes);
    if (i < 2)
      CHECK((e.code == errc::bad_magic && e.at == 1000));
    else if (i == 2)
      CHECK((e == error{errc::unsupported_version, 1002, 1, 0x11}));
    else if (i == 3)
      CHECK((e == error{errc::unknown_flags, 1003, 15, 0x11}));
    else
      CHECK((e.code == errc::checksum_mismatch && e.at == 1020));
  }
}

TEST_CASE("frame: a head that is not there asks for the rest") {
  const auto native = hex(kNative), compat = hex("00 00 00 09 03 00 00 00 00 00 00 00 00");
  frame_head h;
  for (std::size_t n = 0; n < 40; ++n)
    CHECK(read_head(framing::native, bytes_view(native).first(n), {}, 0, h).value().needs == (n < 4 ? 24u : 40u));
  for (std::size_t n = 0; n < 13; ++n)
    CHECK(read_head(framing::compat, bytes_view(compat).first(n), {}, 0, h).value().needs == (n < 4 ? 4u : 13u));
}

TEST_CASE("frame: what cannot be in a compatible head is told with its byte") {
  const auto with = [](std::string_view text) { return error_of(framing::compat, hex(text)); };
  CHECK((with("00 00 01 01") == error{errc::header_too_large, 1000, 256, 257}));
  CHECK((with("00 00 00 08") == error{errc::header_malformed, 1000, 9, 8}));
  CHECK((with("00 00 00 09 05 00 00 00 00 00 00 00 00") == error{errc::unknown_type, 1004, 4, 5}));
  CHECK((with("00 00 00 09 03 00 00 00 02 00 00 00 00") == error{errc::header_malformed, 1008, 1, 2}));
  CHECK((with("00 00 00 09 03 00 00 00 01 00 00 00 00") == error{errc::header_malformed, 1000, 25, 9}));
  CHECK(
      (with("00 00 00 09 03 00 00 00 00 00 00 40 06") == error{errc::payload_too_large, 1009, 16 * kMiB, 100 * kMiB}));
}

TEST_CASE("units: etcd's forms, byte by byte") {
  CHECK(scanned(wire_format::etcd_message, hex("00 00 00 00 00 00 00 02 08 08")).value() == 10);
  CHECK(scanned(wire_format::etcd_append, hex("00")).value() == 1);
  CHECK(scanned(wire_format::etcd_append, hex("02 00 00 00 00 00 00 00 02 08 03")).value() == 11);
  const auto elided = hex("01 | 00 00 00 00 00 00 00 01 | 00 00 00 00 00 00 00 02 10 05 | 00 00 00 00 00 00 00 09");
  CHECK(scanned(wire_format::etcd_append, elided).value() == elided.size());
  const std::size_t needs[] = {1, 9, 9, 9, 9, 9, 9, 9, 9, 17, 17, 17, 17, 17, 17, 17, 17, 19, 19, 27};
  for (std::size_t n = 0; n < std::size(needs); ++n)
    CHECK(scanned(wire_format::etcd_append, bytes_view(elided).first(n)).value() == needs[n]);
}

TEST_CASE("units: lengths and counts of etcd's forms have limits") {
  wire_limits l;
  l.payload = 100;
  l.entries = 3;
  const auto told = [&](wire_format w, std::string_view text) { return scanned(w, hex(text), l).error(); };
  CHECK((told(wire_format::etcd_message, "00 00 00 00 00 00 00 65") == error{errc::payload_too_large, 1000, 100, 101}));
  CHECK((told(wire_format::etcd_append, "02 FF FF FF FF FF FF FF FF") ==
         error{errc::payload_too_large, 1001, 100, ~std::uint64_t{0}}));
  CHECK((told(wire_format::etcd_append, "01 00 00 00 00 00 00 00 04") == error{errc::too_many_entries, 1001, 3, 4}));
  CHECK((told(wire_format::etcd_append, "01 00 00 00 00 00 00 00 01 7F FF FF FF FF FF FF FF") ==
         error{errc::payload_too_large, 1009, 100, ~std::uint64_t{0} >> 1}));
  CHECK((told(wire_format::etcd_append, "03") == error{errc::unknown_type, 1000, 2, 3}));
}

TEST_CASE("oracle: an append stream, byte by byte") {
  encoder_options o{.format = wire_format::etcd_append, .from = 1, .to = 2};
  oracle::model_writer w(o);
  model_message m;
  m.head.type = message_type::append;
  m.head.from = 1;
  m.head.to = 2;
  m.head.term = m.head.log_term = 5;
  m.head.index = 9;
  m.entries.push_back({5, 10, {}, {}, entry_type::normal, false, 0, {}});
  oracle::speak(dialect::etcd, m);
  CHECK(w.message(m).value() == hex("02 | 00 00 00 00 00 00 00 1A | 08 03 10 02 18 01 20 05 28 05 30 09 |"
                                    "3A 06 08 00 10 05 18 0A | 40 00 50 00 58 00"));
  m.head.index = 10;
  m.head.commit = 4;
  m.entries[0].index = 11;
  CHECK(w.message(m).value() == hex("01 | 00 00 00 00 00 00 00 01 | 00 00 00 00 00 00 00 06 08 00 10 05 18 0B |"
                                    "00 00 00 00 00 00 00 04"));
  m.head.index = 11;
  m.entries.clear();
  oracle::speak(dialect::etcd, m);
  CHECK(w.message(m).value() == hex("01 | 00 00 00 00 00 00 00 00 | 00 00 00 00 00 00 00 04"));
}

}  // namespace
}  // namespace copycost::raft
