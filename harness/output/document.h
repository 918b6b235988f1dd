// SPDX-License-Identifier: Apache-2.0
//
// The machine-readable object that every `--json` prints, and the rows of audits.
//
// Threads: safe; pure functions.
#pragma once
#include <cstdint>
#include <string_view>

#include "harness/base/json_rows.h"
#include "harness/env/env.h"
#include "harness/judge/promises.h"

namespace copycost {

inline constexpr int kSchema = 1;
inline constexpr std::string_view kVersion = "0.1.0";

// {"schema", "tool", "version", "seed", "machine", "rows", "ok"}
json document(std::uint64_t seed, json::array rows, bool ok);
json machine_json(const env::machine_info& machine);

json to_json(const judged_row& row);

}  // namespace copycost
