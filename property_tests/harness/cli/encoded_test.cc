// SPDX-License-Identifier: Apache-2.0
// Goal: a file of encoded chunks is read by every design, and a damaged one is one clear line with the position.
// Method: the example of scenarios/chunk/README.md, whole, doubled, cut off at every byte and with every byte changed.
#include <algorithm>

#include "property_tests/catch.h"
#include "property_tests/harness/cli/program.h"

namespace copycost::cli_test {
namespace {

const std::string kChunk(
    "\xCC\x01\x01\x03\x00\x00\x00log\x00\x10\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00hi\xAD\x1D\x56\xCB", 28);

answer verify(const scratch_dir& dir, const std::string& bytes) {
  const std::string path = dir.file("chunks");
  replace_file(path, bytes);
  return copycost({"verify", "--system", "chunk", "--encoded", path, "--json"});
}

TEST_CASE("encoded: every design reads chunks one behind the other, and all agree") {
  const scratch_dir dir;
  const answer a = verify(dir, kChunk + kChunk);
  CAPTURE(a.err);
  REQUIRE(a.code == 0);
  const json doc = a.object();
  CHECK(doc["rows"].items().size() >= 4);
  for (const json& row : doc["rows"].items()) {
    CHECK(row["verdict"].text() == "holds");
    CHECK(row["counts"]["chunks"].integer() == 2);
    CHECK(row["counts"]["bytes"].integer() == 4);
    CHECK(row["digest"].text() == doc["rows"].items()[0]["digest"].text());
  }
}

TEST_CASE("encoded: a damaged file is exit code 2 and one line with file and place") {
  const scratch_dir dir;
  std::string changed = kChunk;
  changed[23] = 'o';
  struct {
    std::string bytes, says;
  } const damaged[] = {{"", "chunk at byte 0: truncated_input"},
                       {kChunk.substr(0, 27), "chunk at byte 0: truncated_input"},
                       {kChunk + kChunk.substr(0, 5), "chunk at byte 28: truncated_input"},
                       {changed, "bad_checksum"},
                       {"text", "bad_magic"}};
  for (const auto& d : damaged) {
    const answer a = verify(dir, d.bytes);
    CAPTURE(a.err, d.says);
    CHECK(a.code == 2);
    CHECK(a.out.empty());
    CHECK(a.err.find(dir.file("chunks")) != std::string::npos);
    CHECK(a.err.find(d.says) != std::string::npos);
    CHECK(std::count(a.err.begin(), a.err.end(), '\n') == 1);
  }
}

}  // namespace
}  // namespace copycost::cli_test
