// SPDX-License-Identifier: Apache-2.0
// Goal: what is written is read back, in order, and bad text is refused with file and line. Method: round trips.
#include "harness/base/json.h"

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>

#include "harness/base/failure.h"
#include "property_tests/catch.h"
#include "property_tests/scratch.h"

namespace copycost {
namespace {

std::string complaint(std::string_view text) {
  try {
    json::parse(text, "rows.json");
    return "none";
  } catch (const failure& e) {
    CHECK(e.code == exit_code::usage);
    return e.what();
  }
}

TEST_CASE("json: every kind of value survives a round trip, and keys keep their order") {
  const json all = json::of({{"zeta", 1},
                             {"alpha", json::array{json(), true, false, "text", -7, 1.5}},
                             {"mid", json::object{}},
                             {"none", json::array{}}});
  const std::string text = all.dump();
  CHECK(text == R"({"zeta":1,"alpha":[null,true,false,"text",-7,1.5],"mid":{},"none":[]})");
  CHECK(json::parse(text, "t").dump() == text);
  CHECK(json::parse(all.dump(2), "t").dump() == text);
}

TEST_CASE("json: whole numbers stay whole up to 2^53, others keep every bit") {
  for (const double v : {0.1, 1.0 / 3, 1e-300, 1.7976931348623157e308, 123456789.125})
    CHECK(json::parse(json(v).dump(), "t").number() == v);
  for (const std::int64_t v : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1} << 53, -(std::int64_t{1} << 52)})
    CHECK(json::parse(json(v).dump(), "t").integer() == v);
  CHECK(json(4096.0).dump() == "4096");
}

TEST_CASE("json: integers of 64 bits keep every bit") {
  CHECK(json(std::numeric_limits<std::uint64_t>::max()).dump() == "18446744073709551615");
  CHECK(json(std::numeric_limits<std::int64_t>::min()).dump() == "-9223372036854775808");
  CHECK(json((std::uint64_t{1} << 60) + 1).dump() == "1152921504606846977");
  CHECK(json::parse("1152921504606846977", "t").integer() == 1152921504606846977);
}

TEST_CASE("json: numbers are equal by value, whether they were counted here or read from a file") {
  CHECK(json(12) == json::parse("12", "t"));
  CHECK(json(12u) == json(12.0));
  CHECK(json::of({{"a", json::array{1, 2}}}) == json::parse("{\"a\": [1, 2.0]}", "t"));
  CHECK_FALSE(json(12) == json(13));
  CHECK_FALSE(json(-1) == json(std::numeric_limits<std::uint64_t>::max()));
  CHECK_FALSE(json(std::int64_t{1} << 60) == json((std::int64_t{1} << 60) + 1));
  CHECK_FALSE(json(12) == json("12"));
  CHECK_FALSE(json(0) == json());
}

TEST_CASE("json: what is no number is null") {
  for (const double v : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                         -std::numeric_limits<double>::infinity()})
    CHECK(json(v).dump() == "null");
}

TEST_CASE("json: text is escaped, and bytes that are not UTF-8 are replaced") {
  const std::string odd = "quote \" back \\ tab \t newline \n nul \x01 snowman \xE2\x98\x83";
  CHECK(json::parse(json(odd).dump(), "t").text() == odd);
  CHECK(json(std::string("a\xFF") + "b").dump() ==
        "\"a\xEF\xBF\xBD"
        "b\"");
}

TEST_CASE("json: readers answer the fallback where the kind is another") {
  const json row = json::of({{"n", 3}, {"s", "x"}, {"b", true}});
  CHECK(row["n"].integer() == 3);
  CHECK(row["s"].integer(-1) == -1);
  CHECK(row["absent"].number(2.5) == 2.5);
  CHECK(row["n"].text("no") == "no");
  CHECK_FALSE(row["s"].boolean(false));
  CHECK(row["absent"].is_null());
  CHECK((row.has("b") && !row.has("absent")));
  CHECK(row["n"].items().empty());
  CHECK(json("x")["y"]["z"].is_null());
}

TEST_CASE("json: absent is not 0: without a fallback another kind is refused, and what was found is said") {
  const json row = json::of({{"n", nullptr}, {"s", "x"}, {"zero", 0}, {"half", 0.5}, {"no", false}});
  CHECK_THROWS_WITH(row["absent"].number(), "JSON: a number expected, null found");
  CHECK_THROWS_WITH(row["n"].integer(), "JSON: a whole number expected, null found");
  CHECK_THROWS_WITH(row["s"].number(), "JSON: a number expected, \"x\" found");
  CHECK_THROWS_WITH(row["zero"].boolean(), "JSON: true or false expected, 0 found");
  CHECK((row["zero"].number() == 0 && row["zero"].integer() == 0 && row["half"].integer() == 0));
  CHECK_FALSE(row["no"].boolean());
}

TEST_CASE("json: set replaces in place, push appends, and both start from null") {
  json row;
  row.set("a", 1).set("b", 2).set("a", 3);
  CHECK(row.dump() == R"({"a":3,"b":2})");
  json list;
  list.push(1).push("two");
  CHECK(list.dump() == R"([1,"two"])");
}

TEST_CASE("json: text that is not JSON is refused with name, line and byte") {
  CHECK(complaint("{\"a\": 1,\n \"b\": }\n") == "rows.json:2: not JSON: expected a value (byte 16)");
  CHECK(complaint("") == "rows.json:1: not JSON: expected a value (byte 1)");
  CHECK(complaint("{\"a\": 1}\n{}").rfind("rows.json:2: not JSON", 0) == 0);
  CHECK(complaint("[1, 2").rfind("rows.json:1: not JSON", 0) == 0);
}

TEST_CASE("json: a number that no double holds, text that is no UTF-8 and bottomless nesting are refused") {
  CHECK(complaint("[1e999]") == "rows.json: not JSON: expected numbers that fit a double");
  CHECK(complaint("[\"\xFF\"]").rfind("rows.json:1: not JSON", 0) == 0);
  const std::string open(100'000, '['), close(100'000, ']');
  CHECK(complaint(open) == "rows.json: not JSON of ours: expected at most 512 levels");
  CHECK(complaint(open + close) == "rows.json: not JSON of ours: expected at most 512 levels");
}

TEST_CASE("json: a file that is not there is refused with its path") {
  const scratch_dir dir;
  CHECK_THROWS_WITH(read_json_file(dir.file("rows.json")),
                    dir.file("rows.json") + ": cannot read: No such file or directory");
}

TEST_CASE("json: whole numbers are read to the last digit, and what a double made of one is none") {
  const auto whole = [](const std::string& text) { return json::parse(text, "n").whole(); };
  for (const std::int64_t n : {std::int64_t{0}, std::int64_t{9007199254740993}, std::int64_t{9223372036854775807},
                               std::numeric_limits<std::int64_t>::min()}) {
    CHECK(whole(std::to_string(n)) == n);
    CHECK(json::parse(std::to_string(n), "n").dump() == std::to_string(n));
  }
  CHECK(whole("-0") == 0);
  CHECK(whole("-0.0") == 0);
  CHECK(whole("1e3") == 1000);
  CHECK(whole("9007199254740991.0") == 9007199254740991);
  for (const char* text : {"9007199254740993.0", "9223372036854775808", "-9223372036854775809", "18446744073709551616",
                           "1e300", "0.5", "\"1\"", "null", "true", "[1]"})
    CHECK_FALSE(whole(text).has_value());
  CHECK(json::parse("18446744073709551615", "n").dump() == "18446744073709551615");
}

TEST_CASE("json: of two members with one name the later counts, at the earlier one's place") {
  CHECK(json::parse(R"({"a":1,"b":2,"a":3,"c":4,"b":{"a":1,"a":2},"a":5})", "o").dump() ==
        R"({"a":5,"b":{"a":2},"c":4})");
  CHECK(json::parse(R"({"":1,"":2})", "o").dump() == R"({"":2})");
}

TEST_CASE("json: an object of very many names is read and written in one go") {
  constexpr std::size_t kNames = 300'000;  // looked up one by one this takes a quarter of an hour
  std::string text = "{";
  for (std::size_t i = 0; i < kNames; ++i)
    text += (i == 0 ? "\"" : ",\"") + std::to_string(i % (kNames / 2)) + "\":" + std::to_string(i);
  const json all = json::parse(text + "}", "o");
  REQUIRE(all.members().size() == kNames / 2);
  CHECK(all.members()[7].first == "7");
  CHECK(all.members()[7].second.integer() == kNames / 2 + 7);
  CHECK(json::parse(all.dump(), "o") == all);
}

}  // namespace
}  // namespace copycost
