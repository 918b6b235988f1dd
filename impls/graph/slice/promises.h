// SPDX-License-Identifier: Apache-2.0
//
// What the slice design promises of each graph workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"
#include "impls/graph/common/families.h"

namespace copycost::graph {

inline design_entry slice_card() {
  design_entry d;
  d.about = "items are counted slices of immutable blocks; one count operation for all branches of a fan-out";
  d.owns = ownership::counted;
  d.zero_copy = true;
  d.obligations = "none: an item keeps its block alive";
  d.pick_when = "items go to several branches, or are cut into parts, and their lifetimes differ";
  d.avoid_when = "small parts of large items are kept for long";
  d.promises = view_family<1, 16>();
  return d;
}

}  // namespace copycost::graph
