// SPDX-License-Identifier: Apache-2.0
//
// Part of blueprint.cc: what is wrong with names, in words.
//
// Threads: safe, pure functions.
// Cost: of writing a line.
#pragma once
#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace copycost::graph::words {

// "is nothing", or "are: a, b, c" of what has names; of many the first ones.
template <class Named>
std::string list_of(const std::vector<Named>& all) {
  constexpr std::size_t kShown = 16;
  if (all.empty()) return "is none";
  std::string out = all.size() == 1 ? "is: " : "are: ";
  for (std::size_t i = 0; i < all.size() && i < kShown; ++i) out += (i > 0 ? ", " : "") + all[i].name;
  if (all.size() > kShown) out += fmt::format(" and {} more", all.size() - kShown);
  return out;
}

// "the node's name 'a b' may not have ' ' at position 1".
inline std::string bad_name(std::string_view kind, std::string_view name, std::size_t at, std::size_t limit) {
  if (name.empty()) return fmt::format("the name of the {} is empty", kind);
  if (at >= limit)
    return fmt::format("the name of the {} has {} bytes, limit {}: '{}'", kind, name.size(), limit, name);
  return fmt::format("the name of the {}, '{}', has a character at position {} that is none of A-Z a-z 0-9 _ . -{}",
                     kind, name, at, at == 0 ? " or a digit first" : "");
}

// "node 'parse' has no output 'outt'; there are: out, dead".
template <class Named>
std::string no_port(std::string_view node, bool input, std::optional<std::string_view> wanted,
                    const std::vector<Named>& all) {
  const char* const kind = input ? "input" : "output";
  if (all.empty() || !wanted) return fmt::format("node '{}' has no {}", node, kind);
  return fmt::format("node '{}' has no {} '{}'; there {}", node, kind, *wanted, list_of(all));
}

}  // namespace copycost::graph::words
