// SPDX-License-Identifier: Apache-2.0
//
// What is promised of std::shared_ptr over a vector in each chunk workload: bounds, because it is a peer.
#pragma once
#include "harness/core/registry.h"
#include "scenarios/chunk/workloads/lines.h"
#include "scenarios/chunk/workloads/retain.h"

namespace copycost::chunk {

inline std::vector<promise> shared_ptr_promises() {
  using workloads::lines;
  using workloads::retain;
  constexpr std::string_view why = "a peer: what the standard library allocates and copies is its own business";
  constexpr double kVector = 2;      // allocations of one: the counts with the vector's head, and its bytes
  constexpr std::size_t kHead = 64;  // bytes of the former, at most
  constexpr amount none = [](const params&) { return 0.0; };
  constexpr amount one = [](const params&) { return kVector; };
  constexpr amount size = [](const params& p) { return static_cast<double>(p.number("size")); };
  constexpr amount crossing = [](const params& p) {
    return kVector * static_cast<double>(lines::census_of(p).crossing);
  };
  constexpr amount crossing_bytes = [](const params& p) {
    return static_cast<double>(lines::census_of(p).crossing_bytes);
  };
  constexpr amount codings = [](const params& p) { return p.number("alias") != 0 ? 1.0 : 2.0; };
  constexpr amount compactions = [](const params& p) { return static_cast<double>(p.number("compact")); };
  constexpr amount held = [](const params& p) {
    const std::size_t bytes = p.number("compact") != 0 ? retain::kPiece : retain::kSource;
    return static_cast<double>(bytes + kHead) / retain::kPiece;
  };
  return {
      {"slice", bound::at_most, none, none, growth::constant, nullptr, why},
      {"share", bound::at_most, none, none, growth::constant, nullptr, why},
      {"clone", bound::at_most, one, size, growth::linear, nullptr, why},
      {"frames", bound::at_most, none, none, growth::linear, nullptr, why},
      {"fan_out", bound::at_most, none, none, growth::linear, nullptr, why},
      {"lines", bound::at_most, crossing, crossing_bytes, growth::linear, nullptr, why},
      {"reassemble", bound::at_most, none, none, growth::linear, nullptr, why},
      {"codec", bound::at_most, [](const params& p) { return kVector * codings(p); },
       [](const params& p) { return codings(p) * size(p); }, growth::linear, nullptr, why},
      {"published", bound::at_most, none, none, growth::constant, nullptr, why},
      {"retain", bound::at_most, [](const params& p) { return kVector * (1 + compactions(p)); },
       [](const params& p) { return compactions(p) * retain::kPiece; }, growth::constant, held, why},
      {"contended", bound::at_most, none, none, growth::constant, nullptr, why},
      {"hand_over", bound::at_most, none, none, growth::linear, nullptr, why},
      {"hand_over_process", bound::at_most, one, none, growth::linear, nullptr, why},
  };
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
