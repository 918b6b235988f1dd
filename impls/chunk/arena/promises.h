// SPDX-License-Identifier: Apache-2.0
//
// What the arena design promises of each chunk workload. The judge holds it to every cell. Pieces of the region are
// counted apart (sub-allocations): `allocs` are calls of the heap, of which an arena makes none.
#pragma once
#include "harness/core/registry.h"
#include "impls/chunk/common/families.h"

namespace copycost::chunk {

inline promise_family arena_promises() {
  using namespace amounts;
  using workloads::retain;
  // Nothing that was ever made is given back before the region is; compacting a piece only adds to it.
  constexpr amount region = [](const params& at) {
    return (workloads::retain::kSource + compacted(at)) / workloads::retain::kPiece;
  };
  constexpr amount new_piece = [](const params&) { return 16.0 * 1024 * 1024; };
  return view_family<0, 0>()
      .amended({
          promised<workloads::retain>().exact().allocs(none).copied(compacted).retained(region),
          promised<workloads::hand_over_process>()
              .at_most("two processes: the kernel copies into the receiver's region")
              .allocs(none)
              .copied(none)
              .grows(),
      })
      .with_mappings(new_piece, one, "a new piece of the region now and then");
}

inline design_entry arena_card() {
  design_entry d;
  d.about = "views with a ticket into a region that is freed as a whole";
  d.owns = ownership::region;
  d.zero_copy = true;
  d.obligations =
      "call reset() when nothing of the region is used any more; the context outlives its chunks; one thread makes "
      "chunks";
  d.pick_when = "many pieces live and die together: one request, one batch, one parse";
  d.avoid_when = "lifetimes differ: one chunk that is needed longer keeps everything";
  d.promises = arena_promises();
  return d;
}

}  // namespace copycost::chunk
