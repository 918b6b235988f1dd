// SPDX-License-Identifier: Apache-2.0
//
// What this process gets of the machine now, how it was built, and its clock.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/env/rule.h"

namespace copycost::env::rule {
namespace {

// From here on the 1-minute load means that some other program runs now and then, or all the time.
constexpr double kLoadNoticeable = 0.25;
// A host that takes the first share shifts medians; one that takes the second leaves little that can be told apart.
constexpr double kStealNoticeable = 0.01, kStealTooMuch = 0.10;
// A batch of the clock takes tens of microseconds: readings may cost this much before they show.
constexpr std::int64_t kClockReadSlowNs = 200, kClockStepCoarseNs = 1000, kClockGapLongNs = 1'000'000;
constexpr std::uint64_t kMiB = 1024 * 1024, kGiB = 1024 * kMiB;

}  // namespace

check cgroup_quota(const symptoms& s) {
  const auto& cpus = s.machine.cgroup_cpus;
  const unsigned usable = std::max(1u, s.machine.cores_usable);
  if (!cpus)
    return warn("cgroup_quota", "unknown: this process may be stopped when its quota is spent",
                "look at systemd-cgtop, or at the limits of the container");
  if (std::isinf(*cpus)) return ok("cgroup_quota", "unlimited");
  const std::string found = fmt::format("{:g} of {} processors", *cpus, usable);
  if (*cpus >= usable) return ok("cgroup_quota", found);
  return bad("cgroup_quota", found + ": the kernel stops this process for the rest of each period",
             "raise the quota to the number of processors, or use a cpuset instead");
}

check load(const symptoms& s) {
  const auto& averages = s.machine.load_average;
  if (!averages) return warn("load", "unknown: other programs may run", "look at top");
  const double now = averages->front();
  const std::string found = fmt::format("{:.2f} over the last minute", now);
  if (now < kLoadNoticeable) return ok("load", found);
  const std::string remedy = "stop what else is running, and wait a minute";
  if (s.machine.cores_online > 0 && now >= s.machine.cores_online) {
    return bad("load", found + ": no processor was idle", remedy);
  }
  return warn("load", found + ": something else is running, or was a moment ago", remedy);
}

check steal_time(const symptoms& s) {
  if (!s.steal_share)
    return warn("steal_time", "unknown: a host may take time from this machine", "look at the st column of vmstat 1");
  const std::string found = fmt::format("{:.2f} % of the busy time since the start", 100 * *s.steal_share);
  if (*s.steal_share < kStealNoticeable) return ok("steal_time", found);
  const std::string effect = found + " went to other guests of the host";
  const std::string remedy = "use a machine with dedicated processors, or more launches";
  return *s.steal_share < kStealTooMuch ? warn("steal_time", effect, remedy) : bad("steal_time", effect, remedy);
}

// Counters explain a time, they are not part of it: their absence is never worse than a warning.
check perf_counters(const symptoms& s) {
  if (s.perf_counters == "available") return ok("perf_counters", s.perf_counters);
  const std::string effect = s.perf_counters + " (perf_event_paranoid " + s.perf_paranoid +
                             "): nothing here needs them, but perf cannot explain a result";
  const bool refused = s.perf_counters == "not permitted";
  return warn("perf_counters", effect,
              refused ? "sudo sysctl kernel.perf_event_paranoid=1" : "use a machine that shows its counters");
}

check build_type(const symptoms& s) {
  const std::string found = s.machine.build_type + ", " + s.machine.compiler_flags;
  if (s.machine.optimised) return ok("build_type", found);
  return bad("build_type", found + ": not optimised, so times are the compiler's and not the design's",
             "cmake --preset release");
}

check sanitizer(const symptoms& s) {
  if (s.machine.sanitizer == "none") return ok("sanitizer", "none");
  return bad("sanitizer", s.machine.sanitizer + ": every access is checked, and the allocator is the sanitizer's",
             "cmake --preset release");
}

check disk_space_left(const symptoms& s) {
  if (!s.disk.free_bytes) return warn("disk_space", "unknown in " + s.disk.directory, "look at df .");
  const std::string found = fmt::format("{} MiB free in {}", *s.disk.free_bytes / kMiB, s.disk.directory);
  if (*s.disk.free_bytes >= kGiB) return ok("disk_space", found);
  const std::string remedy = "free some space, or run in another directory";
  if (*s.disk.free_bytes >= 128 * kMiB) return warn("disk_space", found + ": durable cells may not fit", remedy);
  return bad("disk_space", found + ": results may not be written", remedy);
}

check memory_left(const symptoms& s) {
  const std::uint64_t available = s.machine.memory_available_bytes;
  if (available == 0) return warn("memory", "unknown", "look at free -m");
  const std::uint64_t usable = std::min(available, s.cgroup_memory_bytes.value_or(available));
  const std::string found = fmt::format("{} MiB available", usable / kMiB);
  if (usable >= 2 * kGiB) return ok("memory", found);
  const std::string remedy = "stop what else is running, or raise the memory limit";
  if (usable >= kGiB / 2) return warn("memory", found + ": retention and fan-out cells may not fit", remedy);
  return bad("memory", found + ": the kernel may swap, or end the run", remedy);
}

check clock_source(const symptoms& s) {
  const std::string& found = s.machine.clock_source;
  for (const char* steady : {"tsc", "arch_sys_counter", "kvm-clock", "hyperv_clocksource_tsc_page"}) {
    if (found == steady) return ok("clock_source", found);
  }
  if (is_unknown(found))
    return warn("clock_source", "unknown: a reading may be a system call", "look at dmesg for the clock source");
  return warn("clock_source", found + ": a reading may be a system call, or go through the host",
              "boot with clocksource=tsc if the processor's counter is invariant");
}

check clock_steadiness(const symptoms& s) {
  const clock_behaviour& clock = s.clock;
  const std::string found =
      fmt::format("{} ns a reading, steps of {} ns, longest gap {} ns", clock.read_ns, clock.step_ns, clock.gap_ns_max);
  if (clock.backwards > 0) {
    return bad("clock_steadiness", fmt::format("{}; {} readings went backwards", found, clock.backwards),
               "choose another clock source");
  }
  if (clock.step_ns == 0 || clock.step_ns > kClockStepCoarseNs) {
    return bad("clock_steadiness", found + ": too coarse for what is measured here", "choose another clock source");
  }
  if (clock.read_ns > kClockReadSlowNs) {
    return warn("clock_steadiness", found + ": latencies contain the reading", "choose another clock source");
  }
  if (clock.gap_ns_max > kClockGapLongNs) {
    return warn("clock_steadiness", found + ": this process was interrupted while it watched",
                "stop what else is running, and run the doctor again");
  }
  return ok("clock_steadiness", found);
}

}  // namespace copycost::env::rule
