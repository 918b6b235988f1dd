// SPDX-License-Identifier: Apache-2.0
//
// Where two JSON values differ, for comparison with rows that are written out in a test: numbers are equal up to
// rounding. Pure.
#pragma once
#include <algorithm>
#include <cmath>
#include <string>

#include "harness/base/json.h"

namespace copycost {

// One line that names the first place and both values; empty when they are equal.
inline std::string first_difference(const json& got, const json& expected, const std::string& at = "") {
  const std::string both = at + ": got " + got.dump() + ", expected " + expected.dump();
  if (got.is_number() && expected.is_number()) {
    const double scale = std::max({1.0, std::fabs(got.number()), std::fabs(expected.number())});
    return std::fabs(got.number() - expected.number()) <= 1e-9 * scale ? "" : both;
  }
  if (got.is_object() && expected.is_object()) {
    for (const auto& [key, value] : expected.members())
      if (auto d = first_difference(got[key], value, at + "/" + key); !d.empty()) return d;
    for (const auto& [key, value] : got.members())
      if (!expected.has(key)) return at + "/" + key + ": got " + value.dump() + ", expected nothing";
    return "";
  }
  if (got.is_array() && expected.is_array() && got.items().size() == expected.items().size()) {
    for (std::size_t i = 0; i < got.items().size(); ++i)
      if (auto d = first_difference(got.items()[i], expected.items()[i], at + "[" + std::to_string(i) + "]");
          !d.empty())
        return d;
    return "";
  }
  return got == expected ? "" : both;
}

}  // namespace copycost
