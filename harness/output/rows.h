// SPDX-License-Identifier: Apache-2.0
//
// The rows of commands that are no run: verify, compare and gate, list. What is absent is not 0.
//
// Threads: a value.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "harness/base/json.h"
#include "harness/base/words.h"
#include "harness/core/registry.h"
#include "harness/core/verdict.h"
#include "harness/env/env.h"
#include "harness/judge/law.h"
#include "harness/judge/law_outcome.h"

namespace copycost {

// A row of `verify`: of a law, of the oracle, or of what a design makes of an input.
struct law_row {
  std::string system, design, law;
  std::int64_t cases = 0;
  law_verdict said = law_verdict::holds;
  std::string replay, counterexample;
  struct of_input {
    std::string name, sha256;  // empty where the system refuses it
    input_result made;
  };
  std::optional<of_input> input;
  std::optional<std::string> why;
  std::optional<exit_code> code;  // of why
};

// A number or a word of a file; nothing where it has none.
using figure = std::variant<std::monostate, double, std::string>;
inline bool is_absent(const figure& f) { return std::holds_alternative<std::monostate>(f); }
inline figure figure_of(const std::optional<double>& value) { return value ? figure(*value) : figure(); }
// How many times the base the head is; nothing unless both are numbers, and the base more than 0.
inline std::optional<double> times(const figure& base, const figure& head) {
  const auto *before = std::get_if<double>(&base), *now = std::get_if<double>(&head);
  return before != nullptr && now != nullptr && *before > 0 ? std::optional(*now / *before) : std::nullopt;
}

enum class difference {
  not_separated,
  not_measured,
  slower,
  faster,
  changed,
  missing,          // only in the base
  not_in_base,      // only in the head
  not_in_baseline,  // gate
};
inline constexpr worded<difference> kDifferenceWords[] = {
    {difference::not_separated, to_string(verdict::not_separated)},
    {difference::not_measured, to_string(verdict::not_measured)},
    {difference::slower, "slower"},
    {difference::faster, "faster"},
    {difference::changed, "changed"},
    {difference::missing, "missing"},
    {difference::not_in_base, "not in base"},
    {difference::not_in_baseline, "not in the baseline"}};
static_assert(names_all(kDifferenceWords, difference::not_in_baseline));
constexpr std::string_view to_string(difference d) { return text_of(kDifferenceWords, d); }

// A row of `compare` or `gate`.
struct compare_row {
  std::string cell, metric;
  figure base, head;
  difference said = difference::changed;
  std::optional<double> ratio, low, high;
  std::optional<double> detectable;
  std::optional<std::string> why;
};

struct list_row {
  cell what;
  std::optional<double> estimate_s;
  std::string why;  // where there is none
};

json to_json(const law_row& row);
json to_json(const compare_row& row);
json to_json(const list_row& row);
json to_json(const figure& value);
namespace env {
json to_json(const check& row);
}

}  // namespace copycost
