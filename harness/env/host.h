// SPDX-License-Identifier: Apache-2.0
//
// What no file says: the hypervisor, the clock as it behaves, what perf and the disk grant this process.
//
// Lifetime: results own their text.
// Threads: safe.
// Cost: a few system calls; watch_clock takes the time it is given.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "harness/env/files.h"

namespace copycost::env {

std::string kernel();    // "Linux 6.1.0 x86_64"
std::string date_utc();  // "2024-01-31T12:00:00Z"
unsigned cores_online();
unsigned cores_usable();  // 0 when the kernel does not say

// "no", "yes", "yes (KVM)" or "unknown".
std::string virtual_machine(const file_reader& files);

// "on", "off for this process", "partial", "off" or "unknown".
std::string aslr(const file_reader& files);

struct clock_behaviour {
  std::int64_t read_ns = 0;     // the median distance of two readings: what a reading costs
  std::int64_t step_ns = 0;     // the smallest distance above zero: the resolution
  std::int64_t gap_ns_max = 0;  // the largest distance: how long this thread was kept from running
  std::uint64_t backwards = 0;  // readings before their predecessor
};
// From consecutive readings in nanoseconds. Zeros for fewer than two.
clock_behaviour judge_readings(std::span<const std::int64_t> readings_ns);
// Reads the clock that times everything here, without pause.
clock_behaviour watch_clock(std::chrono::nanoseconds how_long);

// "available", "not permitted" or "not supported": hardware counters for this process.
std::string perf_counters();

struct disk_space {
  std::string directory;
  std::optional<std::uint64_t> free_bytes;
};
disk_space space_here();

}  // namespace copycost::env
