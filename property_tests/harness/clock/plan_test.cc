// SPDX-License-Identifier: Apache-2.0 Goal: a launch does what its plan says, or says that it did not. Method: plans
// through JSON and back; programs that are not there.
#include "harness/clock/plan.h"

#include "harness/base/failure.h"
#include "harness/clock/launcher.h"
#include "harness/clock/run.h"
#include "property_tests/catch.h"
#include "property_tests/made_cells.h"

namespace copycost {
namespace {

TEST_CASE("plan: every field survives the way to the launch") {
  plan p;
  p.launch = 3;
  p.inputs = json::array{json::of({{"name", "some input"}, {"fd", 7}})};
  plan_item timed;
  timed.cell = "chunk/slice/design:copy/size:4096";
  timed.n = 123456789012;
  timed.batches = 5;
  timed.period_ns = 777;
  timed.twin = true;
  plan_item limit;
  limit.limit = {"malloc_memcpy_free", 1024, 3, 65536, 8192, 16};
  limit.budget_ns = 2.5e6;
  p.items = {timed, limit};
  const plan back = plan_from_json(json::parse(to_json(p).dump(), "plan"), "plan");
  CHECK((back.launch == 3 && back.inputs == p.inputs));
  REQUIRE(back.items.size() == 2);
  const plan_item &a = back.items[0], &b = back.items[1];
  CHECK((a.cell == timed.cell && a.n == timed.n && a.batches == 5 && a.period_ns == 777 && a.twin && !a.is_limit()));
  CHECK((b.limit == limit.limit && b.budget_ns == 2.5e6 && b.cell.empty()));
}

TEST_CASE("plan: what is no plan of this version is refused with its path") {
  for (const char* text : {"{}", "[]", "{\"schema\": 2, \"items\": []}", "{\"schema\": 1}"}) {
    CAPTURE(text);
    try {
      plan_from_json(json::parse(text, "p"), "some/plan.json");
      FAIL("it was taken for a plan");
    } catch (const failure& e) {
      CHECK(e.code == exit_code::usage);
      CHECK(std::string(e.what()) == "some/plan.json: not a plan of this version");
    }
  }
}

TEST_CASE("plan: a launch program that is not there is named") {
  for (const allocator a : {allocator::mimalloc, allocator::glibc}) {
    try {
      (void)launch_program(a);
      FAIL("there is no launch program beside a test");
    } catch (const failure& e) {
      CHECK(e.code == exit_code::internal);
      const std::string line = e.what(), name = a == allocator::glibc ? "/copycost-clock-glibc" : "/copycost-clock";
      CHECK(line.find(name + ": not there; it is built beside copycost") != std::string::npos);
    }
  }
}

TEST_CASE("plan: limits are those that the cells name and those that every report shows, each once") {
  made::g_form = {.threads = 2};
  workload_entry work = made::scripted_workload();
  work.limit = [](const params&) { return limit_sum{{3, "memcpy_hot", 12345}}; };
  work.floor = [](const params&) { return limit_sum{{1, "memcpy_hot", 12345}, {1, "memcpy_hot", 4096}}; };
  made::cell_table toys("toy", work);
  toys.add("copy");
  int named = 0, shown = 0, two_threads = 0;
  for (const limits::limit_id& id : limits_for({toys.at("copy"), toys.at("copy")})) {
    named += id.name == "memcpy_hot" && id.size == 12345 ? 1 : 0;
    shown += id.name == "memcpy_hot" && id.size == 4096 ? 1 : 0;
    two_threads += id.name == "cache_line_round_trip" ? 1 : 0;
  }
  CHECK((named == 1 && shown == 1 && two_threads == 1));
}

TEST_CASE("plan: a workload that names a limit nobody measures is refused") {
  workload_entry work = made::scripted_workload();
  work.limit = [](const params&) { return limit_sum{{1, "memcpy_lukewarm", 1}}; };
  made::cell_table toys("toy", work);
  toys.add("copy");
  CHECK_THROWS_WITH(limits_for({toys.at("copy")}),
                    "a workload names the limit 'memcpy_lukewarm', which nobody measures");
}

TEST_CASE("plan: cells that differ from the oracle have no pace") {
  const paces known = paces_of({calibration_from_json(json::of({{"cell", "a"},
                                                                {"equal", true},
                                                                {"ns", 2.5},
                                                                {"paused_ns", 5.0},
                                                                {"setup_ns", 10.0},
                                                                {"batch_ns", 3.0},
                                                                {"judge_ns", 4.0}})),
                                calibration_from_json(json::of({{"cell", "b"}, {"equal", false}, {"why", "x"}}))});
  REQUIRE(known.size() == 1);
  CHECK((known.at("a").ns == 2.5 && known.at("a").setup_ns == 10 && known.at("a").batch_ns == 3 &&
         known.at("a").judge_ns == 4 && known.at("a").paused_ns == 5));
}

}  // namespace
}  // namespace copycost
