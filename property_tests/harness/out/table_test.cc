// SPDX-License-Identifier: Apache-2.0
// Goal: a table that can be read and pasted. Method: tables written out.
#include "harness/out/table.h"

#include "property_tests/catch.h"

namespace copycost {
namespace {

TEST_CASE("table: columns are as wide as their widest cell, numbers to the right") {
  table t({"cell", ">time"});
  CHECK(t.empty());
  t.add({"a", "1.00 ns"}), t.add({"long name", "10 ns"});
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
  t.add({"grün"}), t.add({"green"});
  CHECK(t.text() == "| name  |\n|-------|\n| grün  |\n| green |\n");
}

TEST_CASE("table: a bar or a line break in a cell does not end it") {
  table t({"why"});
  t.add({"a|b"}), t.add({"one\ntwo"});
  CHECK(t.text() == "| why     |\n|---------|\n| a\\|b    |\n| one two |\n");
}

}  // namespace
}  // namespace copycost
