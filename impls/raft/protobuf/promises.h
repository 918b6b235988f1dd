// SPDX-License-Identifier: Apache-2.0
//
// What libprotobuf is held to in each raft workload, as a codec of our frames.
#pragma once
#include "impls/raft/common/families.h"

namespace copycost::raft {

inline design_entry protobuf_card() {
  design_entry d;
  d.about = "libprotobuf as the codec in our frames; messages on the heap";
  d.owns = ownership::copies;
  d.peer = true;
  d.obligations = "none";
  d.pick_when = "the schema changes more often than the traffic matters";
  d.avoid_when = "appends carry many entries: each becomes objects and copies";
  d.promises = protobuf_family<3>();
  return d;
}

}  // namespace copycost::raft
