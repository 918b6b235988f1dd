// SPDX-License-Identifier: Apache-2.0
//
// What is promised of libzmq's messages in each graph workload: bounds, because it is a peer.
#pragma once
#include "harness/core/registry.h"
#include "impls/graph/common/families.h"

namespace copycost::graph {

inline design_entry zeromq_card() {
  design_entry d;
  d.about = "messages of libzmq, counted by it";
  d.peer = true;
  d.owns = ownership::counted;
  d.zero_copy = true;
  d.handle_payload_bytes = 33;
  d.obligations = "none: a message keeps its block alive";
  d.pick_when = "items leave through a ZeroMQ socket anyway";
  d.avoid_when = "many parts of one item are made, or items are written to";
  d.promises = view_family<1, 40>();
  return d;
}

}  // namespace copycost::graph
