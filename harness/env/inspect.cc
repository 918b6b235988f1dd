// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>

#include "harness/base/temp_dir.h"
#include "harness/env/build.h"
#include "harness/env/cgroup.h"
#include "harness/env/env.h"
#include "harness/env/host.h"
#include "harness/env/parse.h"

namespace copycost::env {
namespace {

// fits: a number of processors
unsigned count_of(std::string_view list) { return static_cast<unsigned>(parse_cpu_list(list).size()); }

std::string cgroup_text(const std::optional<double>& cpus) {
  if (!cpus) return std::string(kUnknown);
  return std::isinf(*cpus) ? "unlimited" : fmt::format("{:g}", *cpus);
}

std::string load_text(const std::optional<std::array<double, 3>>& load) {
  return load ? fmt::format("{:.2f} {:.2f} {:.2f}", (*load)[0], (*load)[1], (*load)[2]) : std::string(kUnknown);
}

std::string number_text(std::uint64_t number) { return number ? std::to_string(number) : std::string(kUnknown); }

void inspect_machine(const file_reader& files, machine_info& found) {
  found.cpu_model = or_unknown(parse_cpu_model(files("/proc/cpuinfo").value_or("")));
  found.cores_online = count_of(read_line(files, "/sys/devices/system/cpu/online"));
  if (found.cores_online == 0) found.cores_online = cores_online();
  found.cores_usable = cores_usable();
  found.numa_nodes = count_of(read_line(files, "/sys/devices/system/node/online"));
  found.caches = caches(files);
  const std::string memory = files("/proc/meminfo").value_or("");
  found.memory_bytes = parse_meminfo_bytes(memory, "MemTotal").value_or(0);
  found.memory_available_bytes = parse_meminfo_bytes(memory, "MemAvailable").value_or(0);
  found.kernel = kernel();
  found.virtual_machine = virtual_machine(files);
}

void inspect_settings(const file_reader& files, machine_info& found) {
  found.governor = or_unknown(governors(files));
  found.turbo = or_unknown(turbo(files));
  found.smt = or_unknown(smt(files));
  found.aslr = aslr(files);
  found.thp = or_unknown(parse_chosen(read_line(files, "/sys/kernel/mm/transparent_hugepage/enabled")));
  found.clock_source = or_unknown(read_line(files, "/sys/devices/system/clocksource/clocksource0/current_clocksource"));
  found.cgroup_cpus = cgroup_cpus(files);
  found.load_average = parse_load_average(read_line(files, "/proc/loadavg"));
}

void inspect_build(machine_info& found) {
  found.libc = libc();
  found.compiler = compiler();
  found.compiler_flags = or_unknown(compiler_flags());
  found.build_type = build_type();
  found.sanitizer = sanitizer();
  found.optimised = optimised();
  found.allocator = allocator();
  found.commit = build_commit();
  found.date_utc = date_utc();
}

}  // namespace

machine_info inspect(const file_reader& files) {
  machine_info found;
  inspect_machine(files, found);
  inspect_settings(files, found);
  inspect_build(found);
  found.inherited = inherited();
  found.temporary = storage_of(temporary_folder());
  return found;
}

machine_info inspect() { return inspect(read_file); }

std::vector<std::pair<std::string, std::string>> to_fields(const machine_info& machine) {
  std::vector<std::pair<std::string, std::string>> all = {
      {"cpu_model", machine.cpu_model},
      {"cores_online", number_text(machine.cores_online)},
      {"cores_usable", number_text(machine.cores_usable)},
      {"numa_nodes", number_text(machine.numa_nodes)},
      {"caches", or_unknown(describe(machine.caches))},
      {"memory_bytes", number_text(machine.memory_bytes)},
      {"memory_available_bytes", number_text(machine.memory_available_bytes)},
      {"kernel", machine.kernel},
      {"virtual_machine", machine.virtual_machine},
      {"governor", machine.governor},
      {"turbo", machine.turbo},
      {"smt", machine.smt},
      {"aslr", machine.aslr},
      {"thp", machine.thp},
      {"clock_source", machine.clock_source},
      {"cgroup_cpus", cgroup_text(machine.cgroup_cpus)},
      {"load_average", load_text(machine.load_average)},
      {"libc", machine.libc},
      {"compiler", machine.compiler},
      {"compiler_flags", machine.compiler_flags},
      {"build_type", machine.build_type},
      {"sanitizer", machine.sanitizer},
      {"optimised", machine.optimised ? "yes" : "no"},
      {"allocator", machine.allocator},
      {"commit", machine.commit},
      {"date_utc", machine.date_utc},
      {"temporary_folder", or_unknown(machine.temporary.path)},
      {"temporary_file_system", or_unknown(machine.temporary.type)},
      {"temporary_device", or_unknown(machine.temporary.device)},
      {"temporary_is", std::string(to_string(machine.temporary.is))},
  };
  for (auto& one : copycost::to_fields(machine.inherited)) all.push_back(std::move(one));
  return all;
}

}  // namespace copycost::env
