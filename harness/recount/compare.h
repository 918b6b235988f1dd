// SPDX-License-Identifier: Apache-2.0
//
// Does the program that is timed do what the program that is audited does?
//
// Threads: safe; pure functions.
#pragma once
#include <string>
#include <vector>

#include "harness/clock/recount.h"
#include "harness/core/registry.h"

namespace copycost {

// One line a difference: what the timed objects did and the counted ones, for the same cell and number of operations.
//   * Both end with the oracle's result, and leave no block, no byte and no file behind.
//   * One role: allocations, frees, their bytes, system calls and the kernel's bytes are equal.
//   * Calls that copy, and what they copied of payload: the timed ones are no more. They may be fewer, because copies
//     of the counted objects are kept from being inlined.
//   * Several roles, or threads that are no role: who waits for whom is chance, so nothing else is compared.
std::vector<std::string> differences(const cell& what, const recount_row& timed, const recount_row& counted);

}  // namespace copycost
