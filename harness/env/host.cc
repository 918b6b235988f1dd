// SPDX-License-Identifier: Apache-2.0
#include "harness/env/host.h"

#include <linux/perf_event.h>
#include <sched.h>
#include <sys/personality.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <vector>

#include "harness/env/parse.h"
#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace copycost::env {
namespace {

#if defined(__x86_64__)
// The bit that hypervisors set in CPUID leaf 1, and their signature in leaf 0x40000000.
std::string hypervisor_by_cpuid() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  constexpr unsigned kHypervisorBit = 1u << 31, kSignatureLeaf = 0x40000000;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0 || !(c & kHypervisorBit)) return "no";
  __cpuid(kSignatureLeaf, a, b, c, d);
  char signature[13] = {};
  std::memcpy(signature, &b, 4);
  std::memcpy(signature + 4, &c, 4);
  std::memcpy(signature + 8, &d, 4);
  const std::string name = hypervisor_name(signature);
  return name.empty() ? "yes" : "yes (" + name + ")";
}
#endif

}  // namespace

std::string kernel() {
  utsname names{};
  if (::uname(&names) != 0) return std::string(kUnknown);
  return std::string(names.sysname) + " " + names.release + " " + names.machine;
}

std::string date_utc() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  char text[32];
  if (!::gmtime_r(&now, &parts) || std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) {
    return std::string(kUnknown);
  }
  return text;
}

unsigned cores_online() {
  const long count = ::sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? static_cast<unsigned>(count) : 0;
}

unsigned cores_usable() {
  cpu_set_t set;
  return ::sched_getaffinity(0, sizeof set, &set) == 0 ? static_cast<unsigned>(CPU_COUNT(&set)) : 0;
}

std::string virtual_machine([[maybe_unused]] const file_reader& files) {
#if defined(__x86_64__)
  return hypervisor_by_cpuid();
#else
  // Without CPUID only a hypervisor that announces itself can be seen.
  const std::string type = read_line(files, "/sys/hypervisor/type");
  if (!type.empty()) return "yes (" + type + ")";
  const std::string tree = read_line(files, "/proc/device-tree/hypervisor/compatible");
  if (!tree.empty()) return "yes (" + std::string(tree.c_str()) + ")";
  const std::string vendor = read_line(files, "/sys/class/dmi/id/sys_vendor");
  return vendor == "QEMU" ? "yes (QEMU)" : std::string(kUnknown);
#endif
}

std::string aslr(const file_reader& files) {
  constexpr unsigned long kAskOnly = 0xffffffff;
  const int persona = ::personality(kAskOnly);
  if (persona != -1 && (persona & ADDR_NO_RANDOMIZE)) return "off for this process";
  const std::string setting = read_line(files, "/proc/sys/kernel/randomize_va_space");
  if (setting == "2") return "on";
  if (setting == "1") return "partial";
  return setting == "0" ? "off" : std::string(kUnknown);
}

clock_behaviour judge_readings(std::span<const std::int64_t> readings_ns) {
  clock_behaviour seen;
  std::vector<std::int64_t> distances;
  for (std::size_t i = 1; i < readings_ns.size(); ++i) {
    const std::int64_t distance = readings_ns[i] - readings_ns[i - 1];
    distances.push_back(distance);
    if (distance < 0) ++seen.backwards;
    if (distance > 0 && (seen.step_ns == 0 || distance < seen.step_ns)) seen.step_ns = distance;
    seen.gap_ns_max = std::max(seen.gap_ns_max, distance);
  }
  if (distances.empty()) return seen;
  const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
  std::nth_element(distances.begin(), middle, distances.end());
  seen.read_ns = *middle;
  return seen;
}

clock_behaviour watch_clock(std::chrono::nanoseconds how_long) {
  constexpr std::size_t kReadingsMax = 1 << 18;
  std::vector<std::int64_t> readings(kReadingsMax);  // written once, so that no page fault falls between readings
  std::size_t count = 0;
  const auto start = std::chrono::steady_clock::now();
  for (std::chrono::nanoseconds since{0}; count < kReadingsMax && since < how_long;) {
    since = std::chrono::steady_clock::now() - start;
    readings[count++] = since.count();
  }
  return judge_readings(std::span(readings).first(count));
}

std::string perf_counters() {
  perf_event_attr wanted{};
  wanted.size = sizeof wanted;
  wanted.type = PERF_TYPE_HARDWARE;
  wanted.config = PERF_COUNT_HW_INSTRUCTIONS;
  wanted.disabled = 1;
  wanted.exclude_kernel = 1;
  wanted.exclude_hv = 1;
  const long counter = ::syscall(SYS_perf_event_open, &wanted, 0, -1, -1, 0);
  if (counter >= 0) {
    ::close(static_cast<int>(counter));
    return "available";
  }
  return errno == EACCES || errno == EPERM ? "not permitted" : "not supported";
}

disk_space space_here() {
  std::error_code error;
  disk_space space{or_unknown(std::filesystem::current_path(error).string()), std::nullopt};
  struct statvfs system {};
  if (::statvfs(".", &system) == 0) space.free_bytes = std::uint64_t{system.f_bavail} * system.f_frsize;
  return space;
}

}  // namespace copycost::env
