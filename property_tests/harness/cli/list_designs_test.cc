// SPDX-License-Identifier: Apache-2.0
// Goal: list --designs says of each design what it is, in the words of its contract, and of no other design.
#include "property_tests/catch.h"
#include "property_tests/harness/cli/program.h"

namespace copycost::cli_test {
namespace {

TEST_CASE("list --designs: each selected design once, with its traits in words") {
  const answer a = copycost({"list", "--designs", "--system", "raft", "--design", "published,shm", "--json"});
  REQUIRE(a.code == 0);
  const json doc = a.object();
  REQUIRE(doc["rows"].items().size() == 2);
  const json& shm = doc["rows"].items()[0];
  const json& published = doc["rows"].items()[1];
  CHECK(shm["design"].text() == "shm");
  CHECK(shm["owns"].text() == "counted");
  const auto has = [](const json& row, std::string_view word) {
    for (const json& one : row["traits"].items())
      if (one.text() == word) return true;
    return false;
  };
  CHECK(has(shm, "zero copy"));
  CHECK(has(shm, "links between processes"));
  CHECK(has(shm, "native"));
  CHECK_FALSE(has(shm, "trusts lengths"));
  CHECK(published["design"].text() == "published");
  CHECK(has(published, "trusts lengths"));
  CHECK(has(published, "compat"));
  CHECK_FALSE(has(published, "native"));
  CHECK_FALSE(has(published, "zero copy"));
}

}  // namespace
}  // namespace copycost::cli_test
