// SPDX-License-Identifier: Apache-2.0
// Goal: --json prints one object and nothing else, with the keys that others rely on, and output that cannot be written
// is a failure. Method: the program, into files, closed descriptors and full devices.
#include <filesystem>

#include "harness/base/sha256.h"
#include "property_tests/catch.h"
#include "property_tests/harness/cli/program.h"

namespace copycost::cli_test {
namespace {

bool has_all(const json& row, const words& keys) {
  for (const std::string& key : keys) {
    CAPTURE(key);
    CHECK(row.has(key));
  }
  return true;
}

struct expectation {
  words call, keys;
};

TEST_CASE("output: every command's --json is one object with the promised keys") {
  const scratch_dir dir;
  const std::string results = dir.file("results");
  REQUIRE(copycost(small_run({"-o", results})).code == 0);
  const expectation all[] = {
      {small("list"), {"cell", "system", "workload", "design", "params", "estimate_s"}},
      {small("list", {"--designs"}),
       {"system", "design", "about", "owns", "traits", "obligations", "pick_when", "avoid_when"}},
      {small_run(),
       {"cell", "system", "workload", "class", "design", "params", "ns", "low", "high", "ratio", "limit", "reference",
        "remark", "verdict"}},
      {small("audit"),
       {"cell",
        "system",
        "workload",
        "class",
        "design",
        "params",
        "ops",
        "allocs_per_op",
        "alloc_bytes_per_op",
        "payload_bytes_copied_per_op",
        "kernel_bytes_copied_per_op",
        "syscalls_per_op",
        "refcount_ops_per_op",
        "page_faults_per_op",
        "peak_live_bytes",
        "live_bytes",
        "retained_bytes",
        "witnesses",
        "promise",
        "verdict"}},
      {small("verify", {"--cases", "1"}), {"system", "design", "law", "cases", "verdict", "replay"}},
      {{"compare", results, results},
       {"cell", "metric", "base", "head", "ratio", "low", "high", "detectable", "verdict"}},
      {{"doctor"}, {"check", "state", "effect", "remedy"}},
  };
  for (const expectation& e : all) {
    words call = e.call;
    call.push_back("--json");
    const answer a = copycost(call);
    CAPTURE(call[0], a.err);
    const json object = a.object();
    has_all(object, {"schema", "tool", "version", "seed", "machine", "rows", "ok"});
    REQUIRE_FALSE(object["rows"].items().empty());
    for (const json& row : object["rows"].items()) has_all(row, e.keys);
  }
}

TEST_CASE("output: the rows of an audit name every witness") {
  const json object = copycost(small("audit", {"--json"})).object();
  for (const json& row : object["rows"].items()) {
    has_all(row["witnesses"], {"primitive", "interposed", "signature", "identity", "touch"});
    CHECK(row["witnesses"]["primitive"]["kind"].text() == "exact");
  }
}

TEST_CASE("output: the digest of a chunk input is that of the file") {
  const scratch_dir dir;
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "line " + std::to_string(i * 7919) + "\n";
  text += "not terminated";
  replace_file(dir.file("input"), text);
  sha256 sum;
  sum.add(text);
  const std::string hex = sum.hex();
  const answer a = copycost({"verify", "--system", "chunk", "--input", dir.file("input"), "--json"});
  CHECK(a.code == 0);
  const json object = a.object();
  REQUIRE_FALSE(object["rows"].items().empty());
  for (const json& row : object["rows"].items()) {
    CHECK((row["law"].text() == "input" && row["digest"].text() == hex));
    CHECK((row["counts"]["bytes"].integer() == static_cast<std::int64_t>(text.size()) &&
           row["counts"]["lines"].integer() == 3001));
  }
}

TEST_CASE("output: stdout that is closed or full is a failure, for text and for JSON") {
  for (const char* to : {"closed", "/dev/full"})
    for (const words& call : {small("audit"), small("audit", {"--json"}), small_run(), words{"doctor"}}) {
      const answer a = copycost(call, {.out_path = to});
      CAPTURE(to, call[0], a.err);
      CHECK(a.code == 70);
      CHECK(a.says("copycost: stdout: cannot write: "));
    }
}

TEST_CASE("output: a trace, totals or results that cannot be written are a failure that names the file") {
  for (const char* option : {"--heap-trace", "--heap-totals", "-o"}) {
    const std::string path = "/proc/nothing/here";
    const answer a = copycost(small("audit", {option, path}));
    CAPTURE(option, a.err);
    CHECK(a.code == 70);
    CHECK(a.says("copycost: " + path + ": cannot "));
    CHECK(a.out.empty());
  }
}

TEST_CASE("output: what is no result directory makes no report and no comparison") {
  const scratch_dir dir;
  for (const words& call :
       {words{"report", dir.path(), "-o", dir.file("page")}, words{"compare", dir.path(), dir.path()}}) {
    const answer a = copycost(call);
    CHECK(a.code == 2);
    CHECK(a.err == "copycost: " + dir.file("verdicts.json") + ": cannot read: No such file or directory\n");
  }
  CHECK(dir.names().empty());
}

TEST_CASE("output: nothing is drawn on stderr that is no terminal") {
  const answer a = copycost(small_run());
  CHECK(a.err.find('\r') == std::string::npos);
  CHECK(a.err.find('\033') == std::string::npos);
  CHECK(a.out.find('\033') == std::string::npos);
}

}  // namespace
}  // namespace copycost::cli_test
