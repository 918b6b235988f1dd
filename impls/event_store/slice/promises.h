// SPDX-License-Identifier: Apache-2.0
//
// What the slice design promises of each event store workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"

namespace copycost::event_store {

inline design_entry slice_card() {
  design_entry d;
  d.about = "slice";
  return d;
}

}  // namespace copycost::event_store
