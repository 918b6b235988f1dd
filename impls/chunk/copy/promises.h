// SPDX-License-Identifier: Apache-2.0
//
// What the copy design promises of each chunk workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"
#include "scenarios/chunk/workloads/frames.h"
#include "scenarios/chunk/workloads/lines.h"
#include "scenarios/chunk/workloads/reassemble.h"
#include "scenarios/chunk/workloads/retain.h"

namespace copycost::chunk {

inline std::vector<promise> copy_promises() {
  using workloads::frames;
  using workloads::lines;
  using workloads::reassemble;
  using workloads::retain;
  constexpr amount none = [](const params&) { return 0.0; };
  constexpr amount one = [](const params&) { return 1.0; };
  constexpr amount size = [](const params& p) { return static_cast<double>(p.number("size")); };
  constexpr amount half = [](const params& p) { return static_cast<double>(p.number("size") / 2); };
  constexpr amount consumers = [](const params& p) { return static_cast<double>(p.number("consumers")); };
  constexpr amount cuts = [](const params& p) { return 1.0 + static_cast<double>(p.number("compact")); };
  constexpr amount full_lines = [](const params& p) {
    const lines::census c = lines::census_of(p);
    return static_cast<double>(c.lines - c.empty);
  };
  return {
      {"slice", bound::exact, one, half, growth::linear, nullptr, ""},
      {"share", bound::exact, one, size, growth::linear, nullptr, ""},
      {"clone", bound::exact, one, size, growth::linear, nullptr, ""},
      {"frames", bound::exact, [](const params& p) { return frames::mean_of(p).frames; },
       [](const params& p) { return frames::mean_of(p).bytes; }, growth::linear, nullptr, ""},
      {"fan_out", bound::exact, consumers, [](const params& p) { return consumers(p) * size(p); }, growth::linear,
       nullptr, ""},
      {"lines", bound::exact, full_lines,
       [](const params& p) { return static_cast<double>(lines::census_of(p).bytes); }, growth::linear, nullptr, ""},
      {"reassemble", bound::exact, [](const params& p) { return static_cast<double>(reassemble::sizes_of(p).size()); },
       size, growth::linear, nullptr, ""},
      {"codec", bound::exact, [](const params&) { return 2.0; }, [](const params& p) { return 2 * size(p); },
       growth::linear, nullptr, ""},
      {"published", bound::exact, one, half, growth::linear, nullptr, ""},
      {"retain", bound::exact, [](const params& p) { return 1 + cuts(p); },
       [](const params& p) { return cuts(p) * retain::kPiece; }, growth::constant, one, ""},
      {"contended", bound::at_most, one, size, growth::linear, nullptr, "several threads"},
      {"hand_over", bound::at_most, one, size, growth::linear, nullptr, "two threads"},
      {"hand_over_process", bound::at_most, one, none, growth::linear, nullptr,
       "two processes: the kernel copies, the receiver allocates"},
  };
}

inline design_entry copy_card() {
  design_entry d;
  d.about = "every chunk owns its bytes alone: one exact allocation and one copy";
  d.owns = ownership::copies;
  d.obligations = "none";
  d.pick_when = "payloads are small, few or changed by their receivers";
  d.avoid_when = "payloads of kilobytes are shared or sliced";
  d.promises = copy_promises();
  return d;
}

}  // namespace copycost::chunk
