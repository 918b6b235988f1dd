// SPDX-License-Identifier: Apache-2.0
//
// What people see: the rows of each command as a Markdown table, and the sentence that sums them up. Pure; thread-safe.
#pragma once
#include <string>
#include <vector>

#include "harness/core/json.h"

namespace copycost {

std::string run_text(const std::vector<json>& rows, double noise_floor);
std::string audit_text(const std::vector<json>& rows);
std::string verify_text(const std::vector<json>& rows);
std::string limits_text(const std::vector<json>& rows);
std::string comparison_text(const std::vector<json>& rows);  // compare and gate
std::string list_text(const std::vector<json>& rows);
std::string doctor_text(const std::vector<json>& rows);

}  // namespace copycost
