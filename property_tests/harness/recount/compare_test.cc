// SPDX-License-Identifier: Apache-2.0
#include "harness/recount/compare.h"

#include "harness/clock/recount.h"
#include "property_tests/catch.h"
#include "property_tests/made_cells.h"

namespace copycost {
namespace {

// A row as the programs write it, of a window that allocates three blocks, copies one and asks the kernel once.
json row() {
  return json::of({{"cell", "made/scripted/design:copy"},
                   {"n", 10},
                   {"ops", 10},
                   {"allocs", 3},
                   {"frees", 3},
                   {"alloc_bytes", 300},
                   {"freed_bytes", 300},
                   {"copy_calls", 1},
                   {"copy_bytes", 100},
                   {"payload_copy_bytes", 64},
                   {"kernel_bytes", 4096},
                   {"syscalls", 1},
                   {"left_blocks", 0},
                   {"left_bytes", 0},
                   {"left_files", 0}});
}

std::vector<std::string> compared(const cell& what, const json& timed, const json& counted) {
  return differences(what, recount_from_json(timed), recount_from_json(counted));
}

std::vector<std::string> found(const char* key, int timed, int counted) {
  made::cell_table t("made");
  t.add("copy");
  json a = row(), b = row();
  a.set(key, timed);
  b.set(key, counted);
  return compared(t.at("copy"), a, b);
}

TEST_CASE("recount: two programs that do the same do not differ") { CHECK(found("allocs", 3, 3).empty()); }

TEST_CASE("recount: an owner that allocates or frees otherwise where it is timed is a difference, in both directions") {
  for (const char* key : {"allocs", "frees", "alloc_bytes", "freed_bytes", "kernel_bytes", "syscalls"}) {
    INFO(key);
    CHECK(found(key, 2, 3).size() == 1);
    CHECK(found(key, 4, 3).size() == 1);
  }
  CHECK(found("frees", 2, 3)[0] == "made/scripted/design:copy (10 operations): frees differ: timed 2, audited 3");
}

TEST_CASE("recount: more copies where it is timed are a difference; fewer calls are the compiler's doing") {
  for (const char* key : {"copy_calls", "copy_bytes", "payload_copy_bytes"}) {
    INFO(key);
    CHECK(found(key, 5000, 4000).size() == 1);
    CHECK(found(key, 4000, 5000).empty());
  }
}

// Found as 18 differences of cells that an executor's threads run: how often they sleep is chance.
TEST_CASE("recount: regression: where threads of the design's own do a part, what they meet is not compared") {
  made::cell_table t("made");
  promise p;
  p.workload = "scripted";
  p.else_syscalls = made::always<64>;
  t.add("copy").promises = promise_family{p};
  json a = row(), b = row();
  a.set("syscalls", 7);
  CHECK(compared(t.at("copy"), a, b).empty());
  a.set("left_blocks", 1);  // what is left behind is no chance
  CHECK(compared(t.at("copy"), a, b).size() == 1);
}

TEST_CASE("recount: what an episode leaves behind is a difference, even where both leave it") {
  for (const char* key : {"left_blocks", "left_bytes", "left_files"}) {
    INFO(key);
    CHECK(found(key, 1, 0).size() == 1);
    CHECK(found(key, 1, 1).size() == 2);
    CHECK(found(key, -1, 0).size() == 1);
  }
}

TEST_CASE("recount: a cell that fails or is wrong says so, and is not compared further") {
  made::cell_table t("made");
  t.add("copy");
  json wrong = row();
  wrong.set("error", "digest 1, the oracle's 2").set("allocs", 7);
  const auto lines = compared(t.at("copy"), wrong, row());
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find("timed: digest 1, the oracle's 2") != std::string::npos);
}

TEST_CASE("recount: a row without counts is no row of zeros") {
  made::cell_table t("made");
  t.add("copy");
  CHECK_FALSE(compared(t.at("copy"), json::of({{"cell", "x"}, {"n", 10}}), row()).empty());
  CHECK_FALSE(
      compared(t.at("copy"), json::of({{"cell", "x"}, {"n", 10}}), json::of({{"cell", "x"}, {"n", 10}})).empty());
}

}  // namespace
}  // namespace copycost
