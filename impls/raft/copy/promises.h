// SPDX-License-Identifier: Apache-2.0
//
// What the copy design promises of each raft workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"

namespace copycost::raft {

inline std::vector<promise> copy_promises() {
  // Into the frame, out of the receive buffer, and what has come of an unfinished message when that grows.
  constexpr amount passed = [](const params& p) { return 3 * static_cast<double>(p.number("size")) + 256; };
  constexpr amount few = [](const params&) { return 2.0; };
  return {
      {"pass", bound::at_most, few, passed, growth::linear, nullptr,
       "two processes: how messages lie in what is read at once varies"},
  };
}

inline design_entry copy_card() {
  design_entry d;
  d.about = "frames assembled in one piece, messages copied out of the receive buffer";
  d.zero_copy = false;
  d.obligations = "none: a message owns its bytes";
  d.pick_when = "messages are small, or memory must be bounded by what is alive";
  d.avoid_when = "payloads are large or many entries are kept for a moment only";
  d.promises = copy_promises();
  return d;
}

}  // namespace copycost::raft
