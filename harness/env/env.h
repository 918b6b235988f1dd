// SPDX-License-Identifier: Apache-2.0
//
// What machine is this, and is it fit to measure on? `inspect` describes machine, build and process for a result;
// `doctor` says what would disturb a measurement and what to do about it.
//
// Nothing here fails for want of a file: what cannot be found out reads "unknown".
//
// Lifetime: everything returned owns its text.
// Threads: safe.
// Cost: inspect reads some twenty small files; doctor also watches the clock for a few milliseconds.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/storage.h"
#include "harness/env/cpu.h"
#include "harness/process/inherited.h"

namespace copycost::env {

// Texts are never empty; numbers that are unknown are 0 or absent.
struct machine_info {
  std::string cpu_model;
  unsigned cores_online = 0;
  unsigned cores_usable = 0;  // that this process may run on
  unsigned numa_nodes = 0;
  std::vector<cache_level> caches;
  std::uint64_t memory_bytes = 0;
  std::uint64_t memory_available_bytes = 0;
  std::string kernel;           // "Linux 6.1.0 x86_64"
  std::string virtual_machine;  // "no", or "yes (KVM)"
  std::string governor, turbo, smt, aslr, thp, clock_source;
  std::optional<double> cgroup_cpus;                  // processors' worth of time; infinite without a quota
  std::optional<std::array<double, 3>> load_average;  // over 1, 5 and 15 minutes
  std::string libc, compiler, compiler_flags, build_type;
  std::string sanitizer;  // "none", or what the program was built with
  bool optimised = false;
  std::string allocator;      // whose malloc this process calls: "mimalloc 2.0.9", "glibc 2.36"
  std::string commit;         // of the sources when they were configured; "-dirty" behind it if they had been edited
  inherited_facts inherited;  // what the program had from its starter
  storage temporary;          // where durable cells keep their files
  std::string date_utc;       // of the inspection: "2024-01-31T12:00:00Z"
};

machine_info inspect();
machine_info inspect(const file_reader& files);

// One pair for each member, in a fixed order, under the member's name.
std::vector<std::pair<std::string, std::string>> to_fields(const machine_info& machine);

struct check {
  std::string name;
  std::string state;   // "ok", "warn" or "bad"; "bad" means that times measured now mislead
  std::string effect;  // what was found, and what that does to a measurement
  std::string remedy;  // what to change; empty when the state is "ok"
};

// Every check, always the same ones in the same order.
std::vector<check> doctor();
std::vector<check> doctor(const file_reader& files);

}  // namespace copycost::env
