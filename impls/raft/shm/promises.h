// SPDX-License-Identifier: Apache-2.0
//
// What the shm design promises of each raft workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"
#include "impls/raft/shm/link.h"

namespace copycost::raft {

inline std::vector<promise> shm_promises() {
  // By a link: into a record and out of it below the link's threshold. By a socket: as slice does.
  constexpr amount passed = [](const params& p) {
    const auto size = static_cast<double>(p.number("size"));
    if (p.text("by") == "link") return p.number("size") < link_options().copy_below ? 2 * size + 64 : 0;
    return (size < 4096 ? 2 : 1) * size + 256;
  };
  constexpr amount few = [](const params&) { return 2.0; };
  return {
      {"pass", bound::at_most, few, passed, growth::linear, nullptr,
       "two processes: how messages lie in what is read at once varies"},
  };
}

inline design_entry shm_card() {
  design_entry d;
  d.about = "payload in a segment that members of one host share; between them, descriptors travel and payload stays";
  d.zero_copy = true;
  d.obligations = "make payload in the segment (what lies elsewhere is copied); trust the processes that can write to the segment";
  d.pick_when = "members of a group live on one host, or what is received goes on to processes of this host";
  d.avoid_when = "every peer is on another host (slice costs less to make and free)";
  d.promises = shm_promises();
  return d;
}

}  // namespace copycost::raft
