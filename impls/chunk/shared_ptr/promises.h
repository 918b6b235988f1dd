// SPDX-License-Identifier: Apache-2.0
//
// What is promised of std::shared_ptr over a vector in each chunk workload: bounds, because it is a peer.
#pragma once
#include "harness/core/registry.h"
#include "impls/chunk/common/families.h"

namespace copycost::chunk {

inline promise_family shared_ptr_promises() {
  constexpr int kVector = 2;         // allocations of one: the counts with the vector's head, and its bytes
  constexpr std::size_t kHead = 64;  // bytes of the former, at most
  return view_family<kVector, kHead>().at_most(
      "a peer: what the standard library allocates and copies is its own business");
}

inline design_entry shared_ptr_card() {
  design_entry d;
  d.about = "std::shared_ptr over an immutable std::vector, and a range";
  d.owns = ownership::counted;
  d.zero_copy = true;
  d.peer = true;
  d.obligations = "none: a chunk keeps its vector alive";
  d.pick_when = "the bytes are born in a std::vector and a few owners share them";
  d.avoid_when = "sharing is in an inner loop, memory is foreign, or readers fill large buffers";
  d.promises = shared_ptr_promises();
  return d;
}

}  // namespace copycost::chunk
