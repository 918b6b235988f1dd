// SPDX-License-Identifier: Apache-2.0
// Goal: a cell has one name, and the name leads back to it. Method: the toys' table.
#include "harness/core/registry.h"

#include <set>

#include "property_tests/catch.h"

namespace copycost {
namespace {

TEST_CASE("registry: every cell of every profile is found again by its name") {
  std::set<std::string> names;
  for (const profile p : {profile::smoke, profile::quick, profile::full, profile::soak})
    for (const cell& c : cells_of(p)) {
      const auto found = find_cell(c.name());
      REQUIRE(found);
      CHECK((found->system == c.system && found->design == c.design && found->workload == c.workload &&
             found->at == c.at));
      names.insert(c.name());
    }
  CHECK(names.size() == all_systems()[0].designs[0]->workloads.size());
}

TEST_CASE("registry: parameters in a name are kept, also those of no profile") {
  const auto found = find_cell("toy/adders/design:plain/size:4096/mode:cold");
  REQUIRE(found);
  CHECK(found->at.number("size") == 4096);
  CHECK(found->at.text("mode") == "cold");
  CHECK(found->name() == "toy/adders/design:plain/size:4096/mode:cold");
  CHECK(found->group() == "toy/adders/size:4096/mode:cold");
}

TEST_CASE("registry: what is no cell's name is nothing") {
  for (const char* name : {"", "/", "toy", "toy/adders", "toy/adders/plain", "toy/adders/design:", "toy//design:plain",
                           "toy/adders/design:other", "other/adders/design:plain", "toy/other/design:plain"}) {
    CAPTURE(name);
    CHECK_FALSE(find_cell(name));
  }
}

TEST_CASE("registry: systems and designs are found by name") {
  const system_entry* toy = find_system("toy");
  REQUIRE(toy != nullptr);
  CHECK(find_design(*toy, "plain") == toy->designs[0]);
  CHECK(find_design(*toy, "copy") == nullptr);
  CHECK(find_system("chunk") == nullptr);
}

TEST_CASE("registry: classes and profiles have the names that the report uses") {
  CHECK(to_string(workload_class::ingest) == "ingest");
  CHECK(to_string(workload_class::read_many) == "read_many");
  CHECK(to_string(workload_class::recover) == "recover");
  CHECK(to_string(profile::smoke) == "smoke");
  CHECK(to_string(profile::soak) == "soak");
}

}  // namespace
}  // namespace copycost
