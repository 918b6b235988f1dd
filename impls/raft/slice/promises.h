// SPDX-License-Identifier: Apache-2.0
//
// What the slice design promises of each raft workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"

namespace copycost::raft {

inline std::vector<promise> slice_promises() {
  // Beside the head below 4 KiB, and what has come of an unfinished message moves with the end of a receive block.
  constexpr amount passed = [](const params& p) {
    const auto size = static_cast<double>(p.number("size"));
    return (size < 4096 ? 2 : 1) * size + 256;
  };
  constexpr amount few = [](const params&) { return 2.0; };
  return {
      {"pass", bound::at_most, few, passed, growth::linear, nullptr,
       "two processes: how messages lie in what is read at once varies"},
  };
}

inline design_entry slice_card() {
  design_entry d;
  d.about = "gather writes of counted blocks; received messages are slices of the receive buffer";
  d.zero_copy = true;
  d.obligations = "none: a message keeps its block alive";
  d.pick_when = "entries are received, applied and forwarded, and their lifetimes differ";
  d.avoid_when = "a few small entries are kept for long (compact them)";
  d.promises = slice_promises();
  return d;
}

}  // namespace copycost::raft
