// SPDX-License-Identifier: Apache-2.0
//
// Starts launches: the hook-free program beside this one, fed with a plan, its answers read back.
//
// Threads: one at a time.
// Cost: a process start (some 20 ms) and two small files in a temporary directory.
#pragma once
#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/base/failure.h"
#include "harness/clock/plan.h"
#include "harness/clock/sample.h"

namespace copycost {

enum class allocator { mimalloc, glibc };
std::string_view to_string(allocator);

// Set by a signal handler: launches stop, what was finished is kept.
extern std::atomic<bool> g_interrupted;

// The launch programs lie beside the running program. Throws failure{internal} when one is missing.
std::filesystem::path launch_program(allocator);

// Runs one launch to its end and answers what it measured; the lines of a launch that was cut short are answered too,
// with `complete` false and the reason in `why`. `tick` is called some ten times a second with the number of lines so
// far.
struct launch_answer {
  std::vector<sample> samples;              // of a launch that times
  std::vector<calibration_row> calibrated;  // of one that calibrates
  bool complete = false, died = false;      // died: a signal ended it, in the item behind the last line
  exit_code code = exit_code::ok;           // whose doing that was (core/fault.h)
  std::string why;
};
launch_answer start_launch(allocator on, const plan& p, const std::function<void(std::size_t)>& tick = {});

}  // namespace copycost
