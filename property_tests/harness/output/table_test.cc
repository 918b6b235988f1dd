// SPDX-License-Identifier: Apache-2.0
// Goal: a table that can be read and pasted. Method: tables written out.
#include "harness/output/table.h"

#include "property_tests/catch.h"

namespace copycost {
namespace {

TEST_CASE("table: columns are as wide as their widest cell, numbers to the right") {
  table t({"cell", ">time"});
  CHECK(t.empty());
  t.add({"a", "1.00 ns"});
  t.add({"long name", "10 ns"});
  CHECK(t.text() ==
        "| cell      |    time |\n"
        "|-----------|--------:|\n"
        "| a         | 1.00 ns |\n"
        "| long name |   10 ns |\n");
}

TEST_CASE("table: a table without rows has its head") {
  CHECK(table({"a", ">b"}).text() == "| a   |   b |\n|-----|----:|\n");
}

TEST_CASE("table: characters of several bytes are one column wide") {
  table t({"name"});
  t.add({"grün"});
  t.add({"green"});
  CHECK(t.text() == "| name  |\n|-------|\n| grün  |\n| green |\n");
}

TEST_CASE("table: a bar or a line break in a cell does not end it") {
  table t({"why"});
  t.add({"a|b"});
  t.add({"one\ntwo"});
  CHECK(t.text() == "| why     |\n|---------|\n| a\\|b    |\n| one two |\n");
}

TEST_CASE("table: text wraps inside of its column, numbers do not") {
  table t({"cell", ">time"});
  t.add({"chunk/share/design:slice/size:64", "12.0 ns"});
  CHECK(t.text(34) ==
        "| cell                 |    time |\n"
        "|----------------------|--------:|\n"
        "| chunk/share/         | 12.0 ns |\n"
        "| design:slice/size:64 |         |\n");
}

TEST_CASE("table: a note stands below its row, wrapped to the width of the table") {
  table t({"name", "verdict"});
  t.add({"one", "not measured"}, "a reason that is long");
  t.add({"two", "holds"});
  CHECK(t.text() ==
        "| name | verdict      |\n"
        "|------|--------------|\n"
        "| one  | not measured |\n"
        "|   a reason that is  |\n"
        "|   long              |\n"
        "| two  | holds        |\n");
}

TEST_CASE("table: what has no room is left out in the given order, and said") {
  table t({"cell", ">low", ">time", "verdict"}, {"low", "verdict"});
  t.add({"name", "11.9 ns", "12.0 ns", "holds"});
  const std::string text = t.text(30);
  CHECK(text.find("| cell |    time | verdict |") == 0);
  CHECK(text.find("Left out for want of room:\n") != std::string::npos);
  CHECK(t.text(200).find("Left out") == std::string::npos);
}

TEST_CASE("wrapped: lines are broken at spaces and behind separators, and a long word is cut") {
  CHECK(wrapped("", 5) == std::vector<std::string>{""});
  CHECK(wrapped("one two three", 7) == std::vector<std::string>{"one two", "three"});
  CHECK(wrapped("a/bcd/ef", 6) == std::vector<std::string>{"a/bcd/", "ef"});
  CHECK(wrapped("abcdefgh", 3) == std::vector<std::string>{"abc", "def", "gh"});
  CHECK(wrapped("grüngrün", 4) == std::vector<std::string>{"grün", "grün"});
}

}  // namespace
}  // namespace copycost
