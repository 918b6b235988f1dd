// SPDX-License-Identifier: Apache-2.0
// What breaks a REQUIRES ends the program with one line that names the place; no NaN wanders into a verdict.
#include <algorithm>
#include <csignal>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "harness/clock/histogram.h"
#include "harness/stats/binomial.h"
#include "harness/stats/crossover.h"
#include "harness/stats/interval.h"
#include "harness/stats/multiple.h"
#include "harness/stats/noise.h"
#include "harness/stats/paired.h"
#include "harness/stats/power.h"
#include "harness/stats/summary.h"
#include "property_tests/catch.h"
#include "property_tests/child.h"

using namespace copycost::stats;

namespace {
// What a child that does this writes to stderr; empty unless it ends by abort.
std::string last_words(const std::function<void()>& act) {
  const copycost::test::last_words w = copycost::test::words_of_child(act);
  return w.end == 1000 + SIGABRT ? w.said : "";
}

const std::vector<double> kEmpty, kOne = {1}, kTwo = {1, 2}, kNan = {1, std::numeric_limits<double>::quiet_NaN()};
}  // namespace

TEST_CASE("a broken precondition ends the program with one line", "[stats]") {
  struct breach {
    const char* place;
    std::function<void()> act;
  };
  const std::vector<breach> breaches = {
      {"summary.cc", [] { median(kEmpty); }},
      {"summary.cc", [] { median(kNan); }},
      {"summary.cc", [] { quantile(kTwo, 1.5); }},
      {"summary.cc",
       [] {
         geometric_mean(std::vector<double>{1, 0});
       }},
      {"interval.cc", [] { median_interval(kEmpty); }},
      {"binomial.cc", [] { median_interval(kTwo, 1); }},
      {"interval.cc", [] { values_to_reach(1); }},
      {"paired.cc", [] { paired_ratio(kOne, kTwo); }},
      {"paired.cc", [] { paired_ratio(kOne, kOne, 95); }},
      {"multiple.cc", [] { holm_adjust(kNan); }},
      {"multiple.cc", [] { sign_test_p(kNan); }},
      {"multiple.cc", [] { bonferroni_level(0.95, 0); }},
      {"power.cc", [] { detection_power(8, -1, 2); }},
      {"power.cc", [] { pairs_needed(0.1, 0); }},
      {"noise.cc", [] { aa_noise_floor({}, 0); }},
      {"crossover.cc",
       [] {
         find_crossover(std::vector<size_point>{{2, kOne, kOne}, {1, kOne, kOne}});
       }},
      {"crossover.cc",
       [] {
         find_crossover(std::vector<size_point>{{1, kOne, kOne}, {2, kTwo, kTwo}});
       }},
      {"crossover.cc",
       [] {
         find_crossover(std::vector<size_point>{{0, kOne, kOne}});
       }},
      {"histogram.cc", [] { copycost::latency_histogram().percentile_ns(101); }},
  };
  for (const auto& [place, act] : breaches) {
    const std::string said = last_words(act);
    INFO(place << ": " << said);
    CHECK(said.find(place) != std::string::npos);
    CHECK(said.find("precondition") != std::string::npos);
    CHECK(std::count(said.begin(), said.end(), '\n') == 1);
  }
}
