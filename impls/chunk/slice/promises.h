// SPDX-License-Identifier: Apache-2.0
//
// What the slice design promises of each chunk workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"
#include "impls/chunk/common/families.h"
#include "impls/common/ref_block.h"

namespace copycost::chunk {

inline design_entry slice_card() {
  design_entry d;
  d.about = "reference-counted slices of immutable blocks";
  d.owns = ownership::counted;
  d.zero_copy = true;
  d.obligations = "none: a chunk keeps its block alive";
  d.pick_when = "payloads are shared, sliced or fanned out";
  d.avoid_when = "tiny pieces of large blocks are kept for long (compact them)";
  d.promises = view_family<1, sizeof(ref_block)>();
  return d;
}

}  // namespace copycost::chunk
