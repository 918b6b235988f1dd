// SPDX-License-Identifier: Apache-2.0
// The totals that a process writes at exit are those that heaptrack finds in an identical run.
#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "property_tests/catch.h"
#include "property_tests/harness/hooks/support.h"

using namespace hooks_test;

namespace {

// heaptrack's preload library, or nothing when heaptrack is not installed.
std::string preload() {
  for (const char* path : {"/usr/lib/heaptrack/libheaptrack_preload.so", "/usr/lib64/heaptrack/libheaptrack_preload.so",
                           "/usr/lib/x86_64-linux-gnu/heaptrack/libheaptrack_preload.so",
                           "/usr/lib/aarch64-linux-gnu/heaptrack/libheaptrack_preload.so",
                           "/usr/local/lib/heaptrack/libheaptrack_preload.so"})
    if (std::filesystem::exists(path)) return path;
  WARN("heaptrack is not installed: not compared with it");
  return {};
}

struct two_runs {
  std::string alone;      // our totals, from a run by itself
  heap_totals heaptrack;  // heaptrack's, from a second run
  std::string under;      // what our library wrote in that second run
};

two_runs compare(const std::string& library, const std::string& options) {
  const scratch directory;
  const std::string ours = directory.file("alone.json");
  const std::string other = directory.file("under.json");
  const std::string raw = directory.file("raw");
  const std::string exercise = program("hook_exercise") + options + " --totals ";
  // Both file names have the same length, so that the runs are identical to the byte.
  REQUIRE(ours.size() == other.size());
  REQUIRE(run(exercise + ours).status == 0);
  const std::string environment = "LD_PRELOAD=" + library + " DUMP_HEAPTRACK_OUTPUT=" + raw + " ";
  REQUIRE(run(environment + exercise + other).status == 0);
  return {contents(ours), raw_totals(raw), contents(other)};
}

}  // namespace

TEST_CASE("totals at exit are complete by themselves") {
  const scratch directory;
  const std::string path = directory.file("totals.json");
  const outcome o = run(program("hook_exercise") + " --totals " + path);
  REQUIRE(o.status == 0);
  const std::string totals = contents(path);
  CAPTURE(o.text, totals);
  CHECK(json_number(totals, "allocations") >= json_number(o.text, "allocs"));
  CHECK(json_number(totals, "requested_bytes") >= json_number(o.text, "alloc_bytes"));
  CHECK(json_number(totals, "leaked_bytes") >= 5000);
  CHECK(totals.find("\"peak_complete\": true, \"under_heaptrack\": false}\n") != std::string::npos);
  CHECK(directory.names().size() == 1);
}

TEST_CASE("totals say when the peak was not kept all the time") {
  const scratch directory;
  const std::string path = directory.file("totals.json");
  REQUIRE(run(program("hook_exercise") + " --no-peak --totals " + path).status == 0);
  CHECK(contents(path).find("\"peak_complete\": false") != std::string::npos);
}

TEST_CASE("a child that exits leaves the totals to its parent") {
  const scratch directory;
  const std::string path = directory.file("totals.json");
  REQUIRE(run(program("hook_exercise") + " --fork --totals " + path).status == 0);
  const std::string totals = contents(path);
  CAPTURE(totals);
  CHECK(std::count(totals.begin(), totals.end(), '\n') == 1);
  CHECK(json_number(totals, "leaked_bytes") >= 5000);
}

TEST_CASE("totals that cannot be written are an error at once") {
  const scratch directory;
  CHECK(cch_totals_at_exit(directory.file("missing/totals.json").c_str()) == ENOENT);
}

TEST_CASE("heaptrack and the library agree on allocations, bytes, leaks and peak") {
  const std::string library = preload();
  if (library.empty()) return;
  for (const char* options : {"", " --sub", " --peak-first"}) {
    const two_runs r = compare(library, options);
    CAPTURE(options, r.alone, r.under);
    CHECK(r.heaptrack.allocs == json_number(r.alone, "allocations") + json_number(r.alone, "sub_allocations"));
    CHECK(r.heaptrack.bytes == json_number(r.alone, "requested_bytes") + json_number(r.alone, "sub_requested_bytes"));
    CHECK(r.heaptrack.live == json_number(r.alone, "leaked_bytes") + json_number(r.alone, "sub_leaked_bytes"));
    CHECK(r.heaptrack.live_blocks == json_number(r.alone, "leaked_blocks") + json_number(r.alone, "sub_leaked_blocks"));
    CHECK(r.heaptrack.peak == json_number(r.alone, "peak_bytes"));
    CHECK(r.under.find("\"under_heaptrack\": true") != std::string::npos);
  }
}

// heaptrack's library adds an entry to the table that libc makes for each further thread, so bytes differ there.
TEST_CASE("heaptrack and the library agree on calls and blocks over threads") {
  const std::string library = preload();
  if (library.empty()) return;
  const two_runs r = compare(library, " --threads 4");
  CAPTURE(r.alone);
  CHECK(r.heaptrack.allocs == json_number(r.alone, "allocations"));
  CHECK(r.heaptrack.live_blocks == json_number(r.alone, "leaked_blocks"));
}

TEST_CASE("a program without the library links, runs and finds null functions") {
  const outcome o = run(program("hook_exercise_plain"));
  CHECK(o.status == 0);
  CHECK(o.text == "{\"linked\": false}\n");
}
