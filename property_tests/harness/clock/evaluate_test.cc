// SPDX-License-Identifier: Apache-2.0
// Goal: what a run's samples say is what they support, no more. Method: samples written by hand, rows written out.
#include "harness/clock/evaluate.h"

#include <tuple>

#include "harness/base/failure.h"
#include "harness/clock/latency_json.h"
#include "property_tests/almost_equal.h"
#include "property_tests/catch.h"
#include "property_tests/harness/clock/made_samples.h"
#include "property_tests/harness/stats/approx.h"

namespace copycost {
namespace {

using namespace made;

// A launch's p99.9 of some hundred latencies is their maximum; of all launches together it is one.
TEST_CASE("evaluate: latencies of all launches are one histogram") {
  bench of;
  of.time("copy", steady(100));
  latency_histogram all;
  for (int i = 0; i < kLaunches; ++i) {
    latency_histogram mine;
    mine.record(1000 + 10 * i, 500);
    if (i == 3) mine.record(70'000'000'000, 2);  // beyond the range
    if (i == 5) mine.record(123'456'789);
    all.merge(mine);
    of.samples.lines[static_cast<std::size_t>(i)].latencies = std::make_shared<latency_histogram>(mine);
    CHECK(histogram_from(histogram_json(mine)) == mine);
  }
  const json row = of.row(kCopy), expected = summary_json(all.summary());
  CHECK(row["latency"]["count"].integer() == 8 * 500 + 3);
  for (const char* key : {"p50", "p90", "p99", "p99_9", "p99_99", "max", "overflow"})
    CHECK(row["latency"][key].integer() == expected[key].integer());
  CHECK(of.row(kSlice)["latency"].is_null());
  CHECK_THROWS_AS(histogram_from(json::of({{"cells", json(json::array{json(json::array{json(1 << 20), json(1)})})}})),
                  failure);
}

TEST_CASE("evaluate: rows of two honest designs, written out") {
  bench b;
  b.time("copy", wavering(100))
      .time("slice", wavering(50))
      .limit("refcount_pair", 0, steady(10))
      .limit("malloc_memcpy_free", 4096, wavering(90));
  const json expected_copy = json::parse(R"({
    "cell": "toy/slice/design:copy/size:4096", "system": "toy", "workload": "slice", "class": "share", "design": "copy",
    "params": {"size": 4096}, "allocator": "mimalloc", "ns": 103.5, "low": 100, "high": 107, "launches": 8,
    "limit": {"expression": "2 x refcount_pair", "ns": 20, "times": 5.174939613174245, "low": 5, "high": 5.35},
    "reference": null, "remark": "",
    "items_per_second": 9661835.748792270, "bytes_per_second": 966183574.8792270, "overlap": null, "latency": null,
    "floor": {"expression": "malloc_memcpy_free/size:4096", "ns": 93.15, "times": 1.1111111111111112,
    "low": 1.1111111111111112, "high": 1.1111111111111112},
    "ratio": null, "verdict": "holds", "why": ""})",
                                         "expected");
  const json expected_slice = json::parse(R"({
    "cell": "toy/slice/design:slice/size:4096", "system": "toy", "workload": "slice", "class": "share",
    "design": "slice",
    "params": {"size": 4096}, "allocator": "mimalloc", "ns": 51.75, "low": 50, "high": 53.5, "launches": 8,
    "limit": {"expression": "2 x refcount_pair", "ns": 20, "times": 2.587469806587123, "low": 2.5, "high": 2.675},
    "reference": {"expression": "malloc_memcpy_free/size:4096", "ns": 93.15, "times": 0.5555555555555556,
      "low": 0.5555555555555556, "high": 0.5555555555555556},
    "remark": "",
    "items_per_second": 19323671.497584540, "bytes_per_second": 1932367149.7584540, "overlap": null, "latency": null,
    "ratio": 0.5, "ratio_low": 0.5, "ratio_high": 0.5, "detectable": 0, "pairs": 8, "verdict": "holds", "why": ""})",
                                          "expected");
  const run_rows all = b.rows();
  REQUIRE(all.cells.size() == 2);
  CHECK(first_difference(to_json(all.cells[0]), expected_copy) == "");
  CHECK(first_difference(to_json(all.cells[1]), expected_slice) == "");
  CHECK(all.correct);
}

TEST_CASE("evaluate: ratios are paired by launch, not taken from medians") {
  bench b;
  // Launches differ by ten times, and in seven of eight slice is slower; the medians say the opposite.
  const double copy[kLaunches] = {10, 20, 30, 40, 50, 60, 70, 80}, slice[kLaunches] = {11, 22, 33, 44, 55, 66, 77, 8};
  b.time("copy", [&](int i) { return copy[i]; }).time("slice", [&](int i) { return slice[i]; });
  const json row = b.row(kSlice);
  CHECK(first_difference(row["ratio"], 1.1) == "");
  CHECK(row["ns"].number() < b.row(kCopy)["ns"].number());
  CHECK(text(row, "verdict") == "not separated");  // one launch the other way
}

TEST_CASE("evaluate: an interval that contains 1 is not separated, and says what would have been seen") {
  bench b;
  b.time("copy", steady(100)).time("slice", [](int launch) { return launch % 2 == 0 ? 96 : 104; });
  const json row = b.row(kSlice);
  CHECK(text(row, "verdict") == "not separated");
  CHECK((row["ratio_low"].number() == approx(0.96) && row["ratio_high"].number() == approx(1.04)));
  CHECK(row["detectable"].number() > 0.03);
}

TEST_CASE("evaluate: a copy above 1.25 times its floor is no honest copy, and no ratio is drawn against it") {
  bench b;
  b.time("copy", steady(126)).time("slice", steady(50)).limit("malloc_memcpy_free", 4096, steady(100));
  CHECK(text(b.row(kCopy), "verdict") == "no honest copy");
  CHECK(b.row(kCopy)["ns"].number() == 126);
  CHECK(text(b.row(kCopy), "why") == "`copy` takes 1.26x its floor, 1.25x is the most");
  const json row = b.row(kSlice);
  CHECK(row["ratio"].is_null());
  CHECK(row["ns"].number() == 50);
  CHECK(text(row, "verdict") == "holds");  // its time is measured and its result right
  CHECK(text(row, "why") == "no ratio: `copy` takes 1.26x its floor, 1.25x is the most");
  const run_rows all = b.rows();
  CHECK((all.correct && all.complete));  // slow is not wrong
  CHECK(all.said.code(exit_code::ok) == exit_code::ok);
}

TEST_CASE("evaluate: a copy at 1.25 times its floor is honest") {
  bench b;
  b.time("copy", steady(125)).time("slice", steady(50)).limit("malloc_memcpy_free", 4096, steady(100));
  CHECK(text(b.row(kCopy), "verdict") == "holds");
  CHECK(b.row(kSlice)["ratio"].is_number());
}

TEST_CASE("evaluate: a time that no operation can take is not measured") {
  bench b;
  b.time("copy", steady(100)).time("slice", steady(0.19));
  CHECK(text(b.row(kSlice), "verdict") == "not measured");
  CHECK(text(b.row(kSlice), "why") == "below what an operation can take: removed by the compiler");
  CHECK(b.row(kSlice)["ratio"].is_null());
}

TEST_CASE("evaluate: no ratio is drawn against a copy that the compiler removed") {
  bench b;
  b.time("copy", steady(0.1)).time("slice", steady(5));
  CHECK(text(b.row(kCopy), "verdict") == "not measured");
  CHECK(b.row(kSlice)["ratio"].is_null());
  CHECK(text(b.row(kSlice), "why") == "no ratio: `copy` is below what an operation can take: no opponent");
}

TEST_CASE("evaluate: a cell that differs from the oracle is broken, has no time, and the run is not correct") {
  bench b;
  b.time("copy", steady(100)).time("slice", steady(50));
  b.samples.calibration[1] = calibration_from_json(
      json::of({{"cell", kSlice}, {"equal", false}, {"why", "digest 01, the oracle's 02 (64 operations)"}}));
  const json row = b.row(kSlice);
  CHECK(text(row, "verdict") == "broken");
  CHECK(text(row, "why") == "not equal to the oracle: digest 01, the oracle's 02 (64 operations)");
  CHECK(row["ns"].is_null());
  CHECK_FALSE(b.rows().correct);
}

TEST_CASE("evaluate: a copy that differs from the oracle is nobody's opponent") {
  bench b;
  b.time("slice", steady(50));
  b.samples.calibration[0] = calibration_from_json(json::of({{"cell", kCopy}, {"equal", false}, {"why", "x"}}));
  CHECK(b.row(kSlice)["ratio"].is_null());
  CHECK(text(b.row(kSlice), "why") == "no ratio: `copy` was not timed at these parameters");
  CHECK(text(b.row(kSlice), "verdict") == "holds");
}

TEST_CASE("evaluate: a time without a copy to compare with is measured, and says what is missing") {
  bench b;
  b.request.cells.erase(b.request.cells.begin());
  b.time("slice", steady(50));
  const json row = b.row(kSlice);
  CHECK((text(row, "verdict") == "holds" && row["ns"].number() == 50 && row["ratio"].is_null()));
  CHECK(text(row, "why") == "no ratio: `copy` was not timed at these parameters");
  CHECK(b.rows().said.code(exit_code::ok) == exit_code::ok);
}

TEST_CASE("evaluate: a cell that could not be compared with the oracle is not broken") {
  bench b;
  b.time("copy", steady(100));
  b.samples.calibration[1] =
      calibration_from_json(json::of({{"cell", kSlice}, {"equal", nullptr}, {"why", "/tmp: no room"}, {"code", 70}}));
  const json row = b.row(kSlice);
  CHECK((text(row, "verdict") == "not measured" && text(row, "why") == "/tmp: no room" && row["ns"].is_null()));
  const run_rows all = b.rows();
  CHECK((all.correct && !all.complete));
  CHECK(all.why == std::string(kSlice) + ": /tmp: no room");
  CHECK(all.said.code(exit_code::ok) == exit_code::ok);  // copy was measured
}

TEST_CASE("evaluate: nothing measured is an exit code of its own, and the input's where that is to blame") {
  for (const auto& [code, expected] : {std::pair{70, exit_code::nothing_ran}, {2, exit_code::usage}}) {
    bench b;
    for (calibration_row& row : b.samples.calibration)
      row = {row.cell, likeness::could_not, "w", static_cast<exit_code>(code), std::nullopt};
    CHECK(b.rows().said.code(exit_code::ok) == expected);
  }
}

TEST_CASE("evaluate: what a design throws in a launch is its result") {
  bench b;
  b.time("copy", steady(100)).time("slice", steady(50));
  b.line(json::of({{"cell", kSlice}, {"launch", 3}, {"error", "it slipped"}, {"code", 1}, {"allocator", "mimalloc"}}));
  const json row = b.row(kSlice);
  CHECK((text(row, "verdict") == "broken" && row["ns"].is_null() && text(row, "why") == "a launch: it slipped"));
  CHECK_FALSE(b.rows().correct);
  CHECK(b.rows().said.code(exit_code::ok) == exit_code::incorrect);
}

TEST_CASE("evaluate: launches that missed a cell are counted in its row, and the run is not complete") {
  bench b;
  b.time("copy", steady(100)).time("slice", steady(50));
  b.samples.lines.back() = sample_from_json(json::of({{"cell", kSlice},
                                                      {"launch", 7},
                                                      {"error", "role died: signal 9 (Killed)"},
                                                      {"code", 70},
                                                      {"allocator", "mimalloc"}}));
  const json row = b.row(kSlice);
  CHECK((row["ns"].number() == 50 && row["launches"].integer() == 7 && row["missed"].integer() == 1));
  CHECK(text(row, "missed_why") == "role died: signal 9 (Killed)");
  CHECK(row["items_per_second"].number() > 0);  // of a line that has it: absent is not 0
  CHECK((b.rows().correct && !b.rows().complete));
}

TEST_CASE("evaluate: glibc's row is there when no launch could measure it") {
  bench b;
  b.time("copy", steady(100)).time("slice", steady(50));
  b.line(json::of({{"cell", kSlice}, {"launch", 0}, {"error", "no room"}, {"code", 70}, {"allocator", "glibc"}}));
  const json row = b.row(std::string(kSlice) + "/allocator:glibc");
  CHECK((text(row, "verdict") == "not measured" && text(row, "why") == "no room"));
}

TEST_CASE("evaluate: roles that did not meet keep their time, and nothing is compared with it") {
  for (const char* alone : {"copy", "slice"}) {
    bench b;
    b.time("copy", steady(100)).time("slice", steady(50));
    for (sample& line : b.samples.lines)
      line.overlap = line.cell.find("design:" + std::string(alone)) != std::string::npos ? 0.0 : 0.9;
    const json row = b.row(kSlice);
    CAPTURE(alone, row.dump());
    CHECK((row["ns"].number() == 50 && row["ratio"].is_null() && text(row, "verdict") == "holds"));
    const std::string whose = std::string(alone) == "copy" ? "`copy`'s" : "its";
    CHECK(text(row, "why") == "no ratio: " + whose + " roles ran together for 0 % of the time, 50 % is the least");
  }
  bench b;
  b.time("copy", steady(100)).time("slice", steady(50));
  for (sample& line : b.samples.lines) line.overlap = kOverlapLeast;
  CHECK(b.row(kSlice)["ratio"].is_number());
}

TEST_CASE("evaluate: a cell that the calibration did not reach is not measured, and the run is not wrong") {
  bench b;
  b.time("copy", steady(100));
  b.samples.calibration.pop_back();
  CHECK(text(b.row(kSlice), "verdict") == "not measured");
  CHECK(text(b.row(kSlice), "why") == "not reached");
  CHECK(b.rows().correct);
}

TEST_CASE("evaluate: a launch that failed on a cell leaves the others, and all failing is not measured") {
  bench b;
  b.time("copy", steady(100));
  b.line(json::of({{"cell", kSlice}, {"launch", 0}, {"error", "role died: signal 9"}, {"allocator", "mimalloc"}}));
  CHECK(text(b.row(kSlice), "why") == "role died: signal 9");
  CHECK(text(b.row(kSlice), "verdict") == "not measured");
  for (int i = 1; i < kLaunches; ++i)
    b.line(json::of({{"cell", kSlice},
                     {"launch", i},
                     {"ns", 50.0},
                     {"items_per_op", 1.0},
                     {"payload_bytes_per_op", 1.0},
                     {"allocator", "mimalloc"}}));
  CHECK(b.row(kSlice)["ns"].number() == 50);
  CHECK(b.row(kSlice)["pairs"].integer() == 7);
}

TEST_CASE("evaluate: what keeps files in memory is not measured, whatever it took") {
  bench b;
  b.time("copy", steady(100)).time("slice", steady(50));
  const auto on = [&](const char* is, const char* why) {
    for (sample& line : b.samples.lines) {
      json with = to_json(line);
      with.set("place",
               json::of({{"file_system", "tmpfs"}, {"device", "tmpfs"}, {"is", is}, {"why_not_durable", why}}));
      line = sample_from_json(with);
    }
  };
  on("memory", "/tmp is memory: tmpfs keeps files in memory");
  CHECK(text(b.row(kSlice), "verdict") == "not measured");
  CHECK(text(b.row(kSlice), "why") == "/tmp is memory: tmpfs keeps files in memory");
  CHECK(b.row(kSlice)["ns"].is_null());
  CHECK(text(b.row(kSlice)["place"], "is") == "memory");
  on("unknown", "");
  CHECK(b.row(kSlice)["ns"].number() == 50);
  CHECK(text(b.row(kSlice)["place"], "is") == "unknown");
}

TEST_CASE("evaluate: a limit that is missing says why") {
  bench b;
  b.time("copy", steady(100)).limit("malloc_memcpy_free", 4096, steady(99));
  CHECK(text(b.row(kCopy), "limit_why") == "no launch measured it");
  b.line(json::of({{"limit", "refcount_pair"},
                   {"size", 0},
                   {"launch", 0},
                   {"error", "limit refcount_pair: no room in /tmp"},
                   {"allocator", "mimalloc"}}));
  CHECK(text(b.row(kCopy), "limit_why") == "limit refcount_pair: no room in /tmp");
  b.limit("refcount_pair", 0, steady(10));
  CHECK_FALSE(b.row(kCopy).has("limit_why"));
}

TEST_CASE("evaluate: glibc's rows stand apart and are compared with copy on glibc") {
  bench b;
  b.time("copy", steady(100))
      .time("slice", steady(50))
      .time("copy", steady(400), "glibc")
      .time("slice", steady(40), "glibc");
  const auto all = b.rows().cells;
  REQUIRE(all.size() == 4);
  const json row = b.row(std::string(kSlice) + "/allocator:glibc");
  CHECK(text(row, "allocator") == "glibc");
  CHECK(text(row["params"], "allocator") == "glibc");
  CHECK(first_difference(row["ratio"], 0.1) == "");
  CHECK(first_difference(b.row(kSlice)["ratio"], 0.5) == "");
}

TEST_CASE("evaluate: limits are rows of their own, with rates where they have a size") {
  bench b;
  b.limit("malloc_memcpy_free", 4096, wavering(100))
      .limit("refcount_pair", 0, steady(10))
      .limit("refcount_pair", 0, steady(20), "glibc");
  const auto rows = b.limits();
  REQUIRE(rows.size() == 3);
  CHECK(
      rows[0].dump() ==
      R"({"limit":"refcount_pair","params":{"allocator":"glibc"},"ns":20,"bytes_per_second":null,"low":20,"high":20})");
  CHECK(first_difference(rows[1], json::parse(R"({"limit": "malloc_memcpy_free", "params": {"size": 4096}, "ns": 103.5,
    "bytes_per_second": 39574879227.05314, "low": 100, "high": 107})",
                                              "expected")) == "");
  CHECK(rows[2]["ns"].number() == 10);
}

TEST_CASE("evaluate: a limit whose answer is a size shows it, with its interval over launches") {
  bench b;
  for (int i = 0; i < b.samples.launches; ++i)
    b.line(json::of({{"limit", "gather_break_even"},
                     {"size", 0},
                     {"launch", i},
                     {"ns", 2900.0},
                     {"bytes", 4000 + 100 * i},
                     {"allocator", "mimalloc"}}));
  const auto rows = b.limits();
  REQUIRE(rows.size() == 1);
  const double last = 4000 + 100 * (b.samples.launches - 1);
  CHECK(rows[0]["ns"].number() == 2900);
  CHECK(rows[0]["bytes"].number() == (4000 + last) / 2);
  CHECK(rows[0]["bytes_low"].number() == 4000);
  CHECK(rows[0]["bytes_high"].number() == last);
  CHECK(bench().limit("refcount_pair", 0, steady(10)).limits()[0].has("bytes") == false);
}

TEST_CASE("evaluate: a limit is made of the fastest batches, a floor and a reference of the median ones") {
  bench b;
  b.time("copy", steady(100)).time("slice", steady(50));
  for (int i = 0; i < kLaunches; ++i)
    for (const auto& [name, size, ns, best] :
         {std::tuple{"refcount_pair", 0, 12.0, 10.0}, std::tuple{"malloc_memcpy_free", 4096, 95.0, 70.0}})
      b.line(json::of(
          {{"limit", name}, {"size", size}, {"launch", i}, {"ns", ns}, {"best_ns", best}, {"allocator", "mimalloc"}}));
  CHECK(b.row(kSlice)["limit"]["ns"].number() == 20);
  CHECK(b.row(kSlice)["reference"]["ns"].number() == 95);
  CHECK(b.row(kCopy)["floor"]["ns"].number() == 95);
}

TEST_CASE("evaluate: a row below its lower bound beyond the interval has a remark, and is not wrong") {
  bench b;
  b.time("copy", steady(100)).time("slice", wavering(17)).limit("refcount_pair", 0, steady(10));
  const json row = b.row(kSlice);
  CHECK(text(row, "remark") == "0.88x its lower bound (95 % interval 0.85 to 0.91): the bound or the row is wrong");
  CHECK(text(row, "verdict") == "holds");
  CHECK(b.rows().correct);
  CHECK(text(b.row(kCopy), "remark") == "");
}

TEST_CASE("evaluate: a row whose interval reaches its lower bound has no remark") {
  bench b;
  b.time("copy", steady(100)).limit("refcount_pair", 0, steady(10));
  b.time("slice", [](int launch) { return launch == 0 || launch == 7 ? 19.5 : 18; });
  CHECK(text(b.row(kSlice), "remark") == "");  // 0.90 (0.90 to 0.975)
  bench few;
  few.samples.launches = 3;
  few.time("copy", steady(100)).time("slice", steady(10)).limit("refcount_pair", 0, steady(10));
  CHECK(text(few.row(kSlice), "remark") == "");  // three launches say nothing of the kind
}

TEST_CASE("evaluate: a walk over more bytes is another limit") {
  bench b;
  b.time("copy", steady(100)).limit("malloc_memcpy_free", 4096, steady(80));
  for (int i = 0; i < kLaunches; ++i)
    b.line(json::of({{"limit", "malloc_memcpy_free"},
                     {"size", 4096},
                     {"span", 65536},
                     {"launch", i},
                     {"ns", 20.0},
                     {"allocator", "mimalloc"}}));
  CHECK(b.row(kCopy)["floor"]["ns"].number() == 80);
  const auto rows = b.limits();
  REQUIRE(rows.size() == 2);
  CHECK(rows[1]["params"].dump() == R"({"size":4096,"span":65536})");
}

TEST_CASE("evaluate: a limit that could not be measured leaves the time without one") {
  bench b;
  b.time("copy", steady(100)).time("slice", steady(50));
  b.line(json::of(
      {{"limit", "refcount_pair"}, {"size", 0}, {"launch", 0}, {"error", "one processor"}, {"allocator", "mimalloc"}}));
  CHECK(b.row(kSlice)["limit"].is_null());
  CHECK(b.row(kSlice)["ratio"].is_number());
}

TEST_CASE("evaluate: the noise floor is how far apart twins are placed") {
  bench b;
  b.time("copy", steady(100))
      .time("slice", steady(50))
      .time("copy", steady(102), "mimalloc", true)
      .time("slice", steady(50), "mimalloc", true);
  CHECK(b.rows().noise_floor == approx(0.02));
  CHECK(b.row(kCopy)["ns"].number() == 100);  // a twin is no sample of its cell
}

TEST_CASE("evaluate: without launches nothing is measured") {
  bench b;
  b.samples.launches = 0;
  for (const run_row& row : b.rows().cells) CHECK(row.why == "no launch measured it");
}

}  // namespace
}  // namespace copycost
