// SPDX-License-Identifier: Apache-2.0
// Bytes from "00 0A ff"; for tests.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace copycost::raft {

inline std::vector<std::byte> hex(std::string_view text) {
  std::vector<std::byte> out;
  std::string digits;
  for (const char c : text) {
    if (c == ' ' || c == '|' || c == '\n') continue;
    digits.push_back(c);
    if (digits.size() < 2) continue;
    out.push_back(static_cast<std::byte>(std::stoul(digits, nullptr, 16)));
    digits.clear();
  }
  return out;
}

}  // namespace copycost::raft
