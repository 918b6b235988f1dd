// SPDX-License-Identifier: Apache-2.0
//
// Which cells a command works on; the same flags mean the same everywhere. Pure apart from reading the input.
#pragma once
#include <vector>

#include "harness/cli/options.h"
#include "harness/core/registry.h"

namespace copycost {

// Throws failure{usage} for a name that does not exist ("did you mean"), failure{nothing_ran} when nothing is left.
std::vector<cell> select(const options& o);

// The systems and designs that the flags name, for commands that work on designs rather than cells.
std::vector<const design_entry*> select_designs(const options& o);

}  // namespace copycost
