// SPDX-License-Identifier: Apache-2.0
//
// What the arena design promises of each raft workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"

namespace copycost::raft {

inline std::vector<promise> arena_promises() {
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

inline design_entry arena_card() {
  design_entry d;
  d.about = "what arrives lies in the arena of a batch, which goes at once when the batch is applied";
  d.zero_copy = true;
  d.obligations = "say applied() when nobody looks at the batch any more";
  d.pick_when = "messages are handled in batches and nothing outlives them";
  d.avoid_when = "messages are kept for different times";
  d.promises = arena_promises();
  return d;
}

}  // namespace copycost::raft
