// SPDX-License-Identifier: Apache-2.0
//
// The processors and their caches, as /sys describes them.
//
// Lifetime: results own what they hold.
// Threads: safe.
// Cost: a few small files each.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "harness/env/files.h"

namespace copycost::env {

struct cache_level {
  unsigned level = 0;
  std::string type;              // "Data", "Instruction" or "Unified"
  std::uint64_t size_bytes = 0;  // of one instance
};

// The caches of the first processor, innermost first; empty where /sys does not tell (many virtual AArch64 machines).
std::vector<cache_level> caches(const file_reader& files);

// The hardware threads of one core, `processor` among them; empty when unknown.
std::vector<unsigned> thread_siblings(const file_reader& files, unsigned processor);

// "L1d 48 KiB, L1i 64 KiB, L2 2 MiB"; empty for none.
std::string describe(const std::vector<cache_level>& levels);

// The largest unit that divides the bytes: "2 MiB", "512 B".
std::string describe_bytes(std::uint64_t bytes);

// "performance" when all processors agree, "performance, powersave" when they do not; empty when unknown.
std::string governors(const file_reader& files);
// "on", "off" or empty when unknown.
std::string turbo(const file_reader& files);
std::string smt(const file_reader& files);

}  // namespace copycost::env
