// SPDX-License-Identifier: Apache-2.0
//
// What libprotobuf's arena is held to in each raft workload.
#pragma once
#include "impls/raft/common/families.h"

namespace copycost::raft {

inline design_entry protobuf_arena_card() {
  design_entry d;
  d.about = "libprotobuf as the codec in our frames; a message's objects in an arena of its own";
  d.owns = ownership::copies;
  d.peer = true;
  d.obligations = "none";
  d.pick_when = "messages have many small objects and no long strings";
  d.avoid_when = "payloads are strings: their bytes are on the heap in any case";
  d.promises = protobuf_family<3>();
  return d;
}

}  // namespace copycost::raft
