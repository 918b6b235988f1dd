// SPDX-License-Identifier: Apache-2.0
//
// Which cells a command works on; the same flags mean the same everywhere. Pure apart from reading the input.
#pragma once
#include <vector>

#include "harness/base/json.h"
#include "harness/cli/options.h"
#include "harness/core/registry.h"

namespace copycost {

// `run` and `list` take the cells of `copy` along that stand beside the asked-for designs, unless --no-copy: a ratio
// needs them. Throws failure{usage} for a name that does not exist ("did you mean"), failure{nothing_ran} when nothing
// is left.
std::vector<cell> select(const options& o);

// What was asked for, as it stands in result files: {"system", "design", "workload", "filter", "profile", "shard",
// "input", "launches", "no_copy"}; null where nothing was asked.
json selection_of(const options& o);

// Says in a file that is to lie in a result directory (o.output) whose run is there, and what was asked for.
void belongs_to_run(json& document, const options& o);

// The systems and designs that the flags name, for commands that work on designs rather than cells.
std::vector<const design_entry*> select_designs(const options& o);

}  // namespace copycost
