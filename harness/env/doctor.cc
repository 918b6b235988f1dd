// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "harness/env/cgroup.h"
#include "harness/env/env.h"
#include "harness/env/parse.h"
#include "harness/env/rules.h"

namespace copycost::env {

std::vector<check> doctor(const file_reader& files) {
  constexpr std::chrono::milliseconds kWatchClock{5};
  symptoms found;
  found.machine = inspect(files);
  found.steal_share = parse_steal_share(files("/proc/stat").value_or(""));
  found.cgroup_memory_bytes = cgroup_memory_bytes(files);
  found.perf_counters = perf_counters();
  found.perf_paranoid = or_unknown(read_line(files, "/proc/sys/kernel/perf_event_paranoid"));
  found.disk = space_here();
  found.clock = watch_clock(kWatchClock);
  return judge(found);
}

std::vector<check> doctor() { return doctor(read_file); }

}  // namespace copycost::env
