// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/input_fit.h"

#include <algorithm>

#include "harness/core/failure.h"
#include "harness/judge/law.h"

namespace copycost {
namespace {

void check_systems(const input_set& inputs) {
  for (const std::string_view name : inputs.named())
    if (std::ranges::none_of(all_law_tables(), [&](const law_table& t) { return t.system == name; }))
      throw failure(exit_code::usage, "--input " + std::string(name) + "=...: no system '" + std::string(name) + "'");
}

}  // namespace

std::string refused_by(std::string_view system, const input_file& in) {
  for (const law_table& t : all_law_tables())
    if (t.system == system && t.refuses_input != nullptr) return t.refuses_input(in);
  return {};
}

std::string check_input_fits(const options& o, const input_set& inputs) {
  check_systems(inputs);
  std::string notes, first;
  bool somebody = false;
  for (const law_table& t : all_law_tables()) {
    const bool selected = std::find(o.systems.begin(), o.systems.end(), t.system) != o.systems.end();
    const input_file* in = inputs.of(t.system);
    if ((!selected && !o.systems.empty()) || in == nullptr) continue;
    const std::string why = refused_by(t.system, *in);
    if (!why.empty() && (selected || inputs.is_for(t.system))) throw failure(exit_code::usage, why);
    somebody = somebody || why.empty();
    if (first.empty()) first = why;
    if (!why.empty()) notes += "copycost: " + std::string(t.system) + " goes without the input: " + why + "\n";
  }
  if (!somebody && !first.empty()) throw failure(exit_code::usage, first);
  return notes;
}

}  // namespace copycost
