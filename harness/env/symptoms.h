// SPDX-License-Identifier: Apache-2.0
//
// Internal to harness/env: what was found out about the machine and the process, for the rules of the doctor.
//
// Threads: a value.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

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

}  // namespace copycost::env
