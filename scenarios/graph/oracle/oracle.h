// SPDX-License-Identifier: Apache-2.0
//
// The oracle of the graph system: a bag in a standard container. Nothing here knows a design.
//
// Threads: a value.
// Cost: everything copies.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace copycost::graph {

struct model_bag {
  std::vector<std::byte> bytes;
  void append(std::span<const std::byte> more) { bytes.insert(bytes.end(), more.begin(), more.end()); }
};

}  // namespace copycost::graph
