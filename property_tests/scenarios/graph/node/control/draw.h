// SPDX-License-Identifier: Apache-2.0
// What properties of control nodes draw; inside a running property only.
#pragma once
#include "property_tests/scenarios/graph/node/control/bench.h"
#include "scenarios/common/laws/draw.h"

namespace copycost::graph::testing {

// Numbers of calls that fail, often none.
inline std::set<std::uint64_t> draw_failures() {
  rng random = draw_rng("failures");
  std::set<std::uint64_t> out;
  const std::uint64_t many = draw_bool("some fail") ? draw_number("how many", 1, 80) : 0;
  for (std::uint64_t i = 0; i < many; ++i) out.insert(random.below(160));
  return out;
}
inline std::vector<seen> draw_items(char letter = 'a') {
  rng random = draw_rng("items");
  return drawn_items(letter, draw_number("items", 0, 60), draw_one_of("keys", {1, 3, 50}), random);
}
inline std::vector<std::string> texts(const record& of) {
  std::vector<std::string> out;
  for (const seen& s : of) out.push_back(s.text);
  return out;
}

}  // namespace copycost::graph::testing
