// SPDX-License-Identifier: Apache-2.0
//
// What the slice design promises of each chunk workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"

namespace copycost::chunk {

inline design_entry slice_card() {
  constexpr amount none = [](const params&) { return 0.0; };
  design_entry d;
  d.about = "reference-counted slices of immutable blocks";
  d.zero_copy = true;
  d.obligations = "none: a chunk keeps its block alive";
  d.pick_when = "payloads are shared, sliced or fanned out";
  d.avoid_when = "tiny pieces of large blocks are kept for long (compact them)";
  d.promises = {
      {"slice", bound::exact, none, none, growth::constant, nullptr, ""},
  };
  return d;
}

}  // namespace copycost::chunk
