// SPDX-License-Identifier: Apache-2.0
//
// What the shm design promises of each chunk workload. The judge holds it to every cell. Blocks of the segment are
// counted apart (sub-allocations): `allocs` are calls of the heap, of which this design makes none. Where a workload
// adopts its payload, the copy into the segment is made at set-up, outside of the window.
#pragma once
#include "harness/core/registry.h"
#include "scenarios/chunk/workloads/lines.h"
#include "scenarios/chunk/workloads/retain.h"

namespace copycost::chunk {

inline std::vector<promise> shm_promises() {
  using workloads::lines;
  using workloads::retain;
  constexpr amount none = [](const params&) { return 0.0; };
  constexpr amount size = [](const params& p) { return static_cast<double>(p.number("size")); };
  constexpr amount crossing_bytes = [](const params& p) {
    return static_cast<double>(lines::census_of(p).crossing_bytes);
  };
  constexpr amount codings = [](const params& p) { return (p.number("alias") != 0 ? 1 : 2) * size(p); };
  constexpr amount compacted = [](const params& p) {
    return static_cast<double>(p.number("compact") * retain::kPiece);
  };
  // A kept piece keeps its whole block; what describes the block lies in tables that are there anyhow.
  constexpr amount held = [](const params& p) {
    return static_cast<double>(p.number("compact") != 0 ? retain::kPiece : retain::kSource) / retain::kPiece;
  };
  return {
      {"slice", bound::exact, none, none, growth::constant, nullptr, ""},
      {"share", bound::exact, none, none, growth::constant, nullptr, ""},
      {"clone", bound::exact, none, size, growth::linear, nullptr, ""},
      {"frames", bound::exact, none, none, growth::linear, nullptr, ""},
      {"fan_out", bound::exact, none, none, growth::linear, nullptr, ""},
      {"lines", bound::exact, none, crossing_bytes, growth::linear, nullptr, ""},
      {"reassemble", bound::exact, none, none, growth::linear, nullptr, ""},
      {"codec", bound::exact, none, codings, growth::linear, nullptr, ""},
      {"published", bound::exact, none, none, growth::constant, nullptr, ""},
      {"retain", bound::exact, none, compacted, growth::constant, held, ""},
      {"contended", bound::at_most, none, none, growth::constant, nullptr, "several threads"},
      {"hand_over", bound::at_most, none, none, growth::linear, nullptr, "two threads"},
      {"hand_over_process", bound::at_most, none, none, growth::linear, nullptr,
       "two processes: who sleeps and wakes varies"},
  };
}

inline design_entry shm_card() {
  design_entry d;
  d.about = "reference-counted slices of blocks in a segment that processes share";
  d.owns = ownership::counted;
  d.zero_copy = true;
  d.obligations =
      "build payload in the segment (adopting copies it); trust the processes that can write to the segment";
  d.pick_when = "payloads of kilobytes go to another process, or must outlive a process that may be killed";
  d.avoid_when = "one process does it all, or messages are small and every one is a block of its own";
  d.promises = shm_promises();
  return d;
}

}  // namespace copycost::chunk
