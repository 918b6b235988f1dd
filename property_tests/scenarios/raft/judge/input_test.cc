// SPDX-License-Identifier: Apache-2.0
// Captured traffic: what is counted, and what each fault is called.
#include <string>

#include "harness/base/failure.h"
#include "harness/base/sha256.h"
#include "impls/raft/copy/design.h"
#include "property_tests/catch.h"
#include "property_tests/scenarios/raft/hex.h"
#include "scenarios/raft/facade.h"
#include "scenarios/raft/laws/laws.h"
#include "scenarios/raft/traffic/trace.h"

namespace copycost::raft {
namespace {

constexpr std::string_view kHeartbeat = "00 00 00 00 00 00 00 0B 08 08 10 02 18 01 20 05 40 AC 02";
constexpr std::string_view kAppend = "00 00 00 00 00 00 00 0F 08 03 3A 0B 08 00 10 01 18 02 22 03 61 62 63";

input_file file_of(const std::string& text) { return input_of_bytes("e.bin", hex(text)); }
std::string refusal(const std::string& text) {
  try {
    (void)verify_input(make_facade<copy_design>, file_of(text));
    return "accepted";
  } catch (const failure& e) {
    CHECK(e.code == exit_code::usage);
    CHECK(std::string(e.what()).find('\n') == std::string::npos);
    return e.what();
  }
}

TEST_CASE("raft input: messages, entries and bytes are counted, and the digest is the file's") {
  const input_file in = file_of(std::string(kHeartbeat) + std::string(kAppend) + std::string(kAppend));
  const input_result r = verify_input(make_facade<copy_design>, in);
  sha256 sum;
  sum.add(in.bytes);
  CHECK(r.digest == sum.hex());
  CHECK(json(r.counts).dump() ==
        R"({"messages":3,"by_type":{"MsgApp":2,"MsgHeartbeat":1},"entries":2,"entry_bytes":6})");
  CHECK(refuses_input(in).empty());
}

TEST_CASE("raft input: each fault is told with its byte") {
  const std::string good(kHeartbeat);
  CHECK(refusal(good + "00 00 00") == "e.bin: at byte 19: truncated: 3 bytes, expected a record's length of 8");
  CHECK(refusal(good + "00 00 00 00 00 00 00 0F 08 03") ==
        "e.bin: at byte 19: truncated: a record of 15 bytes, of which 2 are there");
  CHECK(refusal(good + "00 00 00 00 00 00 00 02 08 18") == "e.bin: unknown_type: at byte 27: type 24");
  CHECK(refusal(good + "00 00 00 00 00 00 00 02 20 80") == "e.bin: malformed_message: at byte 27: field 4");
  CHECK(refusal(good + "00 00 00 00 01 00 00 01") ==
        "e.bin: payload_too_large: at byte 19: 16777217 bytes declared, limit 16777216");
}

TEST_CASE("raft input: a length of more than 32 bits is not cut, wherever it stands") {
  const std::string good(kHeartbeat), large = "00 00 00 01 00 00 00 02 08 00";  // 2^32 + 2: cut to 32 bits it would fit
  CHECK(refusal(good + large) == "e.bin: payload_too_large: at byte 19: 4294967298 bytes declared, limit 16777216");
  CHECK(refuses_input(file_of(large)).find("e.bin: at byte 0: a record of 4294967298 bytes, limit 16777216") == 0);
  CHECK(refuses_trace(file_of(large)).find("a message of 4294967298 bytes, of which 2 are there") != std::string::npos);
  CHECK(refuses_trace(file_of("FF FF FF FF FF FF FF FF 08 00")).find("a message of 18446744073709551615 bytes") !=
        std::string::npos);
}

TEST_CASE("raft input: all of it is read before anything runs, with the same words") {
  const auto checked = [](const std::string& text) -> std::string {
    try {
      check_input(file_of(text));
      return "accepted";
    } catch (const failure& e) {
      CHECK(e.code == exit_code::usage);
      return e.what();
    }
  };
  const std::string good(kHeartbeat);
  CHECK(checked(good + std::string(kAppend)) == "accepted");
  for (const char* tail : {"00 00 00", "00 00 00 00 00 00 00 0F 08 03", "00 00 00 00 00 00 00 02 08 18",
                           "00 00 00 00 00 00 00 02 20 80", "00 00 00 00 01 00 00 01"})
    CHECK(checked(good + tail) == refusal(good + tail));
}

TEST_CASE("raft input: what does not begin like a capture is refused") {
  const std::string expected = "; expected etcd's peer stream: [u64 big-endian length][raftpb.Message], repeated";
  CHECK(refuses_input(file_of("")) == "e.bin: empty" + expected);
  CHECK(refuses_input(file_of("00 01")) == "e.bin: 2 bytes" + expected);
  CHECK(refuses_input(file_of("7B 22 73 65 71 22 3A 30 2C")).find("e.bin: at byte 0: a record of ") == 0);
  CHECK(refuses_input(file_of("00 00 00 00 00 00 00 02 08 63")) ==
        "e.bin: unknown_type: at byte 8: type 99" + expected);
  CHECK(refuses_input(input_of_bytes("d", {}, true)) == "d: a directory, expected a file");
  CHECK(refuses_input(file_of("00 00 00 00 00 00 00 0F 08 03 3A 0B 08 00 10")).empty());  // cut: verify says where
}

}  // namespace
}  // namespace copycost::raft
