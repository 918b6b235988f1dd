// SPDX-License-Identifier: Apache-2.0
//
// What the copy design promises of each chunk workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"

namespace copycost::chunk {

inline design_entry copy_card() {
  constexpr amount one = [](const params&) { return 1.0; };
  design_entry d;
  d.about = "every chunk owns its bytes alone: one exact allocation and one copy";
  d.obligations = "none";
  d.pick_when = "payloads are small, few or changed by their receivers";
  d.avoid_when = "payloads of kilobytes are shared or sliced";
  d.promises = {
      {"slice", bound::exact, one, [](const params& p) { return static_cast<double>(p.number("size") / 2); }, growth::linear, nullptr, ""},
  };
  return d;
}

}  // namespace copycost::chunk
