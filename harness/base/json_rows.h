// SPDX-License-Identifier: Apache-2.0
//
// Between rows and JSON: what both directions share.
//
// Threads: safe; pure functions.
#pragma once
#include <optional>
#include <vector>

#include "harness/base/json.h"

namespace copycost {

// One element a row, by its to_json().
template <class Row>
json::array json_rows(const std::vector<Row>& rows) {
  json::array out;
  for (const Row& row : rows) out.push_back(to_json(row));
  return out;
}

// What is absent is null.
template <class T>
json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json();
}
inline std::optional<double> number_of(const json& value) {
  return value.is_number() ? std::optional(value.number()) : std::nullopt;
}

}  // namespace copycost
