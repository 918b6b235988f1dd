// SPDX-License-Identifier: Apache-2.0
//
// What the designs of ours promise of replay_capture, from what the trace holds. All are bounds: where pieces end
// decides which unfinished units move, and memory that frames keep is made once, in the first of many operations.
//
// Threads: safe; pure functions.
#pragma once
#include "harness/core/registry.h"
#include "scenarios/raft/workloads/replay_capture.h"

namespace copycost::raft::amounts {

using workloads::replay_capture;

inline double captured_bytes(const params& at) { return static_cast<double>(replay_capture::census_of(at).bytes); }
inline double captured_units(const params& at) { return static_cast<double>(replay_capture::census_of(at).units); }
inline double captured_payload(const params& at) { return static_cast<double>(replay_capture::census_of(at).payload); }

// Rooms and frames: a block for each read of 16 KiB is more than any of them needs, beside what grows.
inline double capture_rooms(const params& at) {
  constexpr double kGrowing = 64;
  return kGrowing + (replay_capture::decodes(at) ? captured_bytes(at) / static_cast<double>(replay_capture::kRead) : 0);
}
// Payload stays where it arrived: the piece that is brought in, and unfinished units.
inline promise capture_referred() {
  return {"replay_capture",
          bound::at_most,
          capture_rooms,
          replay_capture::copied_cap,
          growth::linear,
          nullptr,
          "unfinished units move when the room ends or the batch does"};
}
// Each message is copied out of the room in one piece, and into a frame its payload is copied, too.
inline promise capture_copied() {
  constexpr amount allocs = [](const params& at) {
    return capture_rooms(at) + (replay_capture::decodes(at) ? captured_units(at) : 0);
  };
  constexpr amount copied = [](const params& at) {
    return replay_capture::copied_cap(at) + (replay_capture::decodes(at) ? captured_bytes(at) : 0) +
           (replay_capture::encodes(at) ? captured_payload(at) : 0);
  };
  return {"replay_capture",
          bound::at_most,
          allocs,
          copied,
          growth::linear,
          nullptr,
          "unfinished units move when the room ends"};
}

// Messages become objects: some allocations for each, and for each entry; everything is copied twice each way.
inline promise capture_decoded_into_objects(std::string_view why) {
  constexpr amount allocs = [](const params& at) {
    const capture_legs::census c = replay_capture::census_of(at);
    return capture_rooms(at) + 16 * static_cast<double>(c.units) + 4 * static_cast<double>(c.entries);
  };
  constexpr amount copied = [](const params& at) {
    const double both = captured_bytes(at) + captured_payload(at);
    return replay_capture::copied_cap(at) + (replay_capture::decodes(at) ? both : 0) +
           (replay_capture::encodes(at) ? both : 0);
  };
  return {"replay_capture", bound::at_most, allocs, copied, growth::linear, nullptr, why};
}

}  // namespace copycost::raft::amounts
