// SPDX-License-Identifier: Apache-2.0
// Goal: a result directory is whole, is what other tools read, and nothing that comes after it damages it. Method:
// results written by hand; directories that cannot be written; a limit on file sizes for a full disk.
#include "harness/output/result_dir.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "harness/base/failure.h"
#include "harness/base/input/input.h"
#include "harness/base/text.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"
#include "property_tests/scratch.h"

namespace copycost {
namespace {

run_samples samples_of(int launches, bool complete) {
  run_samples s;
  s.launches = launches;
  s.complete = complete;
  s.why = complete ? "" : "interrupted";
  for (int i = 0; i < launches; ++i) {
    s.lines.push_back(sample_from_json(json::of({{"cell", "t/s/design:copy/size:64"},
                                                 {"launch", i},
                                                 {"allocator", "mimalloc"},
                                                 {"ns", 50.0 + i},
                                                 {"real_time", 51.0 + i},
                                                 {"cpu_ns", 52.0},
                                                 {"iterations", 1000},
                                                 {"items_per_op", 2.0},
                                                 {"payload_bytes_per_op", 64.0}})));
    s.lines.push_back(sample_from_json(json::of({{"cell", "t/s/design:copy/size:64"},
                                                 {"launch", i},
                                                 {"allocator", "glibc"},
                                                 {"ns", 80.0},
                                                 {"iterations", 9}})));
    s.lines.push_back(sample_from_json(json::of({{"cell", "t/s/design:copy/size:64"},
                                                 {"launch", i},
                                                 {"allocator", "mimalloc"},
                                                 {"ns", 50.0},
                                                 {"twin", true}})));
    s.lines.push_back(
        sample_from_json(json::of({{"limit", "memcpy_hot"}, {"launch", i}, {"allocator", "mimalloc"}, {"ns", 5.0}})));
  }
  return s;
}

std::string write(const std::string& dir, const run_samples& samples, std::uint64_t seed = 42) {
  run_request request;
  request.seed = seed;
  request.how = profile::smoke;
  input_set inputs;
  const std::string text = "abc";
  inputs.add("chunk", input_of_bytes("some \\xE9", std::as_bytes(std::span(text))));
  set_input(inputs);
  run_rows rows;
  rows.cells.resize(1);
  rows.cells[0].cell = "t/s/design:copy/size:64";
  rows.noise_floor = 0.01;
  return write_result_dir(dir, request, samples, rows);
}

json verdicts_of(const std::string& dir) { return read_json_file(dir + "/verdicts.json"); }

std::string complaint(const std::string& dir) {
  try {
    read_verdicts(dir);
    return "none";
  } catch (const failure& e) {
    CHECK(e.code == exit_code::usage);
    return e.what();
  }
}

TEST_CASE("result directory: four files, and what the run was is in the verdicts") {
  const scratch_dir dir;
  const std::string to = dir.file("deep/results");
  CHECK(write(to, samples_of(3, true)) == to);
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(to)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  CHECK(names == std::vector<std::string>{"machine.json", "results.json", "samples.jsonl", "verdicts.json"});
  const json v = verdicts_of(to);
  CHECK((v["schema"].integer() == 1 && v["tool"].text() == "copycost" && v["seed"].integer() == 42));
  CHECK((v["complete"].boolean() && v["ok"].boolean() && v["launches"].integer() == 3));
  CHECK((v["profile"].text() == "smoke" && v["noise_floor"].number() == 0.01));
  CHECK(v["input"].text() == R"($'chunk=some \xE9')");
  REQUIRE(v["inputs"].items().size() == 1);
  // printf abc | sha256sum
  CHECK(v["inputs"].items()[0].dump() ==
        R"({"name":"some \\xE9","format":"plain","bytes":3,)"
        R"("sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","system":"chunk"})");
  CHECK(v["rows"].items().size() == 1);
  CHECK(v["machine"].is_object());
  CHECK(v["machine"] == read_json_file(to + "/machine.json"));
}

TEST_CASE("result directory: a seed of 64 bits is written to the last digit") {
  const scratch_dir dir;
  write(dir.file("r"), samples_of(1, true), 18446744073709551615ull);
  CHECK(read_file(dir.file("r") + "/verdicts.json").find("\"seed\": 18446744073709551615") != std::string::npos);
}

TEST_CASE(
    "result directory: results.json is Google Benchmark's, one entry a launch and cell, without twins and limits") {
  const scratch_dir dir;
  write(dir.file("r"), samples_of(2, true));
  const json file = read_json_file(dir.file("r") + "/results.json");
  for (const char* key : {"date", "host_name", "executable", "num_cpus", "mhz_per_cpu", "cpu_scaling_enabled", "caches",
                          "load_avg", "library_build_type"}) {
    CAPTURE(key);
    CHECK(file["context"].has(key));
  }
  REQUIRE(file["benchmarks"].items().size() == 4);
  const json& first = file["benchmarks"].items()[0];
  CHECK(first.dump() ==
        R"({"name":"t/s/design:copy/size:64","family_index":0,"per_family_instance_index":0,)"
        R"("run_name":"t/s/design:copy/size:64",)"
        R"("run_type":"iteration","repetitions":2,"repetition_index":0,"threads":1,"iterations":1000,"real_time":50,)"
        R"("cpu_time":52,)"
        R"("time_unit":"ns","items_per_second":40000000,"bytes_per_second":1280000000,"mean_ns":51,"launch":0,)"
        R"("allocator":"mimalloc"})");
  CHECK(file["benchmarks"].items()[1]["name"].text() == "t/s/design:copy/size:64/allocator:glibc");
}

TEST_CASE("result directory: every line of every launch is kept") {
  const scratch_dir dir;
  const run_samples s = samples_of(2, true);
  write(dir.file("r"), s);
  const auto lines = split(read_file(dir.file("r") + "/samples.jsonl"), '\n');
  REQUIRE(lines.size() == s.lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) CHECK(json::parse(lines[i], "line") == to_json(s.lines[i]));
}

TEST_CASE("result directory: an incomplete result is never written over a complete one") {
  const scratch_dir dir;
  const std::string to = dir.file("r");
  CHECK(write(to, samples_of(1, false)) == to);  // nothing better is there
  CHECK(write(to, samples_of(2, false)) == to);  // as good
  CHECK(write(to, samples_of(3, true)) == to);   // better
  CHECK(write(to, samples_of(9, false)) == to + ".incomplete");
  CHECK(verdicts_of(to)["launches"].integer() == 3);
  CHECK_FALSE(verdicts_of(to + ".incomplete")["complete"].boolean());
  CHECK(verdicts_of(to + ".incomplete")["why"].text() == "interrupted");
  CHECK(write(to, samples_of(4, true)) == to);
  CHECK(verdicts_of(to)["launches"].integer() == 4);
}

TEST_CASE("result directory: a run in which a cell was not measured is not complete, and says why") {
  const scratch_dir dir;
  run_request request;
  run_rows rows;
  rows.complete = false;
  rows.why = "t/s/design:copy/size:64: no room";
  write_result_dir(dir.file("r"), request, samples_of(3, true), rows);
  const json v = verdicts_of(dir.file("r"));
  CHECK_FALSE(v["complete"].boolean());
  CHECK_FALSE(v["ok"].boolean());
  CHECK(v["why"].text() == rows.why);
}

TEST_CASE("result directory: every file says of which run it is, and the verdicts what was asked for") {
  const scratch_dir dir;
  run_request request;
  request.id = "0123456789abcdef";
  request.selection = json::of({{"filter", "size:64"}});
  write_result_dir(dir.file("r"), request, samples_of(1, true), {});
  CHECK(verdicts_of(dir.file("r"))["run_id"].text() == request.id);
  CHECK(verdicts_of(dir.file("r"))["selection"]["filter"].text() == "size:64");
  CHECK(run_id_of(dir.file("r")) == request.id);
  CHECK(read_json_file(dir.file("r") + "/machine.json")["run_id"].text() == request.id);
  CHECK(read_json_file(dir.file("r") + "/results.json")["context"]["machine"]["run_id"].text() == request.id);
  CHECK(run_id_of(dir.file("none")).empty());
}

TEST_CASE("result directory: one that cannot be made is found before anything is measured") {
  const scratch_dir dir;
  replace_file(dir.file("file"), "x");
  for (const std::string& to : {dir.file("file"), dir.file("file") + "/results", std::string("/proc/results")}) {
    CAPTURE(to);
    try {
      prepare_result_dir(to);
      FAIL("it was taken for a directory");
    } catch (const failure& e) {
      CHECK(e.code == exit_code::internal);
      CHECK(std::string(e.what()).rfind(to, 0) == 0);
    }
  }
}

TEST_CASE("result directory: making it leaves nothing in it") {
  const scratch_dir dir;
  prepare_result_dir(dir.file("r"));
  CHECK(std::filesystem::is_empty(dir.file("r")));
}

TEST_CASE("result directory: on a full disk the old result stays whole, all four files of it") {
  const scratch_dir dir;
  const std::string to = dir.file("r");
  write(to, samples_of(3, true));
  const std::string before = read_file(to + "/machine.json") + read_file(to + "/samples.jsonl") +
                             read_file(to + "/results.json") + read_file(to + "/verdicts.json");
  const int end = test::run_child([&] {
    const rlimit limit{20'000, 20'000};  // samples.jsonl and machine.json fit, results.json does not
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    try {
      write(to, samples_of(30, true));
      return 0;
    } catch (const failure& e) {
      return static_cast<int>(e.code);
    }
  });
  CHECK(end == 70);
  const bool intact = before == read_file(to + "/machine.json") + read_file(to + "/samples.jsonl") +
                                    read_file(to + "/results.json") + read_file(to + "/verdicts.json");
  CHECK(intact);
  CHECK(std::distance(std::filesystem::directory_iterator(to), std::filesystem::directory_iterator()) == 4);
}

TEST_CASE("result directory: what is none is refused with path and reason") {
  const scratch_dir dir;
  CHECK(complaint(dir.path()) == dir.file("verdicts.json") + ": cannot read: No such file or directory");
  replace_file(dir.file("verdicts.json"), "{\"benchmarks\": []}");
  CHECK(complaint(dir.path()) ==
        dir.file("verdicts.json") + ": not a result of copycost: expected \"tool\": \"copycost\"");
  replace_file(dir.file("verdicts.json"), "{\"tool\": \"copycost\", \"schema\": 2}");
  CHECK(complaint(dir.path()) == dir.file("verdicts.json") + ": schema 2, expected 1");
  replace_file(dir.file("verdicts.json"), "{\"tool\": ");
  CHECK(complaint(dir.path()).rfind(dir.file("verdicts.json") + ":1: not JSON", 0) == 0);
}

}  // namespace
}  // namespace copycost
