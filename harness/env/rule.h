// SPDX-License-Identifier: Apache-2.0
//
// Internal to harness/env: the single rules of the doctor, and the words that they answer with.
//
// Lifetime: results own their text.
// Threads: safe; pure functions.
#pragma once
#include <string>
#include <utility>

#include "harness/env/symptoms.h"

namespace copycost::env::rule {

// A check in one of the three states. The effect starts with what was found.
inline check ok(std::string name, std::string found) { return {std::move(name), "ok", std::move(found), ""}; }
inline check warn(std::string name, std::string effect, std::string remedy) {
  return {std::move(name), "warn", std::move(effect), std::move(remedy)};
}
inline check bad(std::string name, std::string effect, std::string remedy) {
  return {std::move(name), "bad", std::move(effect), std::move(remedy)};
}
inline bool is_unknown(const std::string& text) { return text == kUnknown; }

using rule = check(const symptoms& found);
rule governor, turbo, smt, aslr, thp, numa, virtual_machine, cores;             // rules_machine.cc
rule cgroup_quota, load, steal_time, perf_counters, build_type, sanitizer;      // rules_process.cc
rule environment, settings, priority, resource_limits, preload, durable_place;  // rules_inherited.cc
rule disk_space_left, memory_left, clock_source, clock_steadiness;              // rules_process.cc

}  // namespace copycost::env::rule
