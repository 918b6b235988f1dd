// SPDX-License-Identifier: Apache-2.0
// Goal: heaptrack sees of an audit what the ledger says of it. Method: the same audit twice, once under heaptrack and
// once alone; and a trace of our own, opened by heaptrack's tools. Hidden: ctest -R heaptrack_agreement runs it.
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <map>
#include <sstream>

#include "property_tests/catch.h"
#include "property_tests/harness/cli/program.h"
#include "property_tests/harness/hooks/support.h"

namespace copycost::cli_test {
namespace {

bool have(const char* tool) {
  if (run_program("sh", {"-c", std::string("command -v ") + tool}).code == 0) return true;
  WARN(std::string(tool) + " is not installed: not compared with it");
  return false;
}

words audit(const words& selection, const words& more) {
  words call = {"audit", "--profile", "smoke", "--system", "chunk"};
  call.insert(call.end(), selection.begin(), selection.end());
  call.insert(call.end(), more.begin(), more.end());
  return call;
}

struct two_runs {
  json alone, under;                // what the ledger wrote in a run by itself, and under heaptrack
  hooks_test::heap_totals tracked;  // heaptrack's record of the latter
};

// heaptrack opens files of its own; with these, every later descriptor has two digits in both runs, in paths too.
const how kSameNumbers = {.more_files = 8};

two_runs compare(const words& selection) {
  const scratch_dir dir;
  const std::string ours = dir.file("alone.json"), other = dir.file("under.json");  // equally long: identical runs
  const answer alone = copycost(audit(selection, {"--heap-totals", ours}), kSameNumbers);
  CAPTURE(alone.err);
  REQUIRE(alone.code == 0);
  words call = {"-r", "-o", dir.file("record"), COPYCOST_PROGRAM};
  const words same = audit(selection, {"--heap-totals", other});
  call.insert(call.end(), same.begin(), same.end());
  const answer under = run_program("heaptrack", call, kSameNumbers);
  CAPTURE(under.out, under.err);
  REQUIRE(under.code == 0);
  const std::string record = dir.file("record.raw.");
  const bool zst = std::filesystem::exists(record + "zst");
  REQUIRE(run_program("sh", {"-c", (zst ? "zstd -dcq " + record + "zst" : "gzip -dc " + record + "gz") + " > " +
                                       dir.file("plain")})
              .code == 0);
  return {read_json_file(ours), read_json_file(other), hooks_test::raw_totals(dir.file("plain"))};
}

std::int64_t sum(const json& totals, const char* heap, const char* sub) {
  return totals[heap].integer() + totals[sub].integer();
}

// Cells and designs without further threads: the two runs are identical to the byte.
TEST_CASE("heaptrack: an audit in one thread, to the byte", "[.heaptrack]") {
  if (!have("heaptrack")) return;
  const two_runs r = compare(
      {"--design", "copy,slice,arena,shm", "--workload", "slice,share,clone,lines,codec,retain,frames,reassemble"});
  CAPTURE(r.alone.dump());
  CHECK_FALSE(r.alone["under_heaptrack"].boolean());
  CHECK(r.under["under_heaptrack"].boolean());
  CHECK(r.tracked.allocs == sum(r.alone, "allocations", "sub_allocations"));
  CHECK(r.tracked.bytes == sum(r.alone, "requested_bytes", "sub_requested_bytes"));
  CHECK(r.tracked.live == sum(r.alone, "leaked_bytes", "sub_leaked_bytes"));
  CHECK(r.tracked.live_blocks == sum(r.alone, "leaked_blocks", "sub_leaked_blocks"));
  CHECK(r.tracked.peak == r.alone["peak_bytes"].integer());
}

// libc keeps a table for each further thread with 16 bytes for every library that has thread-local storage; heaptrack's
// is one more. Calls and blocks are the same; bytes differ by that entry in each table that is live.
TEST_CASE("heaptrack: the whole smoke audit, threads and processes included", "[.heaptrack]") {
  if (!have("heaptrack")) return;
  constexpr std::int64_t kEntry = 16, kTablesMax = 4;
  const two_runs r = compare({});
  CAPTURE(r.alone.dump());
  CHECK(r.tracked.allocs == sum(r.alone, "allocations", "sub_allocations"));
  CHECK(r.tracked.live_blocks == sum(r.alone, "leaked_blocks", "sub_leaked_blocks"));
  for (const std::int64_t more : {r.tracked.live - sum(r.alone, "leaked_bytes", "sub_leaked_bytes"),
                                  r.tracked.peak - r.alone["peak_bytes"].integer()}) {
    CAPTURE(more);
    CHECK((more >= 0 && more <= kEntry * kTablesMax && more % kEntry == 0));
  }
}

// The sum over a flame graph's stacks is exact, where heaptrack_print itself rounds to four digits.
std::int64_t total_of(const std::string& trace, const char* type, std::string& stacks) {
  const scratch_dir dir;
  const std::string graph = dir.file("stacks");
  const answer a =
      run_program("heaptrack_print", {"-f", trace, "--disable-builtin-suppressions", "-F", graph,
                                      "--flamegraph-cost-type", type, "-a", "0", "-p", "0", "-T", "0", "-l", "0"});
  CAPTURE(a.err);
  REQUIRE(a.code == 0);
  stacks = read_file(graph);
  std::int64_t sum = 0;
  for (const std::string& line : split(stacks, '\n')) sum += std::stoll(line.substr(line.rfind(' ') + 1));
  return sum;
}

TEST_CASE("heaptrack: a trace of our own opens in its tools, with the same totals and our functions in its stacks",
          "[.heaptrack]") {
  if (!have("heaptrack_print")) return;
  const scratch_dir dir;
  for (const char* name : {"trace.gz", "trace"}) {
    const std::string trace = dir.file(name);
    const answer a = copycost(audit({"--workload", "clone,slice"}, {"--heap-trace", trace}));
    CAPTURE(a.err);
    REQUIRE(a.code == 0);
    long long allocs = 0, bytes = 0, peak = 0, leaked = 0, blocks = 0;
    const std::size_t at = a.err.find("copycost: " + trace + ": ");
    REQUIRE(at != std::string::npos);
    REQUIRE(std::sscanf(a.err.c_str() + at + ("copycost: " + trace + ": ").size(),
                        "%lld allocations, %lld bytes, peak %lld, leaked %lld in %lld blocks", &allocs, &bytes, &peak,
                        &leaked, &blocks) == 5);
    CHECK((allocs > 100 && bytes > peak && peak >= leaked));
    std::string stacks;
    CHECK(total_of(trace, "allocations", stacks) == allocs);
    CHECK(stacks.find("copycost::") != std::string::npos);
    CHECK(stacks.find("main") != std::string::npos);
    CHECK(total_of(trace, "peak", stacks) == peak);
    CHECK(total_of(trace, "leaked", stacks) == leaked);
  }
}

TEST_CASE("heaptrack: an audit under it says that its own verdicts are not measured", "[.heaptrack]") {
  if (!have("heaptrack")) return;
  const scratch_dir dir;
  words call = {"-r", "-o", dir.file("record"), COPYCOST_PROGRAM};
  const words same = small("audit", {"-o", dir.file("results")});
  call.insert(call.end(), same.begin(), same.end());
  const answer a = run_program("heaptrack", call, {.temporary = dir.path()});
  CAPTURE(a.err);
  CHECK(a.code == 0);
  const json audit = read_json_file(dir.file("results") + "/audit.json");
  REQUIRE_FALSE(audit["rows"].items().empty());
  for (const json& row : audit["rows"].items()) CHECK(row["verdict"].text() == "not measured");
}

}  // namespace
}  // namespace copycost::cli_test
