// SPDX-License-Identifier: Apache-2.0
//
// What the shm design promises of each raft workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"
#include "impls/raft/common/families.h"
#include "impls/raft/shm/link.h"

namespace copycost::raft {

inline promise_family shm_promises() {
  using namespace amounts;
  // By a link: into a record and out of it below the link's threshold, else the fields alone.
  constexpr amount passed = [](const params& p) {
    if (p.text("by") != "link") return passed_referring(p);
    return p.number("size") < link_options().copy_below ? 2 * size(p) + 64 : 64;
  };
  // Address space: pages are taken when they are written.
  constexpr amount slab = [](const params& p) { return 1024.0 * 1024 * 1024 + (p.has("size") ? 64 * size(p) : 0); };
  constexpr amount calls = [](const params&) { return 8.0; };
  return view_family<0>()
      .amended({promised<workloads::pass>().at_most(kTwoProcesses).allocs(passed_allocs).copied(passed).grows()})
      .with_mappings(slab, calls, "a new slab now and then");
}

inline design_entry shm_card() {
  design_entry d;
  d.about = "payload in a segment that members of one host share; between them, descriptors travel and payload stays";
  d.owns = ownership::counted;
  d.obligations =
      "make payload in the segment (what lies elsewhere is copied); trust the processes that can write to the segment";
  d.pick_when = "members of a group live on one host, or what is received goes on to processes of this host";
  d.avoid_when = "every peer is on another host (slice costs less to make and free)";
  d.promises = shm_promises();
  return d;
}

}  // namespace copycost::raft
