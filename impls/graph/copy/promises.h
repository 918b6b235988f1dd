// SPDX-License-Identifier: Apache-2.0
//
// What the copy design promises of each graph workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"
#include "impls/graph/common/families.h"

namespace copycost::graph {

inline design_entry copy_card() {
  design_entry d;
  d.about = "every bag owns its bytes alone: an exact allocation and a copy";
  d.owns = ownership::copies;  // or counted, or region: what its times stand beside
  d.obligations = "none";
  d.pick_when = "pieces are small";
  d.avoid_when = "pieces of kilobytes are only read";
  d.promises = copy_family();
  return d;
}

}  // namespace copycost::graph
