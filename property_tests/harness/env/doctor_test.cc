// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <set>

#include "harness/env/rules.h"
#include "property_tests/catch.h"
#include "property_tests/harness/env/fake_machine.h"

using namespace copycost::env;
using namespace copycost::env::test;
using namespace std::string_literals;

namespace {

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;

// A machine that nothing is wrong with; each case disturbs one thing.
symptoms healthy() {
  symptoms s;
  machine_info& m = s.machine;
  m.cores_online = m.cores_usable = 8;
  m.numa_nodes = 1;
  m.memory_bytes = m.memory_available_bytes = 16 * kGiB;
  m.virtual_machine = "no"s;
  m.governor = "performance"s;
  m.turbo = m.smt = "off"s;
  m.aslr = "on"s;
  m.thp = "madvise"s;
  m.clock_source = "tsc"s;
  m.cgroup_cpus = std::numeric_limits<double>::infinity();
  m.load_average = {{0.01, 0.5, 3.0}};
  m.build_type = "Release"s;
  m.compiler_flags = "-O2"s;
  m.sanitizer = "none"s;
  m.optimised = true;
  s.steal_share = 0.0;
  s.perf_counters = "available"s;
  s.perf_paranoid = "1"s;
  s.disk = {"/srv", 100 * kGiB};
  m.inherited.priority = "nice 0, other";
  m.temporary = {"/tmp", "ext4", "/dev/vda1", "/", copycost::standing::disk, ""};
  s.clock = {20, 1, 5000, 0};
  return s;
}

check find(const std::vector<check>& checks, const std::string& name) {
  const auto at = std::find_if(checks.begin(), checks.end(), [&](const check& c) { return c.name == name; });
  return at == checks.end() ? check{name, "missing", "", ""} : *at;
}

// Disturbs a healthy machine and returns the one check that must notice; all others must stay as they were.
template <class Spoil>
check after(const std::string& name, Spoil spoil) {
  symptoms s = healthy();
  spoil(s);
  const auto checks = judge(s);
  for (const check& c : checks) {
    INFO(c.name << " while spoiling " << name);
    if (c.name != name) CHECK(c.state == "ok");
  }
  return find(checks, name);
}

}  // namespace

TEST_CASE("nothing is wrong with a healthy machine") {
  for (const check& c : judge(healthy())) {
    INFO(c.name << ": " << c.effect);
    CHECK(c.state == "ok");
    CHECK(c.remedy.empty());
  }
}

TEST_CASE("each disturbance is found by its own check and by no other") {
  using s = symptoms;
  CHECK(after("governor", [](s& x) { x.machine.governor = "powersave"; }).state == "warn");
  CHECK(after("turbo", [](s& x) { x.machine.turbo = "on"; }).state == "warn");
  CHECK(after("smt", [](s& x) { x.machine.smt = "on"; }).state == "warn");
  CHECK(after("aslr", [](s& x) { x.machine.aslr = "off"; }).state == "warn");
  CHECK(after("aslr", [](s& x) { x.machine.aslr = "off for this process"; }).state == "warn");
  CHECK(after("thp", [](s& x) { x.machine.thp = "always"; }).state == "warn");
  CHECK(after("numa", [](s& x) { x.machine.numa_nodes = 2; }).state == "warn");
  CHECK(after("virtual_machine", [](s& x) { x.machine.virtual_machine = "yes (KVM)"; }).state == "warn");
  CHECK(after("cores", [](s& x) { x.machine.cores_usable = 1; }).state == "bad");
  CHECK(after("cores", [](s& x) { x.machine.cores_usable = 2; }).state == "warn");
  CHECK(after("cgroup_quota", [](s& x) { x.machine.cgroup_cpus = 1.5; }).state == "bad");
  CHECK(after("cgroup_quota", [](s& x) { x.machine.cgroup_cpus = 8; }).state == "ok");
  CHECK(after("load", [](s& x) { x.machine.load_average = {{1.0, 0, 0}}; }).state == "warn");
  CHECK(after("load", [](s& x) { x.machine.load_average = {{8.0, 0, 0}}; }).state == "bad");
  CHECK(after("steal_time", [](s& x) { x.steal_share = 0.05; }).state == "warn");
  CHECK(after("steal_time", [](s& x) { x.steal_share = 0.5; }).state == "bad");
  CHECK(after("perf_counters", [](s& x) { x.perf_counters = "not permitted"; }).state == "warn");
  CHECK(after("build_type", [](s& x) { x.machine.optimised = false; }).state == "bad");
  CHECK(after("environment", [](s& x) { x.machine.inherited.environment = "LD_PRELOAD=x.so"; }).state == "warn");
  CHECK(after("settings", [](s& x) { x.machine.inherited.signals = "CHLD ignored"; }).effect ==
        "signals: CHLD ignored (put right)");
  CHECK(after("priority", [](s& x) { x.machine.inherited.priority = "nice 10, other"; }).state == "warn");
  CHECK(after("resource_limits", [](s& x) { x.machine.inherited.limits = "nofile 64 (now 128), fsize 65536"; }).state ==
        "warn");
  CHECK(after("resource_limits", [](s& x) { x.machine.inherited.limits = "nofile 64 (now 128)"; }).state == "ok");
  CHECK(after("preload", [](s& x) { x.machine.inherited.preloaded = "/opt/x.so"; }).state == "bad");
  CHECK(after("preload", [](s& x) { x.machine.inherited.tool = "heaptrack"; }).state == "warn");
  CHECK(after("durable_place", [](s& x) { x.machine.temporary.is = copycost::standing::memory; }).state == "bad");
  CHECK(after("durable_place", [](s& x) { x.machine.temporary.is = copycost::standing::unsynced; }).state == "bad");
  CHECK(after("durable_place", [](s& x) { x.machine.temporary.is = copycost::standing::unknown; }).state == "warn");
  CHECK(after("sanitizer", [](s& x) { x.machine.sanitizer = "address"; }).state == "bad");
  CHECK(after("disk_space", [](s& x) { x.disk.free_bytes = kGiB / 2; }).state == "warn");
  CHECK(after("disk_space", [](s& x) { x.disk.free_bytes = 1; }).state == "bad");
  CHECK(after("memory", [](s& x) { x.machine.memory_available_bytes = kGiB; }).state == "warn");
  CHECK(after("memory", [](s& x) { x.cgroup_memory_bytes = 1024; }).state == "bad");
  CHECK(after("clock_source", [](s& x) { x.machine.clock_source = "hpet"; }).state == "warn");
  CHECK(after("clock_steadiness", [](s& x) { x.clock.backwards = 1; }).state == "bad");
  CHECK(after("clock_steadiness", [](s& x) { x.clock.step_ns = 1'000'000; }).state == "bad");
  CHECK(after("clock_steadiness", [](s& x) { x.clock.gap_ns_max = 50'000'000; }).state == "warn");
  CHECK(after("clock_steadiness", [](s& x) { x.clock.read_ns = 900; }).state == "warn");
}

TEST_CASE("what cannot be found out is unknown, and never ok") {
  const auto checks = doctor(empty_machine());
  for (const char* name :
       {"governor", "turbo", "smt", "thp", "numa", "cgroup_quota", "load", "steal_time", "memory", "clock_source"}) {
    INFO(name);
    CHECK(find(checks, name).state == "warn");
    CHECK(find(checks, name).effect.rfind("unknown", 0) == 0);
  }
}

TEST_CASE("the doctor of this machine answers every check, each with a reason, and with a remedy where one is due") {
  const auto checks = doctor();
  std::set<std::string> names;
  for (const check& c : checks) {
    INFO(c.name);
    CHECK(names.insert(c.name).second);
    CHECK((c.state == "ok" || c.state == "warn" || c.state == "bad"));
    CHECK_FALSE(c.effect.empty());
    CHECK(c.remedy.empty() == (c.state == "ok"));
  }
  CHECK(names.size() == judge(healthy()).size());
}
