// SPDX-License-Identifier: Apache-2.0
//
// Workloads over more operations than they have different payloads: the oracle must know what repeats.
#include <string>

#include "harness/judge/equality.h"
#include "property_tests/catch.h"

namespace copycost::event_store {
namespace {

// For every design that has the workload.
void check(const std::string& workload, const std::string& at, std::uint64_t n) {
  unsigned asked = 0;
  for (const design_entry* d : find_system("event_store")->designs) {
    const auto what = find_cell("event_store/" + workload + "/design:" + std::string(d->name) + "/" + at);
    if (!what) continue;
    INFO(what->name());
    CHECK(compare_with_oracle(*what, n).why == "");
    ++asked;
  }
  CHECK(asked > 0);
}

TEST_CASE("event_store mix: the oracle knows that payloads repeat after 1,024 appends") {
  check("mix", "reads:1/writes:10", 1100);
  check("mix", "reads:1/writes:10", 3000);
}

TEST_CASE("event_store follow: the oracle knows that payloads repeat after 1,024 appends") {
  check("follow", "batch:16", 3000);
}

TEST_CASE("event_store hold: the oracle knows that payloads repeat after 16,384 appends") {
  check("hold", "appends:500/held:0", 20'000);
  check("hold", "appends:500/held:1", 20'000);
}

}  // namespace
}  // namespace copycost::event_store
