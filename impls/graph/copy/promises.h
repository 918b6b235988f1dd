// SPDX-License-Identifier: Apache-2.0
//
// What the copy design promises of each graph workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"
#include "impls/graph/common/families.h"

namespace copycost::graph {

inline design_entry copy_card() {
  design_entry d;
  d.about = "every item and every branch owns its bytes alone: an exact allocation and a copy";
  d.owns = ownership::copies;
  d.obligations = "none: every item has bytes of its own";
  d.pick_when = "items are small, or every branch writes to its own";
  d.avoid_when = "items of kilobytes go to several branches that read a part of them";
  d.promises = copy_family();
  return d;
}

}  // namespace copycost::graph
