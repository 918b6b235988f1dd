// SPDX-License-Identifier: Apache-2.0
//
// The rules of the doctor: what was found out, and what each finding means for a measurement.
// Internal to harness/env. Pure functions of the symptoms. Lifetime: results own their text. Thread-safe.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/env/env.h"
#include "harness/env/host.h"

namespace copycost::env {

struct symptoms {
  machine_info machine;
  std::optional<double> steal_share;
  std::optional<std::uint64_t> cgroup_memory_bytes;
  std::string perf_counters;
  std::string perf_paranoid;
  disk_space disk;
  clock_behaviour clock;
};

// One check for each rule, always in the same order.
std::vector<check> judge(const symptoms& found);

}  // namespace copycost::env
