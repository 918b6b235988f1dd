// SPDX-License-Identifier: Apache-2.0
// What --input means to several systems, asked of the program itself.
#include <filesystem>
#include <set>
#include <string>

#include "property_tests/catch.h"
#include "property_tests/harness/cli/program.h"

namespace copycost::cli_test {
namespace {

const std::string kEvents =
    R"({"seq":0,"id":"a","entity":"f","kind":"added","time":1,"payload":"s | +1 -0"})"
    "\n"
    R"({"seq":1,"id":"b","entity":"g","kind":"renamed","from":"f","time":2,"payload":"s | +0 -0"})"
    "\n";

answer verify(const std::string& input, words more = {}) {
  words call = {"verify", "--design", "slice", "--json", "--input", input};
  call.insert(call.end(), more.begin(), more.end());
  return copycost(call);
}
json row_of(const answer& a, std::string_view system) {
  const json all = a.object();
  for (const json& row : all["rows"].items())
    if (row["system"].text() == system) return row;
  return {};
}

TEST_CASE("input: events are counted by the event store, and are bytes to chunk") {
  const scratch_dir dir;
  replace_file(dir.file("e"), kEvents);
  const answer a = verify(dir.file("e"));
  CHECK(a.code == 0);
  const json events = row_of(a, "event_store");
  CHECK(events["counts"]["events"].integer() == 2);
  CHECK(events["counts"]["entities"].integer() == 2);
  CHECK(events["counts"]["last_seq"].integer() == 1);
  CHECK(events["counts"]["live"].integer() == 1);
  // printf g | sha256sum
  CHECK(events["counts"]["live_sha256"].text() == "cd0aa9856147b6c5b4ff2b7dfee5da20aa38253099ef1b4a64aced233c9afe29");
  CHECK(row_of(a, "chunk")["counts"]["lines"].integer() == 2);
}

TEST_CASE("input: a system that cannot read it goes without, and says so; one that is named must read it") {
  const scratch_dir dir;
  replace_file(dir.file("t"), "some text\n");
  const answer all = verify(dir.file("t"));
  CHECK(all.code == 0);
  CHECK(all.says("event_store goes without the input: " + dir.file("t") + ":1: not JSON"));
  CHECK(row_of(all, "event_store")["verdict"].text() == "not offered");
  CHECK(row_of(all, "chunk")["verdict"].text() == "holds");
  const answer named = verify(dir.file("t"), {"--system", "event_store"});
  CHECK(named.code == 2);
  CHECK(named.says(dir.file("t") + ":1: not JSON: expected an event as one JSON object on one line"));
  CHECK(verify("event_store=" + dir.file("t")).code == 2);
}

TEST_CASE("input: each system has its own, and a misspelt one is an error") {
  const scratch_dir dir;
  replace_file(dir.file("t"), "some text\n");
  replace_file(dir.file("e"), kEvents);
  const answer both = verify("event_store=" + dir.file("e"), {"--input", "chunk=" + dir.file("t")});
  CHECK(both.code == 0);
  CHECK(row_of(both, "event_store")["counts"]["events"].integer() == 2);
  CHECK(row_of(both, "chunk")["counts"]["lines"].integer() == 1);
  const answer wrong = verify("event_stor=" + dir.file("e"));
  CHECK(wrong.code == 2);
  CHECK(wrong.says("no system 'event_stor'"));
}

TEST_CASE("input: a directory that nobody reads, a damaged event, a cut archive") {
  const scratch_dir dir;
  std::filesystem::create_directory(dir.file("d"));
  const answer directory = verify(dir.file("d"), {"--system", "chunk"});
  CHECK(directory.code == 2);
  CHECK(directory.says(dir.file("d") + ": a directory, expected a file"));
  CHECK(verify(dir.file("d")).code == 2);
  replace_file(dir.file("e"), kEvents + "{\"seq\":2}\n");
  const answer damaged = verify(dir.file("e"), {"--system", "event_store"});
  CHECK(damaged.code == 2);
  CHECK(damaged.says(dir.file("e") + ":3: no key 'kind', expected seq, id, entity, kind, time and payload"));
  CHECK(damaged.out.empty());
  replace_file(dir.file("z"), "\x28\xb5\x2f\xfd");
  CHECK(verify(dir.file("z"), {"--system", "event_store"}).code == 2);
}

TEST_CASE("input: run and list take what fits, and refuse what does not") {
  const scratch_dir dir;
  replace_file(dir.file("t"), "some text\n");
  CHECK(copycost({"list", "--profile", "smoke", "--system", "event_store", "--input", dir.file("t")}).code == 2);
  CHECK(copycost({"audit", "--profile", "smoke", "--workload", "lines", "--design", "slice", "--input", dir.path()})
            .code == 2);
}

}  // namespace
}  // namespace copycost::cli_test
