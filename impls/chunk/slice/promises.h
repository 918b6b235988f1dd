// SPDX-License-Identifier: Apache-2.0
//
// What the slice design promises of each chunk workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"
#include "impls/common/ref_block.h"
#include "scenarios/chunk/workloads/lines.h"
#include "scenarios/chunk/workloads/retain.h"

namespace copycost::chunk {

inline std::vector<promise> slice_promises() {
  using workloads::lines;
  using workloads::retain;
  constexpr amount none = [](const params&) { return 0.0; };
  constexpr amount one = [](const params&) { return 1.0; };
  constexpr amount size = [](const params& p) { return static_cast<double>(p.number("size")); };
  constexpr amount compactions = [](const params& p) { return static_cast<double>(p.number("compact")); };
  constexpr amount crossing = [](const params& p) { return static_cast<double>(lines::census_of(p).crossing); };
  constexpr amount crossing_bytes = [](const params& p) {
    return static_cast<double>(lines::census_of(p).crossing_bytes);
  };
  constexpr amount codings = [](const params& p) { return p.number("alias") != 0 ? 1.0 : 2.0; };
  // A kept piece keeps its whole block, header included.
  constexpr amount held = [](const params& p) {
    const std::size_t block = p.number("compact") != 0 ? retain::kPiece : retain::kSource;
    return static_cast<double>(block + sizeof(ref_block)) / retain::kPiece;
  };
  return {
      {"slice", bound::exact, none, none, growth::constant, nullptr, ""},
      {"share", bound::exact, none, none, growth::constant, nullptr, ""},
      {"clone", bound::exact, one, size, growth::linear, nullptr, ""},
      {"frames", bound::exact, none, none, growth::linear, nullptr, ""},
      {"fan_out", bound::exact, none, none, growth::linear, nullptr, ""},
      {"lines", bound::exact, crossing, crossing_bytes, growth::linear, nullptr, ""},
      {"reassemble", bound::exact, none, none, growth::linear, nullptr, ""},
      {"codec", bound::exact, codings, [](const params& p) { return codings(p) * size(p); }, growth::linear, nullptr,
       ""},
      {"published", bound::exact, none, none, growth::constant, nullptr, ""},
      {"retain", bound::exact, [](const params& p) { return 1 + compactions(p); },
       [](const params& p) { return compactions(p) * retain::kPiece; }, growth::constant, held, ""},
      {"contended", bound::at_most, none, none, growth::constant, nullptr, "several threads"},
      {"hand_over", bound::at_most, none, none, growth::linear, nullptr, "two threads"},
      {"hand_over_process", bound::at_most, one, none, growth::linear, nullptr,
       "two processes: the kernel copies, the receiver allocates"},
  };
}

inline design_entry slice_card() {
  design_entry d;
  d.about = "reference-counted slices of immutable blocks";
  d.owns = ownership::counted;
  d.zero_copy = true;
  d.obligations = "none: a chunk keeps its block alive";
  d.pick_when = "payloads are shared, sliced or fanned out";
  d.avoid_when = "tiny pieces of large blocks are kept for long (compact them)";
  d.promises = slice_promises();
  return d;
}

}  // namespace copycost::chunk
