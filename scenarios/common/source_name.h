// SPDX-License-Identifier: Apache-2.0
//
// What the source calls a constant: an enumerator or a function, so that a table need not say its name once more.
// Evaluated by the compiler; the names live as long as the program.
#pragma once
#include <string_view>

namespace copycost {

// Without its namespaces; empty for a value that no enumerator has. VALID UNTIL: the program ends.
template <auto Value>
consteval std::string_view source_name() {
  constexpr std::string_view kMark = "Value = ";
  std::string_view text = __PRETTY_FUNCTION__;  // "... [with auto Value = copycost::chunk::errc::gap; ...]"
  text.remove_prefix(text.find(kMark) + kMark.size());
  text = text.substr(0, text.find_first_of(";]"));
  return text.starts_with('(') ? std::string_view() : text.substr(text.rfind(':') + 1);  // "(copycost::...)28"
}

}  // namespace copycost
