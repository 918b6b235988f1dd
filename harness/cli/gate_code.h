// SPDX-License-Identifier: Apache-2.0
//
// The gate's exit code.
//
// Threads: safe; pure functions.
#pragma once
#include <cstddef>

#include "harness/base/failure.h"

namespace copycost {

// A broken promise wins over missing rows, those over rows that differ, and those over libraries without a baseline.
inline exit_code gate_code(bool promises_kept, std::size_t missing, std::size_t differing, std::size_t unknown) {
  if (!promises_kept) return exit_code::incorrect;
  if (missing > 0) return exit_code::nothing_ran;
  if (differing > 0) return exit_code::regression;
  return unknown > 0 ? exit_code::inconclusive : exit_code::ok;
}

}  // namespace copycost
