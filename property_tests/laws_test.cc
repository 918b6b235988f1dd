// SPDX-License-Identifier: Apache-2.0
//
// Every law, for every design that is registered. COPYCOST_CASES says how many cases a law runs (200), COPYCOST_SEED
// where they are drawn from (a new seed every time otherwise; a failure prints what runs its case again).
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "harness/core/registry.h"
#include "harness/judge/run_laws.h"
#include "property_tests/catch.h"

using namespace copycost;

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
// The library behind the absl_cord peer is not built with ThreadSanitizer, which does not see its atomics then.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() { return "race:absl::\n"; }
#endif
#endif

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing else runs yet
  return text != nullptr && *text != '\0' ? std::stoull(text) : fallback;
}

int cases() {
  static const int value = static_cast<int>(from_environment("COPYCOST_CASES", 200));
  return value;
}

std::uint64_t seed() {
  static const std::uint64_t value = [] {
    const std::uint64_t drawn = from_environment("COPYCOST_SEED", std::random_device()());
    std::cout << "COPYCOST_SEED=" << drawn << " COPYCOST_CASES=" << cases() << std::endl;
    return drawn;
  }();
  return value;
}

void ask(const law& one, const facade_entry& of) {
  INFO("to run this law with the same cases: COPYCOST_SEED=" << seed() << " COPYCOST_CASES=" << cases());
  INFO("law: " << of.system << '/' << of.design << '/' << one.name << ": " << one.about);
  const law_outcome out = run_law(one, of, seed(), cases());
  if (out.verdict == law_verdict::not_offered) return;
  INFO("replay: " << out.replay);
  INFO(out.counterexample);
  CHECK(to_string(out.verdict) == to_string(law_verdict::holds));
  CHECK(out.cases == cases_of(one, cases()));
}

}  // namespace

TEST_CASE("every law holds for every design") {
  REQUIRE(cases() > 0);
  for (const law_table& table : all_law_tables()) {
    REQUIRE_FALSE(table.laws().empty());
    for (const facade_entry& of : all_facades())
      if (of.system == table.system)
        for (const law& one : table.laws()) ask(one, of);
  }
}

TEST_CASE("every registered design has a facade, and every system has laws") {
  for (const system_entry& system : all_systems()) {
    bool has_laws = false;
    for (const law_table& table : all_law_tables()) has_laws = has_laws || table.system == system.name;
    CHECK(has_laws);
    for (const design_entry* design : system.designs) {
      INFO(system.name << '/' << design->name);
      bool has_facade = false;
      for (const facade_entry& of : all_facades())
        has_facade = has_facade || (of.system == system.name && of.design == design->name);
      CHECK(has_facade);
    }
  }
}

TEST_CASE("a law has a name of its own and says in one line what it means") {
  for (const law_table& table : all_law_tables()) {
    std::vector<std::string_view> names;
    for (const law& one : table.laws()) {
      INFO(one.name);
      CHECK(std::find(names.begin(), names.end(), one.name) == names.end());
      CHECK_FALSE(one.about.empty());
      CHECK(one.about.find('\n') == std::string_view::npos);
      names.push_back(one.name);
    }
  }
}
