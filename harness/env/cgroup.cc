// SPDX-License-Identifier: Apache-2.0
#include "harness/env/cgroup.h"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "harness/env/parse.h"

namespace copycost::env {
namespace {

// Where the hierarchies are mounted on every common distribution, the first that answers counts. Inside a container
// the path of /proc/self/cgroup may not exist below the mount; the group's own files are then at its root, which is
// where the walk upwards ends.
const std::vector<std::string> kVersion2 = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
const std::vector<std::string> kCpuVersion1 = {"/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"};
const std::vector<std::string> kMemoryVersion1 = {"/sys/fs/cgroup/memory"};

// Calls `visit(folder)` for the group's folder and each above it, under each mount.
template <class Visit>
void for_each_group(const file_reader& files, const char* controller, const std::vector<std::string>& mounts,
                    Visit&& visit) {
  const auto group = parse_cgroup_path(files("/proc/self/cgroup").value_or(""), controller);
  if (!group) return;
  for (const std::string& mount : mounts) {
    for (std::string path = *group == "/" ? "" : *group;; path.erase(path.rfind('/'))) {
      visit(mount + path + "/");
      if (path.find('/') == std::string::npos) break;
    }
  }
}

void tighten(std::optional<double>& limit, std::optional<double> other) {
  if (other) limit = std::min(limit.value_or(std::numeric_limits<double>::infinity()), *other);
}

// Version 1 keeps quota and period in two files, and says -1 for no quota.
std::optional<double> quota_version1(const file_reader& files, const std::string& folder) {
  const std::string quota = read_line(files, folder + "cpu.cfs_quota_us");
  return parse_cpu_max((quota == "-1" ? "max" : quota) + " " + read_line(files, folder + "cpu.cfs_period_us"));
}

}  // namespace

std::optional<double> cgroup_cpus(const file_reader& files) {
  std::optional<double> limit;
  for_each_group(files, "", kVersion2, [&](const std::string& folder) {
    tighten(limit, parse_cpu_max(read_line(files, folder + "cpu.max")));
  });
  for_each_group(files, "cpu", kCpuVersion1,
                 [&](const std::string& folder) { tighten(limit, quota_version1(files, folder)); });
  // Only the groups below the root have a quota: a process in the root group of a readable hierarchy has none.
  if (!limit && files("/proc/self/cgroup")) {
    const bool mounted = files(kVersion2[0] + "/cgroup.controllers") || files(kVersion2[1] + "/cgroup.controllers");
    if (mounted) limit = std::numeric_limits<double>::infinity();
  }
  return limit;
}

std::optional<std::uint64_t> cgroup_memory_bytes(const file_reader& files) {
  // Version 1 writes "no limit" as the largest multiple of a page that fits into 63 bits.
  constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 62;
  std::optional<std::uint64_t> limit;
  const auto consider = [&](const std::string& file) {
    const auto bytes = parse_number(read_line(files, file));  // "max" is no number
    if (bytes && *bytes < kNoLimit) limit = std::min(limit.value_or(*bytes), *bytes);
  };
  for_each_group(files, "", kVersion2, [&](const std::string& folder) { consider(folder + "memory.max"); });
  for_each_group(files, "memory", kMemoryVersion1,
                 [&](const std::string& folder) { consider(folder + "memory.limit_in_bytes"); });
  return limit;
}

}  // namespace copycost::env
