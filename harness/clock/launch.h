// SPDX-License-Identifier: Apache-2.0
//
// One launch: a fresh process does one pass over its plan, in the plan's order, under Google Benchmark.
// The only user of Google Benchmark; knows nothing of how launches are chosen or judged.
#pragma once
#include <string>
#include <string_view>

#include "harness/clock/plan.h"

namespace copycost {

// Works through the plan and appends one JSON line per item to `out_path` as soon as it is measured, so that an
// interrupted launch keeps what it had. Throws failure.
void run_launch(const plan& p, const std::string& out_path);

// main() of copycost-clock: `copycost-clock --plan FILE --out FILE`, or a role of a stage. Refuses with exit code 70
// where `allocator` ("mimalloc", "glibc") is not who serves malloc, or a function that timing hangs on is not the C
// library's.
int clock_main(int argc, char** argv, std::string_view allocator);

}  // namespace copycost
