// SPDX-License-Identifier: Apache-2.0
//
// What the arena design promises of each chunk workload. The judge holds it to every cell. Pieces of the region are
// counted apart (sub-allocations): `allocs` are calls of the heap, of which an arena makes none.
#pragma once
#include "harness/core/registry.h"
#include "scenarios/chunk/workloads/lines.h"
#include "scenarios/chunk/workloads/retain.h"

namespace copycost::chunk {

inline std::vector<promise> arena_promises() {
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
  // Nothing that was ever made is given back before the region is; compacting a piece only adds to it.
  constexpr amount region = [](const params& p) { return (retain::kSource + compacted(p)) / retain::kPiece; };
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
      {"retain", bound::exact, none, compacted, growth::constant, region, ""},
      {"contended", bound::at_most, none, none, growth::constant, nullptr, "several threads"},
      {"hand_over", bound::at_most, none, none, growth::linear, nullptr, "two threads"},
      {"hand_over_process", bound::at_most, none, none, growth::linear, nullptr,
       "two processes: the kernel copies into the receiver's region"},
  };
}

inline design_entry arena_card() {
  design_entry d;
  d.about = "views with a ticket into a region that is freed as a whole";
  d.owns = ownership::region;
  d.zero_copy = true;
  d.obligations =
      "call reset() when nothing of the region is used any more; the context outlives its chunks; one thread makes "
      "chunks";
  d.pick_when = "many pieces live and die together: one request, one batch, one parse";
  d.avoid_when = "lifetimes differ: one chunk that is needed longer keeps everything";
  constexpr amount region = [](const params&) { return 16.0 * 1024 * 1024; };
  constexpr amount call = [](const params&) { return 1.0; };
  d.promises = with_mappings(arena_promises(), region, call, "a new piece of the region now and then");
  return d;
}

}  // namespace copycost::chunk
