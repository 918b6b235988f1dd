// SPDX-License-Identifier: Apache-2.0
// Goal: a design cannot leave out the workload that would show it. Method: the registry against what each system
// allows.
#include <algorithm>
#include <set>
#include <string>

#include "harness/core/registry.h"
#include "property_tests/catch.h"

namespace copycost {
namespace {

TEST_CASE("ceilings: a design offers every workload of its system but those that the system says it may lack") {
  for (const system_entry& s : all_systems()) {
    std::set<std::string_view> all;
    for (const design_entry* d : s.designs)
      for (const workload_entry& w : d->workloads) all.insert(w.traits.name);
    for (const std::string_view lacked : s.ceilings.may_lack) {
      INFO(s.name << "/" << lacked);
      CHECK(all.contains(lacked));
    }
    for (const design_entry* d : s.designs)
      for (const std::string_view name : all) {
        INFO(s.name << "/" << d->name << "/" << name);
        const bool offered = std::ranges::any_of(d->workloads, [&](const auto& w) { return w.traits.name == name; });
        const bool may = std::ranges::find(s.ceilings.may_lack, name) != s.ceilings.may_lack.end();
        CHECK((offered || may));
      }
  }
}

TEST_CASE("ceilings: what a handle holds lies below what the system allows") {
  for (const system_entry& s : all_systems())
    for (const design_entry* d : s.designs) {
      INFO(s.name << "/" << d->name);
      CHECK(d->handle_payload_bytes <= s.ceilings.handle_payload_bytes);
    }
}

}  // namespace
}  // namespace copycost
