// SPDX-License-Identifier: Apache-2.0
// Goal: where files were kept is said and judged: what lies in memory is never called durable. Method: the program with
// TMPDIR in memory and elsewhere.
#include <unistd.h>

#include "harness/base/storage.h"
#include "property_tests/catch.h"
#include "property_tests/harness/cli/program.h"

namespace copycost::cli_test {
namespace {

words durable(const words& more) {
  words all = {"run",      "--profile",          "quick",    "--system", "event_store", "--workload", "durable_append",
               "--filter", "sync:each/batch:1/", "--design", "slice",    "--launches",  "1"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

bool has_memory() {
  const bool has = storage_of("/dev/shm").is == standing::memory && access("/dev/shm", W_OK) == 0;
  if (!has) WARN("/dev/shm is not memory here: not tested");
  return has;
}

TEST_CASE("place: durable rows in memory are not measured, in run, machine.json, doctor and report") {
  if (!has_memory()) return;
  const scratch_dir dir;
  const answer a = copycost(durable({"-o", dir.file("r")}), {.temporary = "/dev/shm"});
  CAPTURE(a.out, a.err);
  const json verdicts = read_json_file(dir.file("r") + "/verdicts.json");
  REQUIRE_FALSE(verdicts["rows"].items().empty());
  for (const json& row : verdicts["rows"].items()) {
    CHECK(row["ns"].is_null());
    CHECK(row["verdict"].text() == "not measured");
    CHECK(std::string(row["why"].text()).find("/dev/shm is memory: tmpfs keeps files in memory") == 0);
    CHECK(row["place"]["is"].text() == "memory");
  }
  CHECK(read_json_file(dir.file("r") + "/machine.json")["temporary_is"].text() == "memory");
  CHECK(a.out.find("is memory") != std::string::npos);
  const answer doctor = copycost({"doctor", "--json"}, {.temporary = "/dev/shm"});
  CHECK(doctor.out.find(
            "/dev/shm is memory: tmpfs keeps files in memory; cells that keep files are not measured there") !=
        std::string::npos);
}

TEST_CASE("place: elsewhere a row says on what it was measured") {
  const scratch_dir dir;
  const answer a = copycost(durable({"-o", dir.file("r")}), {.temporary = dir.path()});
  CAPTURE(a.err);
  const storage here = storage_of(dir.path());
  const json verdicts = read_json_file(dir.file("r") + "/verdicts.json");
  for (const json& row : verdicts["rows"].items()) {
    CHECK(row["place"]["file_system"].text() == here.type);
    CHECK(row["place"]["device"].text() == here.device);
  }
  const json machine = read_json_file(dir.file("r") + "/machine.json");
  CHECK(machine["temporary_folder"].text() == dir.path());
  CHECK(machine["temporary_file_system"].text() == here.type);
}

TEST_CASE("place: a limit that cannot be measured says which it is, where, and why") {
  if (!has_memory()) return;
  const answer a = copycost({"limits", "--profile", "quick", "--json"}, {.temporary = "/dev/shm"});
  int found = 0;
  const json said = a.object();
  for (const json& row : said["rows"].items()) {
    const std::string name(row["limit"].text());
    if (name.find("_fdatasync") == std::string::npos) continue;
    ++found;
    CHECK(row["ns"].is_null());
    CHECK(std::string(row["error"].text()).find("limit " + name + ": /dev/shm is memory: ") == 0);
  }
  CHECK(found == 3);
}

}  // namespace
}  // namespace copycost::cli_test
