// SPDX-License-Identifier: Apache-2.0
//
// What the copy design promises of each event store workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"

namespace copycost::event_store {

inline design_entry copy_card() {
  design_entry d;
  d.about = "copy";
  return d;
}

}  // namespace copycost::event_store
