// SPDX-License-Identifier: Apache-2.0
//
// What the texts of /proc and /sys mean: pure functions of the text. Formats: proc(5), cgroups(7), and the kernel's
// Documentation/ABI for /sys. Malformed text gives an empty answer, never an exception or a wrong number.
//
// Lifetime: results own what they hold.
// Threads: safe.
// Cost: one pass over the text.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace copycost::env {

std::optional<std::uint64_t> parse_number(std::string_view text);

// "0-3,8" gives 0 1 2 3 8. Empty when any part is malformed.
std::vector<unsigned> parse_cpu_list(std::string_view text);

// "48K", "2048K", "32M": bytes.
std::optional<std::uint64_t> parse_size_bytes(std::string_view text);

// The value of the first "key : value" line of /proc/cpuinfo; empty when there is none.
std::string cpuinfo_value(std::string_view cpuinfo, std::string_view key);

// The model's name; where the kernel gives none (AArch64), implementer and part. Empty when neither is there.
std::string parse_cpu_model(std::string_view cpuinfo);

// The value of "Key:   123 kB" in /proc/meminfo, in bytes.
std::optional<std::uint64_t> parse_meminfo_bytes(std::string_view meminfo, std::string_view key);

// "always [madvise] never" gives "madvise"; empty when nothing is in brackets.
std::string parse_chosen(std::string_view text);

// The averages over 1, 5 and 15 minutes of /proc/loadavg.
std::optional<std::array<double, 3>> parse_load_average(std::string_view text);

// Of the time in which this machine had work, the share that its host gave to others: steal / (busy + steal) since it
// started, from the first line of /proc/stat. 0 on a machine that never had work.
std::optional<double> parse_steal_share(std::string_view proc_stat);

// The path in /proc/self/cgroup of a controller of version 1, or of version 2 when `controller` is empty.
std::optional<std::string> parse_cgroup_path(std::string_view cgroup, std::string_view controller);

// A quota of version 2, "200000 100000": processors (2.0); infinite for "max 100000".
std::optional<double> parse_cpu_max(std::string_view text);

// The name behind a hypervisor's CPUID signature ("KVMKVMKVM" gives "KVM"); the signature itself if it is not known.
std::string hypervisor_name(std::string_view signature);

}  // namespace copycost::env
