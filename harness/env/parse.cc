// SPDX-License-Identifier: Apache-2.0
#include "harness/env/parse.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "harness/env/files.h"

namespace copycost::env {
namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

// Calls `visit(line)` for each line until it returns true.
template <class Visit>
void for_each_line(std::string_view text, Visit&& visit) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (visit(text.substr(0, end))) return;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  for (std::size_t at = 0; (at = text.find_first_not_of(" \t\n", at)) != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(" \t\n", at), text.size());
    found.push_back(text.substr(at, end - at));
    at = end;
  }
  return found;
}

// The whole text must be the number.
template <class Number>
std::optional<Number> parse_whole(std::string_view text) {
  Number value{};
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stopped == end ? std::optional(value) : std::nullopt;
}

bool append_range(std::string_view part, std::vector<unsigned>& cpus) {
  constexpr unsigned kCpusMax = 1u << 16;  // above what Linux can have; a larger number is not a processor
  const std::size_t dash = part.find('-');
  const auto first = parse_whole<unsigned>(part.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse_whole<unsigned>(part.substr(dash + 1));
  if (!first || !last || *last < *first || *last >= kCpusMax) return false;
  for (unsigned cpu = *first; cpu <= *last; ++cpu) cpus.push_back(cpu);
  return true;
}

bool is_in_list(std::string_view name, std::string_view names) {
  while (!names.empty()) {
    const std::size_t comma = std::min(names.find(','), names.size());
    if (names.substr(0, comma) == name) return true;
    names.remove_prefix(std::min(comma + 1, names.size()));
  }
  return false;
}

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) { return parse_whole<std::uint64_t>(trimmed(text)); }

std::vector<unsigned> parse_cpu_list(std::string_view text) {
  std::vector<unsigned> cpus;
  for (text = trimmed(text); !text.empty();) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (!append_range(text.substr(0, comma), cpus)) return {};
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return cpus;
}

std::optional<std::uint64_t> parse_size_bytes(std::string_view text) {
  text = trimmed(text);
  unsigned shift = 0;
  if (!text.empty()) {
    constexpr std::string_view kUnits = "KMG";
    const std::size_t unit = kUnits.find(text.back());
    if (unit != std::string_view::npos) {
      shift = 10 * (static_cast<unsigned>(unit) + 1);
      text.remove_suffix(1);
    }
  }
  const auto value = parse_whole<std::uint64_t>(text);
  if (!value || *value > std::numeric_limits<std::uint64_t>::max() >> shift) return std::nullopt;
  return *value << shift;
}

std::string cpuinfo_value(std::string_view cpuinfo, std::string_view key) {
  std::string value;
  for_each_line(cpuinfo, [&](std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || trimmed(line.substr(0, colon)) != key) return false;
    value = trimmed(line.substr(colon + 1));
    return true;
  });
  return value;
}

std::string parse_cpu_model(std::string_view cpuinfo) {
  std::string name = cpuinfo_value(cpuinfo, "model name");
  if (!name.empty()) return name;
  const std::string implementer = cpuinfo_value(cpuinfo, "CPU implementer");
  const std::string part = cpuinfo_value(cpuinfo, "CPU part");
  if (implementer.empty() || part.empty()) return {};
  return "implementer " + implementer + " part " + part;
}

std::optional<std::uint64_t> parse_meminfo_bytes(std::string_view meminfo, std::string_view key) {
  std::optional<std::uint64_t> bytes;
  for_each_line(meminfo, [&](std::string_view line) {
    const auto fields = words(line);
    if (fields.size() != 3 || fields[0].back() != ':' || fields[2] != "kB") return false;
    if (fields[0].substr(0, fields[0].size() - 1) != key) return false;
    if (const auto kib = parse_number(fields[1]); kib && *kib < (std::uint64_t{1} << 54)) bytes = *kib * 1024;
    return true;
  });
  return bytes;
}

std::string parse_chosen(std::string_view text) {
  const std::size_t open = text.find('[');
  if (open == std::string_view::npos) return {};
  const std::size_t close = text.find(']', open);
  return close == std::string_view::npos ? std::string() : std::string(text.substr(open + 1, close - open - 1));
}

std::optional<std::array<double, 3>> parse_load_average(std::string_view text) {
  const auto fields = words(text);
  std::array<double, 3> load{};
  if (fields.size() < load.size()) return std::nullopt;
  for (std::size_t i = 0; i < load.size(); ++i) {
    const auto value = parse_whole<double>(fields[i]);
    if (!value || !std::isfinite(*value) || *value < 0) return std::nullopt;
    load[i] = *value;
  }
  return load;
}

// Fields of the line: user nice system idle iowait irq softirq steal guest guest_nice; guests are within user.
std::optional<double> parse_steal_share(std::string_view proc_stat) {
  const auto fields = words(proc_stat.substr(0, proc_stat.find('\n')));
  if (fields.size() < 9 || fields[0] != "cpu") return std::nullopt;
  double busy = 0, steal = 0;
  for (const std::size_t index : {1u, 2u, 3u, 6u, 7u, 8u}) {
    const auto ticks = parse_number(fields[index]);
    if (!ticks) return std::nullopt;
    (index == 8 ? steal : busy) += static_cast<double>(*ticks);
  }
  return busy + steal > 0 ? steal / (busy + steal) : 0;
}

// Lines of the file: "4:cpu,cpuacct:/user.slice", and "0::/user.slice" for version 2.
std::optional<std::string> parse_cgroup_path(std::string_view cgroup, std::string_view controller) {
  std::optional<std::string> path;
  for_each_line(cgroup, [&](std::string_view line) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos) return false;
    const std::string_view names = line.substr(first + 1, second - first - 1);
    const bool matches =
        controller.empty() ? names.empty() && line.substr(0, first) == "0" : is_in_list(controller, names);
    if (matches) path = line.substr(second + 1);
    return matches;
  });
  return path;
}

std::optional<double> parse_cpu_max(std::string_view text) {
  const auto fields = words(text);
  if (fields.size() != 2) return std::nullopt;
  if (fields[0] == "max") return kNoLimit;
  const auto quota = parse_whole<double>(fields[0]), period = parse_whole<double>(fields[1]);
  if (!quota || !period || !(*quota > 0) || !(*period > 0)) return std::nullopt;
  return *quota / *period;
}

std::string hypervisor_name(std::string_view signature) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"KVMKVMKVM", "KVM"},
      {"Microsoft Hv", "Hyper-V"},
      {"VMwareVMware", "VMware"},
      {"XenVMMXenVMM", "Xen"},
      {"TCGTCGTCGTCG", "QEMU without acceleration"},
      {"VBoxVBoxVBox", "VirtualBox"},
      {"bhyve bhyve ", "bhyve"},
      {"ACRNACRNACRN", "ACRN"},
  };
  for (const auto& [known, name] : kNames) {
    if (signature == known) return std::string(name);
  }
  return std::string(trimmed(signature));
}

}  // namespace copycost::env
