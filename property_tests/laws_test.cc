// SPDX-License-Identifier: Apache-2.0
//
// Every law, for every design that is registered. COPYCOST_CASES says how many cases a law runs (200), COPYCOST_SEED
// where they are drawn from (a new seed every time otherwise; a failure prints what runs its case again).
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "harness/base/sanitizer.h"
#include "harness/core/registry.h"
#include "harness/judge/run_laws.h"
#include "property_tests/catch.h"

using namespace copycost;

#if COPYCOST_THREAD_SANITIZER
// The libraries behind the peers absl_cord and zeromq are not built with ThreadSanitizer, which does not see their
// atomics then: the last owner frees bytes that others have read.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() { return "race:absl::\nrace:libzmq.so\n"; }
#endif

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing else runs yet
  return text != nullptr && *text != '\0' ? std::stoull(text) : fallback;
}

constexpr int kUsualCases = 200;
constexpr unsigned kRaceCases = 2;  // of a law and a seed
int cases() {
  static const int value = static_cast<int>(from_environment("COPYCOST_CASES", kUsualCases));
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

// What all designs' cases of each law were, of the laws that were asked.
using drawn_by_law = std::map<std::string_view, drawn_counts>;

void ask(const law& one, const facade_entry& of, drawn_by_law& seen) {
  INFO("to run this law with the same cases: COPYCOST_SEED=" << seed() << " COPYCOST_CASES=" << cases());
  INFO("law: " << of.system << '/' << of.design << '/' << one.name << ": " << one.about);
  const law_outcome out = run_law(one, of, seed(), cases());
  if (out.verdict == law_verdict::not_offered) return;
  INFO("replay: " << out.replay);
  INFO(out.counterexample);
  CHECK(to_string(out.verdict) == to_string(law_verdict::holds));
  CHECK(out.cases == cases_of(one, cases()));
  for (const auto& [name, count] : out.drawn) seen[one.name][name] += count;
  seen[one.name];  // asked, whatever it drew
}

// A class that is listed and never drawn is a hole in a generator; one that is drawn and not listed is in no table.
void check_drawn(const law& one, const drawn_counts& seen) {
  INFO("law " << one.name << ", over all designs");
  for (const std::string_view wanted : one.draws) {
    INFO("drawn: " << wanted);
    CHECK(seen.contains(wanted));
  }
  for (const auto& [name, count] : seen) {
    INFO("listed in law::draws: " << name << " (" << count << " cases)");
    CHECK(std::ranges::find(one.draws, name) != one.draws.end());
  }
}

}  // namespace

TEST_CASE("every law holds for every design") {
  REQUIRE(cases() > 0);
  for (const law_table& table : all_law_tables()) {
    REQUIRE_FALSE(table.laws().empty());
    drawn_by_law seen;
    for (const facade_entry& of : all_facades())
      if (of.system == table.system)
        for (const law& one : table.laws()) ask(one, of, seen);
    if (cases() < kUsualCases) continue;  // too few to say what is never drawn
    for (const law& one : table.laws())
      if (seen.contains(one.name)) check_drawn(one, seen[one.name]);
  }
}

// Asked by ci/races of a build with ThreadSanitizer: hidden, because it takes COPYCOST_SEEDS times as long.
TEST_CASE("laws in which threads meet hold with every seed", "[.races]") {
  std::uint64_t asked = 0;
  for (std::uint64_t s = seed(), end = seed() + from_environment("COPYCOST_SEEDS", 1); s < end; ++s)
    for (const law_table& table : all_law_tables())
      for (const facade_entry& of : all_facades())
        for (const law& one : table.laws()) {
          if (of.system != table.system || !one.threads) continue;
          const law_outcome out = run_law(one, of, s, static_cast<int>(kRaceCases * one.cost));
          INFO("seed " << s << ", law " << of.system << '/' << of.design << '/' << one.name);
          INFO("replay: " << out.replay);
          INFO(out.counterexample);
          CHECK((out.verdict == law_verdict::holds || out.verdict == law_verdict::not_offered));
          ++asked;
        }
  std::cout << asked << " laws in which threads meet, cases of " << kRaceCases << " each" << std::endl;
  CHECK(asked > 0);
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
