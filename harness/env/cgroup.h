// SPDX-License-Identifier: Apache-2.0
//
// What the control groups around this process allow it, in version 1, version 2 and the mix of both.
//
// Lifetime: keeps nothing.
// Threads: safe.
// Cost: a few small files.
#pragma once
#include <cstdint>
#include <optional>

#include "harness/env/files.h"

namespace copycost::env {

// Processors' worth of time that the tightest group on the way up allows; infinite without a limit; nothing when no
// file says anything.
std::optional<double> cgroup_cpus(const file_reader& files);

// The tightest limit of memory in bytes; nothing where there is none or no file tells.
std::optional<std::uint64_t> cgroup_memory_bytes(const file_reader& files);

}  // namespace copycost::env
