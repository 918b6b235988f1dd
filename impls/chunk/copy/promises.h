// SPDX-License-Identifier: Apache-2.0
//
// What the copy design promises of each chunk workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"
#include "impls/chunk/common/families.h"

namespace copycost::chunk {

inline design_entry copy_card() {
  design_entry d;
  d.about = "every chunk owns its bytes alone: one exact allocation and one copy";
  d.owns = ownership::copies;
  d.obligations = "none";
  d.pick_when = "payloads are small, few or changed by their receivers";
  d.avoid_when = "payloads of kilobytes are shared or sliced";
  d.promises = copy_family();
  return d;
}

}  // namespace copycost::chunk
