// SPDX-License-Identifier: Apache-2.0
//
// The parameters of a cell: an ordered list of key and value, written `key:value/key:value`.
//
// Threads: a value, which owns its strings.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace copycost {

class params {
 public:
  using entry = std::pair<std::string, std::string>;
  params() = default;
  params(std::initializer_list<std::pair<std::string_view, std::uint64_t>> numbers);

  params& set(std::string_view key, std::string_view value);
  params& set(std::string_view key, std::uint64_t value) { return set(key, std::to_string(value)); }

  bool has(std::string_view key) const;
  // The number under `key`. REQUIRES: the key is there and its value is a decimal number.
  std::uint64_t number(std::string_view key) const;
  // The text under `key`, or an empty one. VALID UNTIL: this object changes.
  std::string_view text(std::string_view key) const;
  const std::vector<entry>& entries() const { return entries_; }

  // "size:4096/hot:1"; empty without parameters.
  std::string to_string() const;

  friend bool operator==(const params&, const params&) = default;

 private:
  std::vector<entry> entries_;
};

}  // namespace copycost
