// SPDX-License-Identifier: Apache-2.0
#include "harness/base/params.h"

#include <algorithm>
#include <charconv>

#include "harness/base/check.h"

namespace copycost {

params::params(std::initializer_list<std::pair<std::string_view, std::uint64_t>> numbers) {
  for (const auto& [key, value] : numbers) set(key, value);
}

params& params::set(std::string_view key, std::string_view value) {
  for (auto& [k, v] : entries_)
    if (k == key) {
      v = value;
      return *this;
    }
  entries_.emplace_back(key, value);
  return *this;
}

bool params::has(std::string_view key) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const entry& e) { return e.first == key; });
}

std::string_view params::text(std::string_view key) const {
  for (const auto& [k, v] : entries_)
    if (k == key) return v;
  return {};
}

std::uint64_t params::number(std::string_view key) const {
  const std::string_view value = text(key);
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), out);
  COPYCOST_REQUIRE(error == std::errc() && end == value.data() + value.size());
  return out;
}

std::string params::to_string() const {
  std::string out;
  for (const auto& [k, v] : entries_) out += (out.empty() ? "" : "/") + k + ":" + v;
  return out;
}

}  // namespace copycost
