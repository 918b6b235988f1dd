// SPDX-License-Identifier: Apache-2.0
#include "harness/env/rules.h"

#include "harness/env/rule.h"

namespace copycost::env {

std::vector<check> judge(const symptoms& found) {
  constexpr rule::rule* kRules[] = {
      rule::governor,
      rule::turbo,
      rule::smt,
      rule::aslr,
      rule::thp,
      rule::numa,
      rule::virtual_machine,
      rule::cores,
      rule::cgroup_quota,
      rule::load,
      rule::steal_time,
      rule::perf_counters,
      rule::build_type,
      rule::sanitizer,
      rule::disk_space_left,
      rule::memory_left,
      rule::clock_source,
      rule::clock_steadiness,
      rule::environment,
      rule::settings,
      rule::priority,
      rule::resource_limits,
      rule::preload,
      rule::durable_place,
  };
  std::vector<check> checks;
  for (rule::rule* one : kRules) checks.push_back(one(found));
  return checks;
}

}  // namespace copycost::env
