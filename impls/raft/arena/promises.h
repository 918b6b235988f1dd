// SPDX-License-Identifier: Apache-2.0
//
// What the arena design promises of each raft workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"
#include "impls/raft/common/families.h"

namespace copycost::raft {

inline promise_family arena_promises() {
  using namespace amounts;
  constexpr amount region = [](const params& p) { return 32.0 * 1024 * 1024 + (p.has("size") ? 4 * size(p) : 0); };
  constexpr amount calls = [](const params&) { return 8.0; };
  return view_family<0>()
      .amended({
          promised<workloads::decode>().exact().allocs(none).copied(none).grows(),
          promised<workloads::pieces>()
              .at_most("what moves when the room or the batch ends depends on where a piece ends")
              .allocs(none)
              .copied(arriving)
              .grows(),
      })
      .with_mappings(region, calls, "a new arena, or a new piece of one, now and then");
}

inline design_entry arena_card() {
  design_entry d;
  d.about = "what arrives lies in the arena of a batch, which goes at once when the batch is applied";
  d.owns = ownership::region;
  d.obligations = "say applied() when nobody looks at the batch any more";
  d.pick_when = "messages are handled in batches and nothing outlives them";
  d.avoid_when = "messages are kept for different times";
  d.promises = arena_promises();
  return d;
}

}  // namespace copycost::raft
