// SPDX-License-Identifier: Apache-2.0
// Goal: parameters keep their order and their values. Method: literal expectations; a broken precondition in a child.
#include "harness/base/params.h"

#include <csignal>

#include "property_tests/catch.h"
#include "property_tests/child.h"

namespace copycost {
namespace {

TEST_CASE("params: written in the order in which they were set") {
  const params at{{"size", 4096}, {"hot", 1}};
  CHECK(at.to_string() == "size:4096/hot:1");
  CHECK(params{}.to_string().empty());
}

TEST_CASE("params: setting a key again replaces its value in place") {
  params at{{"size", 64}, {"fan", 2}};
  at.set("size", 128).set("mode", "cold");
  CHECK(at.to_string() == "size:128/fan:2/mode:cold");
  CHECK(at.entries().size() == 3);
}

TEST_CASE("params: numbers and text are read back") {
  params at{{"size", 18446744073709551615ull}};
  at.set("mode", "cold");
  CHECK(at.number("size") == 18446744073709551615ull);
  CHECK(at.text("mode") == "cold");
  CHECK(at.text("absent").empty());
  CHECK((at.has("mode") && !at.has("absent")));
}

TEST_CASE("params: equality is of keys, values and order") {
  CHECK(params{{"a", 1}, {"b", 2}} == params{{"a", 1}, {"b", 2}});
  CHECK_FALSE(params{{"a", 1}, {"b", 2}} == params{{"b", 2}, {"a", 1}});
  CHECK_FALSE(params{{"a", 1}} == params{{"a", 2}});
}

// Whether asking for that number ends the process.
bool aborts(const params& at, const char* key) {
  return test::words_of_child([&] { (void)at.number(key); }).end == 1000 + SIGABRT;
}

TEST_CASE("params: a number that is absent or no number breaks the precondition") {
  params at{{"size", 64}};
  at.set("mode", "cold").set("mixed", "12x").set("wide", "99999999999999999999");
  CHECK_FALSE(aborts(at, "size"));
  for (const char* key : {"absent", "mode", "mixed", "wide"}) {
    CAPTURE(key);
    CHECK(aborts(at, key));
  }
}

}  // namespace
}  // namespace copycost
