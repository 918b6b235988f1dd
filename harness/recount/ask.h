// SPDX-License-Identifier: Apache-2.0
//
// Starts a program that works through plans (harness/clock/plan.h) with the hooks preloaded, and reads its answers
// back.
//
// Threads: one at a time.
// Cost: a process and what the plan asks for.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "harness/clock/plan.h"
#include "harness/clock/recount.h"

namespace copycost {

struct recount_answer {
  std::vector<recount_row> rows;  // one an item, in the plan's order; fewer where the program ended early
  std::string why;                // empty when it came to its end
};

// `hooks`: the library to be preloaded. Throws failure{internal} when the program or the library is not there, or
// cannot be started.
recount_answer ask_for_counts(const std::filesystem::path& program, const std::filesystem::path& hooks, const plan& p);

}  // namespace copycost
