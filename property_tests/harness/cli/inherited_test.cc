// SPDX-License-Identifier: Apache-2.0
// Goal: what the starter of a program has set changes no result, and is said. Method: the program, started badly.
#include <sys/resource.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "property_tests/catch.h"
#include "property_tests/harness/cli/processes.h"
#include "property_tests/harness/cli/program.h"

namespace copycost::cli_test {
namespace {

namespace fs = std::filesystem;

void set(const std::vector<std::pair<const char*, std::string>>& variables) {
  for (const auto& [name, value] : variables) setenv(name, value.c_str(), 1);
}

std::string machine_says(const std::string& dir, const char* key) {
  return std::string(read_json_file(dir + "/machine.json")[key].text());
}

void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

TEST_CASE("inherited: Google Benchmark's variables select, repeat and overwrite nothing") {
  const scratch_dir dir;
  write(dir.file("mine.json"), "mine");
  const answer a = copycost(small_run({"--json", "-o", dir.file("r")}), {.starter = [&] {
                              set({{"BENCHMARK_REPETITIONS", "2"},
                                   {"BENCHMARK_FILTER", "x"},
                                   {"BENCHMARK_LIST_TESTS", "1"},
                                   {"BENCHMARK_OUT", dir.file("mine.json")},
                                   {"BENCHMARK_OUT_FORMAT", "json"},
                                   {"BENCHMARK_MIN_TIME", "9"},
                                   {"BENCHMARK_ENABLE_RANDOM_INTERLEAVING", "1"}});
                            }});
  CAPTURE(a.err);
  REQUIRE(a.code == 0);
  const json said = a.object();
  for (const json& row : said["rows"].items()) CHECK(row["ns"].is_number());
  CHECK(read_file(dir.file("mine.json")) == "mine");
  std::set<std::string> cells;
  for (const std::string& line : split(read_file(dir.file("r") + "/samples.jsonl"), '\n')) {
    const json row = json::parse(line, "line");
    if (row.has("cell") && !row["twin"].boolean(false))
      CHECK(cells.insert(std::string(row["cell"].text()) + std::string(row["allocator"].text())).second);
  }
  CHECK(machine_says(dir.file("r"), "environment_left_out").find("BENCHMARK_FILTER=x") != std::string::npos);
}

TEST_CASE("inherited: variables of loaders and allocators are left out, and said") {
  const scratch_dir dir;
  const answer a = copycost({"doctor", "--json"}, {.starter = [&] {
                              set({{"MALLOC_PERTURB_", "7"},
                                   {"GLIBC_TUNABLES", "glibc.malloc.check=3"},
                                   {"MIMALLOC_SHOW_STATS", "1"},
                                   {"LD_BIND_NOW", "1"},
                                   {"LC_ALL", "tr_TR.UTF-8"}});
                            }});
  REQUIRE(a.code == 0);
  CHECK_FALSE(a.says("mimalloc"));  // its statistics
  const json said = a.object();
  std::string found;
  for (const json& row : said["rows"].items())
    if (row["check"].text() == "environment")
      found = std::string(row["state"].text()) + ": " + std::string(row["effect"].text());
  for (const char* one :
       {"warn: ", "MALLOC_PERTURB_=7", "GLIBC_TUNABLES=glibc.malloc.check=3", "MIMALLOC_SHOW_STATS=1", "LD_BIND_NOW=1"})
    CHECK(found.find(one) != std::string::npos);
}

#ifdef COPYCOST_HOOKS_LIBRARY
TEST_CASE("inherited: a preloaded library serves nothing, in no program") {
  const scratch_dir dir;
  const how preloaded = {.starter = [&] { set({{"LD_PRELOAD", COPYCOST_HOOKS_LIBRARY}}); }};
  const answer a = copycost(small_run({"-o", dir.file("r")}), preloaded);
  CAPTURE(a.err);
  REQUIRE(a.code == 0);
  CHECK(machine_says(dir.file("r"), "environment_left_out").find("LD_PRELOAD=" COPYCOST_HOOKS_LIBRARY) !=
        std::string::npos);
  // The launch itself, started by hand: it starts itself again without, and then misses its arguments only.
  const answer launch = run_program(COPYCOST_PROGRAM "-clock-glibc", {}, preloaded);
  CHECK((launch.code == 2 && launch.says("usage:")));
}
#endif

TEST_CASE("inherited: SIGCHLD ignored hides no end: neither a launch's, nor a law's, nor git's") {
  const how deaf = {.starter = [] { signal(SIGCHLD, SIG_IGN); }};
  CHECK(copycost(small_run(), deaf).code == 0);
  CHECK(copycost({"verify", "--system", "chunk", "--design", "copy", "--law", "slices_compose", "--cases", "5"}, deaf)
            .code == 0);
  words many = small_run();
  many[8] = "500";
  many.push_back("--json");
  how with_kill = deaf;
  with_kill.meanwhile = [](pid_t pid) {
    if (const pid_t launch = child_of(pid, "copycost-clock"); launch > 0) kill(launch, SIGSEGV);
  };
  const answer a = copycost(many, with_kill);
  CAPTURE(a.err);
  CHECK(a.code != 0);
  CHECK((a.says("signal 11") || a.out.find("signal 11") != std::string::npos));
}

TEST_CASE("inherited: blocked and ignored signals still end a run, and nohup still does not") {
  words many = small_run();
  many[8] = "500";
  for (const int s : {SIGTERM, SIGINT, SIGHUP}) {
    const scratch_dir temporary;
    CAPTURE(s);
    const answer a = copycost(many, {.temporary = temporary.path(),
                                     .meanwhile =
                                         [&](pid_t pid) {
                                           (void)child_of(pid, "copycost-clock");
                                           kill(pid, s);
                                         },
                                     .starter =
                                         [&] {
                                           sigset_t all;
                                           sigfillset(&all);
                                           sigprocmask(SIG_SETMASK, &all, nullptr);
                                           if (s != SIGHUP) signal(s, SIG_IGN);
                                         }});
    CHECK(a.code == 130);
    CHECK(temporary.names().empty());
  }
  const answer kept = copycost(small_run(), {.meanwhile =
                                                 [](pid_t pid) {
                                                   (void)child_of(pid, "copycost-clock");
                                                   kill(pid, SIGHUP);
                                                 },
                                             .starter = [] { signal(SIGHUP, SIG_IGN); }});
  CHECK(kept.code == 0);
}

TEST_CASE("inherited: no stream of three, and the results are whole") {
  const scratch_dir dir;
  const answer a = copycost(small_run({"-o", dir.file("r")}), {.starter = [] {
                              close(0);
                              close(1);
                              close(2);
                            }});
  CHECK(a.code == 70);  // stdout was to be written to
  for (const char* name : {"machine", "results", "verdicts"})
    CHECK(read_json_file(dir.file("r") + "/" + name + ".json").is_object());
  CHECK(machine_says(dir.file("r"), "streams_closed") == "stdin stdout stderr");
}

TEST_CASE("inherited: stderr closed or full fails nothing") {
  const words call = {"verify", "--system", "chunk", "--design", "copy", "--law", "slices_compose", "--cases", "1"};
  CHECK(copycost(call, {.starter = [] { close(2); }}).code == 0);
  CHECK(copycost(call, {.starter = [] { dup2(open("/dev/full", O_WRONLY), 2); }}).code == 0);
  CHECK(copycost(call, {.starter = [] { dup2(open("/dev/null", O_RDONLY), 2); }}).code == 0);
}

TEST_CASE("inherited: stdout full or closed fails what is printed, with 70") {
  for (const words& call : {words{"--help"}, words{"--version"}, words{"run", "--help"}, words{"doctor"}}) {
    CAPTURE(call);
    CHECK(copycost(call, {.out_path = "/dev/full"}).code == 70);
    CHECK(copycost(call, {.out_path = "closed"}).code == 70);
  }
}

TEST_CASE("inherited: a mask that denies everything, few descriptors, a small stack") {
  const scratch_dir dir;
  const answer a = copycost(small_run({"-o", dir.file("r")}), {.starter = [] {
                              umask(0777);
                              for (const int limit : {RLIMIT_NOFILE, RLIMIT_STACK}) {
                                rlimit now{};
                                getrlimit(static_cast<__rlimit_resource>(limit), &now);
                                now.rlim_cur = limit == RLIMIT_NOFILE ? 12 : 256 << 10;
                                setrlimit(static_cast<__rlimit_resource>(limit), &now);
                              }
                            }});
  CAPTURE(a.err);
  REQUIRE(a.code == 0);
  CHECK(machine_says(dir.file("r"), "umask") == "0777");
  const std::string limits = machine_says(dir.file("r"), "resource_limits");
  CHECK(limits.find("nofile 12 (now ") != std::string::npos);
  CHECK(limits.find("stack 262144 (now ") != std::string::npos);
}

TEST_CASE("inherited: a working directory that is gone stops nothing that does not need it") {
  const scratch_dir dir;
  const answer a =
      copycost(small_run({"-o", dir.file("r")}), {.starter = [&] {
                 const std::string here = dir.file("here");
                 if (mkdir(here.c_str(), 0700) != 0 || chdir(here.c_str()) != 0 || rmdir(here.c_str()) != 0) _exit(97);
               }});
  CAPTURE(a.err);
  CHECK(a.code == 0);
  CHECK(machine_says(dir.file("r"), "working_directory") == "gone");
}

TEST_CASE("inherited: niceness is not changed, and is said") {
  const answer a = copycost({"doctor", "--json"}, {.starter = [] { (void)nice(3); }});
  CHECK(std::string(a.object()["machine"]["priority"].text()).find("nice ") == 0);
  CHECK(std::string(a.object()["machine"]["priority"].text()) != "nice 0, other");
}

}  // namespace
}  // namespace copycost::cli_test
