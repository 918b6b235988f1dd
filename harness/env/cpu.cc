// SPDX-License-Identifier: Apache-2.0
#include "harness/env/cpu.h"

#include <cctype>
#include <set>

#include "harness/env/parse.h"

namespace copycost::env {
namespace {

const std::string kProcessors = "/sys/devices/system/cpu/";

std::string on_or_off(const std::string& flag, const char* off_value) {
  if (flag != "0" && flag != "1") return {};
  return flag == off_value ? "off" : "on";
}

}  // namespace

std::vector<cache_level> caches(const file_reader& files) {
  std::vector<cache_level> found;
  for (unsigned index = 0;; ++index) {
    const std::string folder = kProcessors + "cpu0/cache/index" + std::to_string(index) + "/";
    const auto level = parse_number(read_line(files, folder + "level"));
    if (!level) return found;
    const auto size = parse_size_bytes(read_line(files, folder + "size"));
    if (size && *size > 0) found.push_back({static_cast<unsigned>(*level), read_line(files, folder + "type"), *size});
  }
}

std::vector<unsigned> thread_siblings(const file_reader& files, unsigned processor) {
  return parse_cpu_list(
      read_line(files, kProcessors + "cpu" + std::to_string(processor) + "/topology/thread_siblings_list"));
}

std::string describe_bytes(std::uint64_t bytes) {
  constexpr const char* kUnits[] = {" B", " KiB", " MiB", " GiB"};
  std::size_t unit = 0;
  for (; unit < 3 && bytes >= 1024 && bytes % 1024 == 0; ++unit) bytes /= 1024;
  return std::to_string(bytes) + kUnits[unit];
}

std::string describe(const std::vector<cache_level>& levels) {
  std::string text;
  for (const cache_level& cache : levels) {
    const std::string kind = cache.type == "Data" ? "d" : cache.type == "Instruction" ? "i" : "";
    text += (text.empty() ? "L" : ", L") + std::to_string(cache.level) + kind + " " + describe_bytes(cache.size_bytes);
  }
  return text;
}

std::string governors(const file_reader& files) {
  std::set<std::string> names;
  for (const unsigned cpu : parse_cpu_list(read_line(files, kProcessors + "online"))) {
    const std::string name = read_line(files, kProcessors + "cpu" + std::to_string(cpu) + "/cpufreq/scaling_governor");
    if (!name.empty()) names.insert(name);
  }
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// intel_pstate says whether turbo is forbidden, the generic driver whether it is allowed.
std::string turbo(const file_reader& files) {
  const std::string forbidden = on_or_off(read_line(files, kProcessors + "intel_pstate/no_turbo"), "1");
  return forbidden.empty() ? on_or_off(read_line(files, kProcessors + "cpufreq/boost"), "0") : forbidden;
}

std::string smt(const file_reader& files) { return on_or_off(read_line(files, kProcessors + "smt/active"), "0"); }

}  // namespace copycost::env
