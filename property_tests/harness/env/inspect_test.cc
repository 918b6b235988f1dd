// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "harness/env/build.h"
#include "harness/env/cgroup.h"
#include "harness/env/env.h"
#include "harness/env/host.h"
#include "property_tests/catch.h"
#include "property_tests/harness/env/fake_machine.h"

using namespace copycost::env;
using namespace copycost::env::test;

namespace {

const std::string kCpu = "/sys/devices/system/cpu/";

std::string field(const machine_info& machine, const std::string& name) {
  for (const auto& [key, value] : to_fields(machine)) {
    if (key == name) return value;
  }
  return "no such field";
}

}  // namespace

TEST_CASE("a machine without /proc and /sys is described without failing") {
  const machine_info machine = inspect(empty_machine());
  for (const char* name : {"cpu_model", "numa_nodes", "caches", "memory_bytes", "memory_available_bytes", "governor",
                           "turbo", "smt", "thp", "clock_source", "cgroup_cpus", "load_average"}) {
    INFO(name);
    CHECK(field(machine, name) == "unknown");
  }
}

TEST_CASE("the files of a machine end up under its fields") {
  const machine_info machine = inspect(machine_with({
      {"/proc/cpuinfo", "model name\t: Test Processor\n"},
      {"/proc/meminfo", "MemTotal: 2048 kB\nMemAvailable: 1024 kB\n"},
      {"/proc/loadavg", "0.50 0.25 0.125 1/1 1\n"},
      {"/proc/self/cgroup", "0::/a/b\n"},
      {"/sys/fs/cgroup/a/b/cpu.max", "max 100000\n"},
      {"/sys/fs/cgroup/a/cpu.max", "150000 100000\n"},
      {kCpu + "online", "0-1\n"},
      {kCpu + "smt/active", "1\n"},
      {kCpu + "intel_pstate/no_turbo", "1\n"},
      {kCpu + "cpufreq/boost", "1\n"},
      {kCpu + "cpu0/cpufreq/scaling_governor", "performance\n"},
      {kCpu + "cpu1/cpufreq/scaling_governor", "powersave\n"},
      {kCpu + "cpu0/cache/index0/level", "1\n"},
      {kCpu + "cpu0/cache/index0/type", "Data\n"},
      {kCpu + "cpu0/cache/index0/size", "48K\n"},
      {kCpu + "cpu0/cache/index1/level", "2\n"},
      {kCpu + "cpu0/cache/index1/type", "Unified\n"},
      {kCpu + "cpu0/cache/index1/size", "2048K\n"},
      {"/sys/devices/system/node/online", "0-1\n"},
      {"/sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never\n"},
      {"/sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet\n"},
  }));
  CHECK(field(machine, "cpu_model") == "Test Processor");
  CHECK(field(machine, "cores_online") == "2");
  CHECK(field(machine, "numa_nodes") == "2");
  CHECK(field(machine, "caches") == "L1d 48 KiB, L2 2 MiB");
  CHECK(field(machine, "memory_bytes") == "2097152");
  CHECK(field(machine, "memory_available_bytes") == "1048576");
  CHECK(field(machine, "governor") == "performance, powersave");
  CHECK(field(machine, "turbo") == "off");
  CHECK(field(machine, "smt") == "on");
  CHECK(field(machine, "thp") == "always");
  CHECK(field(machine, "clock_source") == "hpet");
  CHECK(field(machine, "cgroup_cpus") == "1.5");
  CHECK(field(machine, "load_average") == "0.50 0.25 0.12");
}

TEST_CASE("the real machine is described, every field once and none empty") {
  const auto fields = to_fields(inspect());
  std::set<std::string> names;
  for (const auto& [name, value] : fields) {
    INFO(name);
    CHECK_FALSE(value.empty());
    CHECK(names.insert(name).second);
  }
  const machine_info machine = inspect();
  CHECK(machine.cores_online >= 1);
  CHECK(machine.cores_usable >= 1);
  CHECK(machine.allocator != "unknown");
  CHECK(machine.date_utc.size() == std::string("2024-01-31T12:00:00Z").size());
  CHECK(machine.date_utc.back() == 'Z');
  CHECK(machine.kernel.rfind("Linux ", 0) == 0);
}

TEST_CASE("the tightest control group on the way up decides") {
  CHECK_FALSE(cgroup_cpus(empty_machine()).has_value());
  CHECK(cgroup_cpus(machine_with({{"/proc/self/cgroup", "3:cpu,cpuacct:/x\n"},
                                  {"/sys/fs/cgroup/cpu/x/cpu.cfs_quota_us", "50000\n"},
                                  {"/sys/fs/cgroup/cpu/x/cpu.cfs_period_us", "100000\n"},
                                  {"/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n"},
                                  {"/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"}})) == 0.5);
  // Inside a container the named group is not below the mount: its files are at the root of it.
  CHECK(cgroup_cpus(machine_with(
            {{"/proc/self/cgroup", "0::/docker/abc\n"}, {"/sys/fs/cgroup/cpu.max", "200000 100000\n"}})) == 2.0);
  const auto root = cgroup_cpus(
      machine_with({{"/proc/self/cgroup", "0::/\n"}, {"/sys/fs/cgroup/cgroup.controllers", "cpu memory\n"}}));
  REQUIRE(root.has_value());
  CHECK(std::isinf(*root));
}

TEST_CASE("a memory limit is found, and the kernel's way to say that there is none is not taken for one") {
  CHECK(cgroup_memory_bytes(machine_with({{"/proc/self/cgroup", "0::/a/b\n"},
                                          {"/sys/fs/cgroup/a/b/memory.max", "max\n"},
                                          {"/sys/fs/cgroup/a/memory.max", "1048576\n"}})) == 1048576u);
  CHECK_FALSE(
      cgroup_memory_bytes(machine_with({{"/proc/self/cgroup", "4:memory:/\n"},
                                        {"/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"}}))
          .has_value());
}

TEST_CASE("the allocator is named after the library whose malloc is called") {
  CHECK(allocator_name("/lib/x86_64-linux-gnu/libc.so.6", 0, "glibc 2.36") == "glibc 2.36");
  CHECK(allocator_name("/lib/x86_64-linux-gnu/libc.so.6", 209, "glibc 2.36") == "glibc 2.36");
  CHECK(allocator_name("/usr/lib/libmimalloc.so.2.0", 209, "glibc 2.36") == "mimalloc 2.0.9");
  CHECK(allocator_name("/opt/libother_hooks.so", 212, "glibc 2.36") == "mimalloc 2.1.2 behind libother_hooks.so");
  CHECK(allocator_name("libjemalloc.so.2", 0, "glibc 2.36") == "libjemalloc.so.2");
  CHECK(allocator_name("", 0, "glibc 2.36") == "unknown");
}

TEST_CASE("sanitizers are recognised in the flags") {
  CHECK(sanitizer_in("-O1 -fsanitize=address,undefined -fno-sanitize-recover=all") == "address,undefined");
  CHECK(sanitizer_in("-fsanitize=thread") == "thread");
  CHECK(sanitizer_in("-O2 -DNDEBUG") == "none");
}

TEST_CASE("the clock is judged by its readings") {
  const std::int64_t readings[] = {100, 120, 120, 145, 165, 5165, 5160};
  const clock_behaviour seen = judge_readings(readings);
  CHECK(seen.step_ns == 20);  // the smallest distance above zero
  CHECK(seen.read_ns == 20);  // the median of -5 0 20 20 25 5000
  CHECK(seen.gap_ns_max == 5000);
  CHECK(seen.backwards == 1);
  CHECK(judge_readings({}).step_ns == 0);
  CHECK(judge_readings(std::span(readings).first(1)).step_ns == 0);
}

TEST_CASE("the steady clock of this machine never goes backwards") {
  const clock_behaviour seen = watch_clock(std::chrono::milliseconds(2));
  CHECK(seen.backwards == 0);
  CHECK(seen.step_ns > 0);
  CHECK(seen.gap_ns_max >= seen.step_ns);
}

TEST_CASE("files that cannot be read give nothing") {
  CHECK_FALSE(read_file("/nonexistent/file").has_value());
  CHECK_FALSE(read_file("/proc").has_value());
  const auto own = read_file("/proc/self/stat");  // a file without a size
  REQUIRE(own.has_value());
  CHECK(own->rfind(std::to_string(::getpid()) + " ", 0) == 0);
}
