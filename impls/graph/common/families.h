// SPDX-License-Identifier: Apache-2.0
//
// What designs promise of the graph workloads, by how they own bytes. Each design amends one family.
//
// Threads: safe; pure functions.
#pragma once
#include "harness/core/registry.h"
#include "scenarios/graph/workloads/fan_out.h"

namespace copycost::graph {

namespace amounts {
using namespace copycost::amounts;
inline double branches(const params& at) { return number(at, "branches"); }
inline double bytes_of_branches(const params& at) { return branches(at) * size(at); }
}  // namespace amounts

// Every item is one allocation and a copy of its bytes.
inline promise_family copy_family() {
  using namespace amounts;
  return {
      promised<workloads::fan_out>().exact().allocs(branches).copied(bytes_of_branches).grows(),
  };
}

// Items are views of memory that is shared.
inline promise_family view_family() {
  using namespace amounts;
  return {
      promised<workloads::fan_out>().exact().allocs(none).copied(none).grows(),
  };
}

}  // namespace copycost::graph
