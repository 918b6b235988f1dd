// SPDX-License-Identifier: Apache-2.0
//
// What people see: the rows of each command as a Markdown table of at most `width` columns, reasons below their rows,
// and the sentence that sums them up.
//
// Threads: safe; pure functions.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "harness/clock/rows.h"
#include "harness/env/env.h"
#include "harness/judge/promises.h"
#include "harness/output/rows.h"

namespace copycost {

inline constexpr std::size_t kPlainColumns = 120;  // where there is no terminal

std::string run_text(const std::vector<run_row>& rows, double noise_floor, std::size_t width = kPlainColumns);
std::string audit_text(const std::vector<judged_row>& rows, std::size_t width = kPlainColumns);
std::string verify_text(const std::vector<law_row>& rows, std::size_t width = kPlainColumns);
std::string limits_text(const std::vector<limit_row>& rows, std::size_t width = kPlainColumns);
// compare and gate, which shows only what differs, of `compared` cells.
std::string comparison_text(const std::vector<compare_row>& rows, std::optional<std::size_t> compared = {},
                            std::size_t width = kPlainColumns);
std::string list_text(const std::vector<list_row>& rows, std::size_t width = kPlainColumns);
std::string doctor_text(const std::vector<env::check>& rows, std::size_t width = kPlainColumns);

// "3 of 145 cells were not measured: role died: signal 9 (2), no room (1)", the most frequent reason first; empty where
// all were.
std::string what_is_missing(const std::vector<run_row>& rows);
std::string what_is_missing(const std::vector<judged_row>& rows);
std::string what_is_missing(const std::vector<law_row>& rows);

}  // namespace copycost
