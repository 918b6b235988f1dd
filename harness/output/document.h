// SPDX-License-Identifier: Apache-2.0
//
// The machine-readable object that every `--json` prints, and the rows of audits and laws.
//
// Threads: safe; pure functions.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/base/json.h"
#include "harness/judge/promises.h"

namespace copycost {

inline constexpr int kSchema = 1;
inline constexpr std::string_view kVersion = "0.1.0";

// {"schema", "tool", "version", "seed", "machine", "rows", "ok"}
json document(std::uint64_t seed, std::vector<json> rows, bool ok);
json machine_json();

json params_of(const cell& c);
json audit_json(const audit_row& row, const judgement& said);

}  // namespace copycost
