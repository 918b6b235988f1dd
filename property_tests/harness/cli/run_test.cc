// SPDX-License-Identifier: Apache-2.0
// Goal: a run leaves a whole result, an interrupted one what it finished, and neither damages an older one. Method: the
// program; signals sent when its launches are seen to come and go.
#include <algorithm>
#include <filesystem>
#include <set>

#include "property_tests/catch.h"
#include "property_tests/harness/cli/program.h"

namespace copycost::cli_test {
namespace {

json verdicts(const std::string& dir) { return read_json_file(dir + "/verdicts.json"); }

// Interrupts when that many launches have begun: a launch has a directory of its own under TMPDIR, and the first is
// the calibration.
std::function<void(pid_t)> interrupt_after(std::size_t begun, const std::string& temporary) {
  return [=](pid_t pid) {
    std::set<std::string> seen;
    for (int i = 0; i < 60'000 && seen.size() < begun; ++i) {
      std::error_code error;
      for (const auto& entry : std::filesystem::directory_iterator(temporary, error))
        seen.insert(entry.path().filename());
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    kill(pid, SIGINT);
  };
}

TEST_CASE("run: a finished run is complete, and every time stands beside a limit") {
  const scratch_dir dir;
  const answer a = copycost(small_run({"-o", dir.file("r"), "--seed", "7"}));
  CAPTURE(a.err);
  REQUIRE(a.code == 0);
  const json v = verdicts(dir.file("r"));
  CHECK((v["complete"].boolean() && v["launches"].integer() == 1 && v["seed"].integer() == 7 &&
         v["profile"].text() == "smoke"));
  CHECK(v["rows"].items().size() >= 4);
  for (const json& row : v["rows"].items()) {
    CAPTURE(row.dump());
    CHECK(row["ns"].number() > 0);
    CHECK((row["limit"]["ns"].number() > 0 && row["limit"]["times"].number() > 0));
  }
  CHECK_FALSE(v["limits"].items().empty());
  CHECK(dir.names() == words{"r"});
}

TEST_CASE("run: the same seed gives the same order of cells") {
  const scratch_dir dir;
  const auto order = [&](const char* name, const char* seed) {
    CHECK(copycost(small_run({"-o", dir.file(name), "--seed", seed})).code == 0);
    words out;
    for (const std::string& line : split(read_file(dir.file(name) + "/samples.jsonl"), '\n')) {
      const json row = json::parse(line, "line");
      out.push_back(std::string(row["cell"].text()) + std::string(row["limit"].text()) + row["size"].dump());
    }
    return out;
  };
  const words one = order("a", "11");
  CHECK(one == order("b", "11"));
  CHECK(one != order("c", "12"));
}

TEST_CASE("run: every launch begins with its circumstances, which the seed draws, whatever is run") {
  const scratch_dir dir;
  const auto met = [&](const char* name, const char* seed, words more) {
    words call = small_run({"-o", dir.file(name), "--seed", seed});
    call.insert(call.end(), more.begin(), more.end());
    CHECK(copycost(call).code == 0);
    words out, begun;
    for (const std::string& line : split(read_file(dir.file(name) + "/samples.jsonl"), '\n')) {
      const json row = json::parse(line, "line");
      const std::string launch = row["launch"].dump() + std::string(row["allocator"].text());
      const bool first = std::find(begun.begin(), begun.end(), launch) == begun.end();
      CHECK(row.has("circumstances") == first);
      if (first) {
        begun.push_back(launch);
        out.push_back(launch + row["circumstances"].dump());
      }
    }
    return out;
  };
  const words all = met("a", "11", {}), one = met("b", "11", {"--workload", "share"});
  REQUIRE_FALSE(all.empty());
  CHECK(all == one);
  CHECK(all != met("c", "12", {}));
}

TEST_CASE("run: a launch that is replayed has the order and the circumstances that it had") {
  const scratch_dir dir;
  const auto second = [&](const char* name, words call, std::int64_t launch) {
    call.insert(call.end(), {"-o", dir.file(name), "--seed", "21"});
    CHECK(copycost(call).code == 0);
    words out;
    for (const std::string& line : split(read_file(dir.file(name) + "/samples.jsonl"), '\n')) {
      const json row = json::parse(line, "line");
      if (row["launch"].integer() != launch) continue;
      out.push_back(row["circumstances"].dump() + std::string(row["cell"].text()) + std::string(row["limit"].text()) +
                    row["size"].dump());
    }
    return out;
  };
  words whole = small_run(), replayed(whole.begin(), whole.end() - 2);  // without --launches 1
  whole.back() = "2";
  replayed.insert(replayed.end(), {"--replay-launch", "1"});
  const words had = second("whole", whole, 1);
  CHECK(had.size() > 10);
  CHECK(second("replayed", replayed, 0) == had);
}

TEST_CASE("run: an interrupt keeps the finished launches, and says that there are more to come") {
  const scratch_dir dir, temporary;
  const words call = small_run({"-o", dir.file("r")});
  words many = call;
  many[8] = "500";
  // The calibration, the first launch on two allocators, the second on the first: then one launch is whole.
  const answer a = copycost(many, {.temporary = temporary.path(), .meanwhile = interrupt_after(5, temporary.path())});
  CAPTURE(a.err);
  CHECK(a.code == 130);
  CHECK(a.says("interrupted"));
  const json v = verdicts(dir.file("r"));
  CHECK_FALSE(v["complete"].boolean());
  CHECK((v["launches"].integer() >= 1 && v["launches"].integer() < 500));
  CHECK(v["why"].text() == "interrupted");
  CHECK_FALSE(v["ok"].boolean());
  const auto lines = split(read_file(dir.file("r") + "/samples.jsonl"), '\n');
  REQUIRE_FALSE(lines.empty());
  for (const std::string& line : lines) CHECK(json::parse(line, "line")["launch"].integer() < v["launches"].integer());
  CHECK(temporary.names().empty());  // launches tidied up
}

TEST_CASE("run: an interrupted run does not replace a complete result") {
  const scratch_dir dir, temporary;
  const words call = small_run({"-o", dir.file("r")});
  REQUIRE(copycost(call).code == 0);
  const std::string before = read_file(dir.file("r") + "/verdicts.json");
  words many = call;
  many[8] = "500";
  const answer a = copycost(many, {.temporary = temporary.path(), .meanwhile = interrupt_after(5, temporary.path())});
  CHECK(a.code == 130);
  CHECK(read_file(dir.file("r") + "/verdicts.json") == before);
  CHECK_FALSE(verdicts(dir.file("r.incomplete"))["complete"].boolean());
}

TEST_CASE("run: an interrupt before the first launch is done leaves nothing") {
  const scratch_dir dir, temporary;
  const answer a = copycost(small_run({"-o", dir.file("r")}),
                            {.temporary = temporary.path(), .meanwhile = interrupt_after(1, temporary.path())});
  CAPTURE(a.err);
  CHECK(a.code == 130);
  CHECK_FALSE(std::filesystem::exists(dir.file("r") + "/verdicts.json"));
  CHECK(a.out.empty());
}

TEST_CASE("run: on a full disk the exit code says so, and the old results stay whole") {
  const scratch_dir dir;
  const words call = small_run({"-o", dir.file("r")});
  REQUIRE(copycost(call).code == 0);
  std::vector<std::string> before;
  const char* names[] = {"/machine.json", "/samples.jsonl", "/results.json", "/verdicts.json"};
  for (const char* name : names) before.push_back(read_file(dir.file("r") + name));
  words more = call;
  more[8] = "20";
  // The segments that a stage needs fit, and one launch's file; the samples of all launches do not.
  constexpr rlim_t kRoom = 100'000;
  REQUIRE(20 * before[1].size() > kRoom);
  const answer a = copycost(more, {.file_bytes = kRoom});
  CAPTURE(a.err);
  CHECK(a.code == 70);
  CHECK(a.says("cannot write: File too large"));
  for (std::size_t i = 0; i < before.size(); ++i) {
    const bool intact = read_file(dir.file("r") + names[i]) == before[i];
    CAPTURE(names[i]);
    CHECK(intact);
  }
  CHECK(std::distance(std::filesystem::directory_iterator(dir.file("r")), std::filesystem::directory_iterator()) == 4);
}

TEST_CASE("run: a directory that cannot be written is found before anything is measured") {
  const scratch_dir dir;
  replace_file(dir.file("file"), "x");
  const answer a = copycost(small_run({"-o", dir.file("file")}));
  CHECK(a.code == 70);
  CHECK(a.says("copycost: " + dir.file("file") + ": "));
  CHECK(read_file(dir.file("file")) == "x");
}

TEST_CASE("run: its result opens in compare, against itself without a difference") {
  const scratch_dir dir;
  REQUIRE(copycost(small_run({"-o", dir.file("r")})).code == 0);
  const answer a = copycost({"compare", dir.file("r"), dir.file("r"), "--json"});
  CHECK(a.code == 0);
  const json object = a.object();
  for (const json& row : object["rows"].items()) {
    CHECK(row["ratio"].number() == 1);
    CHECK((row["low"].number() <= 1 && row["high"].number() >= 1));
    CHECK(row["verdict"].text() == "not separated");
  }
}

}  // namespace
}  // namespace copycost::cli_test
