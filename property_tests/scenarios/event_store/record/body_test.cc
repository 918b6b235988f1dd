// SPDX-License-Identifier: Apache-2.0
#include "scenarios/event_store/record/body.h"

#include <string>
#include <vector>

#include "harness/base/failure.h"
#include "property_tests/catch.h"
#include "property_tests/scenarios/event_store/made_events.h"
#include "scenarios/event_store/record/body_json.h"

namespace copycost::event_store {
namespace {

std::vector<body> examples() {
  created_body all{"a title", "more", {"x", "y"}, {"red"}, 7, complexity::complex, R"({"a":[1,null]})"};
  return {created_body{},
          all,
          state_changed_body{state::pending, state::completed, "why"},
          state_changed_body{state::running, state::paused, {}},
          phase_completed_body{{1, 2}, "cut", false, std::string_view("a\0b", 3), "m"},
          dependency_resolved_body{},
          failed_body{"broken"},
          completed_body{false, {}, "e", 12345678901},
          completed_body{true, "", {}, 0},
          claimed_body{"agent"},
          unclaimed_body{{}},
          unclaimed_body{""},
          priority_changed_body{1, 4294967295},
          metadata_updated_body{"[]"},
          worker_unhealthy_body{"w", "r"}};
}

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    out += {kDigits[static_cast<unsigned char>(c) >> 4], kDigits[static_cast<unsigned char>(c) & 15]};
  }
  return out;
}
std::string from_json(kind what, const std::string& text) {
  try {
    return body_of_json(what, json::parse(text, "t"));
  } catch (const failure& e) {
    return e.what();
  }
}

TEST_CASE("bodies: what is encoded is decoded") {
  for (const body& b : examples()) {
    const std::string bytes = encode(b);
    CAPTURE(to_string(kind_of(b)), hex(bytes));
    const auto back = decode(kind_of(b), view_of(bytes));
    REQUIRE(back.ok());
    CHECK(back.value() == b);
  }
}

TEST_CASE("bodies: the bytes are those of the README") {
  CHECK(hex(encode(state_changed_body{state::pending, state::scheduled, "go"})) == "01000102000000676f");
  CHECK(hex(encode(dependency_resolved_body{})) == "01");
  CHECK(hex(encode(unclaimed_body{})) == "01ffffffff");
  CHECK(hex(encode(priority_changed_body{100, 5})) == "016400000005000000");
  CHECK(hex(encode(created_body{"t", {}, {"d"}, {}, 100, complexity::medium, {}})) ==
        "01"
        "0100000074"
        "ffffffff"
        "010000000100000064"
        "00000000"
        "64000000"
        "01"
        "ffffffff");
}

TEST_CASE("bodies: nothing in front of the end, nothing behind it, and no other form") {
  for (const body& b : examples()) {
    const std::string bytes = encode(b);
    CAPTURE(to_string(kind_of(b)), hex(bytes));
    for (std::size_t n = 0; n < bytes.size(); ++n) CHECK_FALSE(decode(kind_of(b), view_of(bytes.substr(0, n))).ok());
    const auto more = decode(kind_of(b), view_of(bytes + "x"), 9);
    REQUIRE_FALSE(more.ok());
    CHECK(more.error() == error{.code = errc::invalid_body, .seq = 9, .at = bytes.size()});
    std::string newer = bytes;
    newer[0] = 2;
    CHECK(decode(kind_of(b), view_of(newer)).error() == error{.code = errc::invalid_body});
  }
}

TEST_CASE("bodies: a wrong byte is told at its place") {
  std::string bytes = encode(state_changed_body{state::pending, state::scheduled, "go"});
  bytes[2] = 8;
  CHECK(decode(kind::state_changed, view_of(bytes)).error().at == 2);
  bytes[2] = 1;
  bytes[3] = 100;
  CHECK(decode(kind::state_changed, view_of(bytes)).error().at == 7);  // where the text of 100 bytes should be
}

TEST_CASE("bodies: hostile bytes are read to their end and no further, and answer something") {
  rng random(5);
  const std::vector<body> all = examples();
  std::uint64_t accepted = 0;
  for (int i = 0; i < 60'000; ++i) {
    const body b = all[random.below(all.size())];
    std::string bytes = encode(b);
    for (std::uint64_t n = random.below(4); n > 0; --n)
      bytes[random.below(bytes.size())] = static_cast<char>(random.next());
    if (random.below(3) == 0) bytes.resize(random.below(bytes.size() + 1));
    const std::vector<std::byte> exact = bytes_of(bytes);  // so that the sanitizer sees a byte behind it
    const auto back = decode(kind_of(b), exact);
    if (!back.ok()) {
      REQUIRE(back.error().code == errc::invalid_body);
      REQUIRE(back.error().at <= exact.size());
      continue;
    }
    ++accepted;
    REQUIRE(encode(back.value()) == bytes);  // there is one form for each value
  }
  CHECK(accepted > 1000);
}

TEST_CASE("bodies: a count that the bytes cannot hold allocates nothing") {
  std::string bytes("\x01\0\0\0\0\xff\xff\xff\xff\xfe\xff\xff\xff", 13);  // 2^32 - 2 dependencies
  const auto got = decode(kind::created, view_of(bytes));
  REQUIRE_FALSE(got.ok());
  CHECK(got.error().at == 9);
}

TEST_CASE("bodies in words: JSON objects say the same") {
  CHECK(from_json(kind::created, R"({"title":"t","dependencies":["d"],"unknown":1})") ==
        encode(created_body{"t", {}, {"d"}, {}, 100, complexity::medium, {}}));
  CHECK(from_json(kind::created, R"({"title":"t","effort":"simple","priority":0,"metadata":{"a":1},"labels":["x"]})") ==
        encode(created_body{"t", {}, {}, {"x"}, 0, complexity::simple, R"({"a":1})"}));
  CHECK(from_json(kind::state_changed, R"({"from":"ready","to":"running"})") ==
        encode(state_changed_body{state::ready, state::running, {}}));
  CHECK(from_json(kind::phase_completed, R"({"name":"p","success":false,"phase":"00000000000000000000000001"})") ==
        encode(phase_completed_body{{0, 1}, "p", false, "", {}}));
  CHECK(from_json(kind::dependency_resolved, "{}") == encode(dependency_resolved_body{}));
  CHECK(from_json(kind::failed, R"({"error":"e"})") == encode(failed_body{"e"}));
  CHECK(from_json(kind::completed, R"({"output":"o","duration_ms":5})") == encode(completed_body{true, "o", {}, 5}));
  CHECK(from_json(kind::claimed, R"({"agent":"a"})") == encode(claimed_body{"a"}));
  CHECK(from_json(kind::unclaimed, R"({"reason":"r"})") == encode(unclaimed_body{"r"}));
  CHECK(from_json(kind::priority_changed, R"({"was":1,"now":2})") == encode(priority_changed_body{1, 2}));
  CHECK(from_json(kind::metadata_updated, R"({"metadata":[1,2]})") == encode(metadata_updated_body{"[1,2]"}));
  CHECK(from_json(kind::worker_unhealthy, R"({"worker":"w","reason":"r"})") == encode(worker_unhealthy_body{"w", "r"}));
}

TEST_CASE("bodies in words: what is wrong is named") {
  CHECK(from_json(kind::created, "{}") == "title: expected a text");
  CHECK(from_json(kind::created, R"({"title":"t","labels":[1]})") == "labels: expected a list of texts");
  CHECK(from_json(kind::created, R"({"title":"t","effort":"big"})") == "effort: expected simple, medium or complex");
  CHECK(from_json(kind::state_changed, R"({"from":"ready","to":"gone"})").starts_with("to: expected a state: pending"));
  CHECK(from_json(kind::priority_changed, R"({"was":1,"now":-2})").starts_with("now: expected a whole number"));
  CHECK(from_json(kind::priority_changed, R"({"was":1,"now":4294967296})").starts_with("now: expected a whole number"));
  CHECK(from_json(kind::phase_completed, R"({"name":"p","phase":"x"})") == "phase: expected a ULID of 26 characters");
  CHECK(from_json(kind::completed, R"({"success":1})") == "success: expected true or false");
}

}  // namespace
}  // namespace copycost::event_store
