// SPDX-License-Identifier: Apache-2.0
//
// What designs promise of the graph workloads, by how they own bytes. Each design amends one family.
//
// Threads: safe; pure functions.
#pragma once
#include "harness/core/registry.h"
#include "scenarios/graph/workloads/append.h"

namespace copycost::graph {

// Every bag has bytes of its own: an exact allocation and a copy.
inline promise_family copy_family() {
  using namespace amounts;
  return {
      promised<workloads::append>().exact().allocs(one).copied(size).grows(),
  };
}

}  // namespace copycost::graph
