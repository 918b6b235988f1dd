// SPDX-License-Identifier: Apache-2.0
// A trace holds what the counters counted: parsed here line by line, and by heaptrack's own tools where they are.
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include "property_tests/catch.h"
#include "property_tests/harness/hooks/parsed_trace.h"
#include "property_tests/harness/hooks/support.h"

using namespace hooks_test;

namespace {

void check_same(const parsed_trace& trace, const cch_trace_stats& stats) {
  REQUIRE(trace.sound);
  CHECK(trace.version);
  CHECK(trace.command);
  CHECK(trace.totals.allocs == static_cast<std::int64_t>(stats.allocs));
  CHECK(trace.totals.bytes == static_cast<std::int64_t>(stats.alloc_bytes));
  CHECK(trace.totals.frees == static_cast<std::int64_t>(stats.frees));
  CHECK(trace.totals.bytes - trace.totals.live == static_cast<std::int64_t>(stats.freed_bytes));
  CHECK(trace.totals.peak == static_cast<std::int64_t>(stats.peak_bytes));
  CHECK(trace.totals.live == static_cast<std::int64_t>(stats.leaked_bytes));
  CHECK(trace.totals.live_blocks == static_cast<std::int64_t>(stats.leaked_blocks));
}

// What heaptrack_print says: the sum of a flame graph's costs is exact, unlike its rounded summary.
std::int64_t printed(const std::string& trace, const scratch& directory, const std::string& cost) {
  const std::string graph = directory.file("graph." + cost);
  const outcome o = run("heaptrack_print -f " + trace + " --disable-builtin-suppressions -F " + graph +
                        " --flamegraph-cost-type " + cost);
  if (o.status != 0) return INT64_MIN;
  std::istringstream lines(contents(graph));
  std::int64_t sum = 0;
  for (std::string line; std::getline(lines, line);) sum += std::stoll(line.substr(line.rfind(' ') + 1));
  return sum;
}

std::string read_trace(const std::string& path) {
  return path.ends_with(".gz") ? run("gzip -dc " + path).text : contents(path);
}

bool have(const std::string& tool) {
  if (run("command -v " + tool).status == 0) return true;
  WARN(tool << " is not installed: not compared with it");
  return false;
}

[[gnu::noinline]] void* outer_function(std::size_t size) {
  void* block = escape(std::malloc(size));
  return escape(block);
}

void mixed_work() {
  for (std::size_t i = 0; i < 300; ++i) {
    void* block = escape(std::malloc(10 + i));
    block = escape(std::realloc(block, 500 + i));
    std::free(block);
    delete escape(new int(7));
    std::free(escape(aligned_alloc(64, 128)));
    std::free(escape(memalign(64, 100)));
  }
}

}  // namespace

TEST_CASE("a trace equals the counters of its window") {
  const scratch directory;
  const std::string path = directory.file("trace");
  void* kept[3];
  cch_trace_stats stats = {};
  int started = -1, stopped = -1;
  cch_counts before, after;
  started = cch_trace_start(path.c_str());
  cch_peak_reset();
  const std::int64_t live = cch_peak();
  cch_thread(&before);
  mixed_work();
  for (void*& block : kept) block = outer_function(1234);
  cch_thread(&after);
  const std::int64_t peak = cch_peak() - live;
  const std::int64_t grown = cch_live() - live;
  stopped = cch_trace_stop(&stats);
  for (void* block : kept) std::free(block);
  const cch_counts c = difference(before, after);
  REQUIRE(started == 0);
  REQUIRE(stopped == 0);
  CHECK(directory.names() == std::vector<std::string>{"trace"});
  CHECK(stats.allocs == c.allocs);
  CHECK(stats.alloc_bytes == c.alloc_bytes);
  CHECK(stats.frees == c.frees);
  CHECK(stats.freed_bytes == c.freed_bytes);
  CHECK(stats.unknown_frees == 0);
  CHECK(stats.leaked_blocks == 3);
  CHECK(stats.leaked_bytes == 3 * 1234);
  CHECK(grown == 3 * 1234);
  CHECK(static_cast<std::int64_t>(stats.peak_bytes) == peak);
  check_same(parsed_trace(contents(path)), stats);
}

TEST_CASE("stacks begin at the function that allocated") {
  const scratch directory;
  const std::string path = directory.file("trace");
  REQUIRE(cch_trace_start(path.c_str()) == 0);
  void* block = outer_function(54321);
  int* number = escape(new int[11]);
  REQUIRE(cch_trace_stop(nullptr) == 0);
  std::free(block);
  delete[] number;
  const parsed_trace trace(contents(path));
  REQUIRE(trace.sound);
  bool found = false;
  for (std::size_t i = 0; i < trace.infos.size(); ++i) {
    const std::vector<std::string> stack = trace.stack_of(i);
    REQUIRE(!stack.empty());
    CAPTURE(stack);
    CHECK(stack.front().find("operator new") == std::string::npos);
    CHECK(stack.front().find("copycost::hooks") == std::string::npos);
    if (trace.infos[i].first != 54321) continue;
    found = true;
    CHECK(stack.front().find("outer_function(unsigned long)") != std::string::npos);
    CHECK(stack.back() == "_start");
  }
  CHECK(found);
}

TEST_CASE("frees of older blocks are counted and not written") {
  const scratch directory;
  const std::string path = directory.file("trace");
  void* older = escape(std::malloc(10));
  void* grown = escape(std::malloc(20));
  cch_trace_stats stats = {};
  const int started = cch_trace_start(path.c_str());
  std::free(older);
  grown = escape(std::realloc(grown, 70000));
  const int stopped = cch_trace_stop(&stats);
  std::free(grown);
  REQUIRE(started == 0);
  REQUIRE(stopped == 0);
  CHECK(stats.unknown_frees == 2);
  CHECK(stats.frees == 0);
  CHECK(stats.allocs == 1);
  CHECK(stats.leaked_bytes == 70000);
  check_same(parsed_trace(contents(path)), stats);
}

TEST_CASE("sub-allocations are in the trace, also at the address of a heap block") {
  const scratch directory;
  const std::string path = directory.file("trace");
  static char area[1000];
  cch_trace_stats stats = {};
  REQUIRE(cch_trace_start(path.c_str()) == 0);
  cch_report_alloc(area, 100);
  cch_report_alloc(area + 100, 60);
  cch_report_realloc(area + 100, 60, area + 200, 600);
  cch_report_free(area, 100);
  void* block = escape(std::malloc(77));
  cch_report_alloc(block, 70);
  cch_report_free(block, 70);
  std::free(block);
  REQUIRE(cch_trace_stop(&stats) == 0);
  cch_report_free(area + 200, 600);
  const parsed_trace trace(contents(path));
  check_same(trace, stats);
  CHECK(trace.totals.allocs >= 5);
  CHECK(std::count_if(trace.infos.begin(), trace.infos.end(), [](const auto& i) { return i.first == 600; }) == 1);
  CHECK(stats.leaked_bytes >= 600);
  CHECK(stats.unknown_frees == 0);
}

TEST_CASE("threads trace into one file") {
  const scratch directory;
  for (const char* name : {"plain", "packed.gz"}) {
    const std::string path = directory.file(name);
    std::vector<std::thread> threads;
    threads.reserve(3);
    cch_trace_stats stats = {};
    cch_counts before, after;
    const int started = cch_trace_start(path.c_str());
    cch_total(&before);
    for (int i = 0; i < 3; ++i) threads.emplace_back(mixed_work);
    for (std::thread& t : threads) t.join();
    cch_total(&after);
    const int stopped = cch_trace_stop(&stats);
    const cch_counts c = difference(before, after);
    CAPTURE(name);
    REQUIRE(started == 0);
    REQUIRE(stopped == 0);
    CHECK(stats.allocs == c.allocs);
    CHECK(stats.alloc_bytes == c.alloc_bytes);
    CHECK(stats.frees + stats.unknown_frees == c.frees);
    CHECK(stats.allocs >= 3 * 300 * 5);
    const bool packed = path.ends_with(".gz");
    if (packed) REQUIRE(contents(path).substr(0, 2) == "\x1f\x8b");
    check_same(parsed_trace(read_trace(path)), stats);
  }
}

TEST_CASE("heaptrack_print agrees with the trace and with the counters, to the byte") {
  const scratch directory;
  if (!have("heaptrack_print")) return;
  for (const char* options : {"", " --threads 4", " --sub", " --sub --threads 3"}) {
    for (const char* name : {"trace", "trace.gz"}) {
      const std::string path = directory.file(name);
      const outcome o = run(program("hook_exercise") + options + " --trace " + path);
      CAPTURE(options, name, o.text);
      REQUIRE(o.status == 0);
      const std::int64_t subs = json_number(o.text, "sub_allocs");
      CHECK(json_number(o.text, "traced_allocs") == json_number(o.text, "allocs") + subs);
      CHECK(json_number(o.text, "traced_peak_bytes") == json_number(o.text, "peak_bytes"));
      CHECK(printed(path, directory, "allocations") == json_number(o.text, "traced_allocs"));
      CHECK(printed(path, directory, "peak") == json_number(o.text, "traced_peak_bytes"));
      CHECK(printed(path, directory, "leaked") == json_number(o.text, "traced_leaked_bytes"));
    }
  }
}

TEST_CASE("what cannot be traced is an error and leaves nothing behind") {
  const scratch directory;
  CHECK(cch_trace_stop(nullptr) == EINVAL);
  CHECK(cch_trace_start(directory.file("missing/trace").c_str()) == ENOENT);
  CHECK(cch_trace_start(std::string(5000, 'x').c_str()) == ENAMETOOLONG);
  CHECK(directory.names().empty());

  REQUIRE(cch_trace_start(directory.file("one").c_str()) == 0);
  CHECK(cch_trace_start(directory.file("two").c_str()) == EBUSY);
  std::filesystem::create_directory(directory.file("one"));  // the rename will fail
  CHECK(cch_trace_stop(nullptr) == EISDIR);
  CHECK(directory.names() == std::vector<std::string>{"one"});
}

TEST_CASE("a trace that nobody stops is complete at exit, also when a child exits before") {
  const scratch directory;
  for (const char* name : {"trace", "trace.gz"}) {
    const std::string path = directory.file(name);
    const outcome o = run(program("hook_exercise") + " --fork --keep-trace --trace " + path);
    CAPTURE(name, o.text);
    REQUIRE(o.status == 0);
    const parsed_trace trace(read_trace(path));
    CHECK(trace.sound);
    CHECK(trace.totals.allocs >= json_number(o.text, "allocs"));
    CHECK(trace.totals.peak >= json_number(o.text, "peak_bytes"));
  }
  CHECK(directory.names().size() == 2);
}

TEST_CASE("what a killed process left under our temporary name is overwritten") {
  const scratch directory;
  const std::string path = directory.file("trace");
  std::ofstream(path + "." + std::to_string(getpid()) + ".tmp") << std::string(100000, 'x');
  REQUIRE(cch_trace_start(path.c_str()) == 0);
  std::free(escape(std::malloc(5)));
  REQUIRE(cch_trace_stop(nullptr) == 0);
  CHECK(parsed_trace(contents(path)).sound);
}

TEST_CASE("a full disk is an error, and the old file stays") {
  if (!std::filesystem::exists("/dev/full")) return;
  const scratch directory;
  const std::string path = directory.file("trace");
  std::ofstream(path) << "precious";
  // The temporary file is named after the process, so a link there sends the writes where none succeeds.
  std::filesystem::create_symlink("/dev/full", path + "." + std::to_string(getpid()) + ".tmp");
  REQUIRE(cch_trace_start(path.c_str()) == 0);
  mixed_work();
  CHECK(cch_trace_stop(nullptr) == ENOSPC);
  CHECK(contents(path) == "precious");
  CHECK(directory.names() == std::vector<std::string>{"trace"});
}

TEST_CASE("a child of a traced process does not write into the trace") {
  const scratch directory;
  for (const char* name : {"trace", "trace.gz"}) {
    const std::string path = directory.file(name);
    cch_trace_stats stats = {};
    REQUIRE(cch_trace_start(path.c_str()) == 0);
    const pid_t child = fork();
    if (child == 0) {
      mixed_work();
      _exit(cch_trace_stop(nullptr) == EINVAL ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    mixed_work();
    REQUIRE(cch_trace_stop(&stats) == 0);
    CHECK(status == 0);
    CHECK(stats.allocs >= 300 * 5);
    check_same(parsed_trace(read_trace(path)), stats);
  }
}
