// SPDX-License-Identifier: Apache-2.0
// Goal: what could not be done is never called wrong, and what is absent is said. Method: the program on a machine that
// is made short of something: files, address space, names, a folder for temporary files.
#include <filesystem>

#include "property_tests/catch.h"
#include "property_tests/harness/cli/program.h"

namespace copycost::cli_test {
namespace {

constexpr rlim_t kLittle = 65'536;  // ulimit -f 64

// A cell whose files outgrow that.
words of_files(const char* command, const words& more = {}) {
  words all = {command, "--profile", "quick",      "--system",   "event_store",   "--design",
               "slice", "--filter",  "batch:512/", "--workload", "durable_append"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::size_t with_verdict(const json& object, std::string_view word) {
  return static_cast<std::size_t>(
      std::ranges::count_if(object["rows"].items(), [&](const json& row) { return row["verdict"].text() == word; }));
}

TEST_CASE("could not: a run without room for files measures nothing, breaks nothing and exits 4") {
  const answer a = copycost(of_files("run", {"--launches", "1", "--no-copy", "--json"}), {.file_bytes = kLittle});
  CAPTURE(a.err, a.out);
  CHECK(a.code == 4);
  const json object = a.object();
  CHECK(with_verdict(object, "broken") == 0);
  CHECK(with_verdict(object, "not measured") == object["rows"].items().size());
  for (const json& row : object["rows"].items()) CHECK_FALSE(row["why"].text().empty());
  CHECK(a.says(" cells could not be measured: "));
  CHECK((!object["complete"].boolean() && !object["ok"].boolean()));
}

TEST_CASE("could not: an audit without room for files is not measured") {
  const answer a = copycost(of_files("audit", {"--json"}), {.file_bytes = kLittle});
  CAPTURE(a.err, a.out);
  CHECK(a.code == 4);
  CHECK(with_verdict(a.object(), "broken") == 0);
  CHECK(with_verdict(a.object(), "not measured") > 0);
}

TEST_CASE("could not: laws and the oracle that could not be asked have a word of their own") {
  const answer a = copycost(of_files("verify", {"--cases", "3", "--json"}), {.file_bytes = kLittle});
  CAPTURE(a.err);
  CHECK(a.code == 70);  // those that need no file were asked, and hold
  CHECK(with_verdict(a.object(), "broken") == 0);
  CHECK(with_verdict(a.object(), "not asked") > 0);
  CHECK(with_verdict(a.object(), "holds") > 0);
  CHECK(a.says(" laws could not be measured: "));
}

TEST_CASE("could not: a folder with a long name is a folder, and one that has too long a name says so") {
  const scratch_dir dir;
  const std::string deep = dir.file(std::string(240, 'd'));
  std::filesystem::create_directories(deep);
  CHECK(copycost(of_files("audit"), {.temporary = deep}).code == 0);
  const answer a = copycost(of_files("audit"), {.temporary = dir.file(std::string(5000, 'd'))});
  CAPTURE(a.err);
  CHECK(a.code == 4);
  CHECK(a.says("File name too long"));
  CHECK_FALSE(a.says("Success"));
}

TEST_CASE("could not: a run of one design keeps its times, and says that ratios are missing") {
  const answer a = copycost({"run", "--system", "chunk", "--design", "slice", "--workload", "share", "--profile",
                             "smoke", "--launches", "1", "--no-copy"});
  CAPTURE(a.out, a.err);
  CHECK(a.code == 0);
  CHECK(a.out.find("not measured") == std::string::npos);
  CHECK(a.out.find("no ratio: `copy` was not timed at these parameters") != std::string::npos);
  CHECK(a.out.find(" times are without a ratio to `copy`.") != std::string::npos);
}

TEST_CASE("could not: every file of a result is of one run, and an audit of the one before is told") {
  const scratch_dir dir;
  const std::string to = dir.file("r");
  const words audit = small("audit", {"-o", to});
  REQUIRE(copycost(small_run({"-o", to})).code == 0);
  REQUIRE(copycost(audit).code == 0);
  const std::string id(read_json_file(to + "/verdicts.json")["run_id"].text());
  CHECK((id.size() == 16 && read_json_file(to + "/audit.json")["run_id"].text() == id));
  for (const std::string& line : split(read_file(to + "/samples.jsonl"), '\n'))
    CHECK(json::parse(line, "line")["run_id"].text() == id);
  const answer again = copycost(small_run({"-o", to}));
  CHECK(again.says("audit.json is of an earlier run"));
  CHECK(copycost({"compare", to, to}).says("/audit.json is of another run than the times beside it"));
  CHECK(read_json_file(to + "/verdicts.json")["selection"]["workload"].items().size() == 1);
}

TEST_CASE("could not: tables are at most 120 columns wide where there is no terminal") {
  for (const words& call :
       {small("audit"), small_run(), small("list"), words{"doctor"}, small("verify", {"--cases", "1"})}) {
    std::size_t widest = 0;
    for (const std::string& line : split(copycost(call).out, '\n')) widest = std::max(widest, line.size());
    CAPTURE(call[0]);
    CHECK(widest <= 120);
  }
}

}  // namespace
}  // namespace copycost::cli_test
