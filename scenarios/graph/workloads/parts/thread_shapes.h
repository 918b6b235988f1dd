// SPDX-License-Identifier: Apache-2.0
//
// Shapes of threads that items go through: which role takes from which edges, and gives to which.
//
//   1p1c      P -> C                    1p3c   P -> C, C, C
//   pipeline  P -> C -> C -> C          3p1c   P, P, P -> C         diamond   P -> C, C -> C
//
// Threads: safe; pure functions.
// Source: Thompson et al., "Disruptor: high performance alternative to bounded queues" (2011), figure 1.
#pragma once
#include <algorithm>
#include <string_view>
#include <vector>

namespace copycost::graph::workloads {

// A role: the edges that it takes from, none for a producer, and those that it gives to.
struct role_edges {
  std::vector<unsigned> in, out;
};
inline constexpr std::size_t kRolesMost = 3;  // producers of a shape, and edges of a role

inline std::vector<role_edges> roles_of(std::string_view shape) {
  if (shape == "1p1c") return {{{}, {0}}, {{0}, {}}};
  if (shape == "1p3c") return {{{}, {0, 1, 2}}, {{0}, {}}, {{1}, {}}, {{2}, {}}};
  if (shape == "pipeline") return {{{}, {0}}, {{0}, {1}}, {{1}, {2}}, {{2}, {}}};
  if (shape == "3p1c") return {{{}, {0}}, {{}, {1}}, {{}, {2}}, {{0, 1, 2}, {}}};
  return {{{}, {0, 1}}, {{0}, {2}}, {{1}, {3}}, {{2, 3}, {}}};
}
inline bool leads_to(const role_edges& from, const role_edges& to) {
  return std::ranges::find_first_of(from.out, to.in) != from.out.end();
}

}  // namespace copycost::graph::workloads
