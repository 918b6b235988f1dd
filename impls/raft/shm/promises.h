// SPDX-License-Identifier: Apache-2.0
//
// What the shm design promises of each raft workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"
#include "impls/raft/common/capture_promises.h"
#include "impls/raft/common/codec_promises.h"
#include "impls/raft/common/pass_promises.h"
#include "impls/raft/common/send_promises.h"
#include "impls/raft/common/stream_promises.h"
#include "impls/raft/shm/link.h"

namespace copycost::raft {

inline std::vector<promise> shm_promises() {
  using namespace amounts;
  // By a link: into a record and out of it below the link's threshold, else the fields alone.
  constexpr amount passed = [](const params& p) {
    if (p.text("by") != "link") return passed_referring(p);
    return p.number("size") < link_options().copy_below ? 2 * static_cast<double>(p.number("size")) + 64 : 64;
  };
  return {
      {"head", bound::exact, none, none, growth::linear, nullptr, ""},
      {"encode", bound::exact, none, none, growth::linear, nullptr, ""},
      {"decode", bound::exact, doublings, none, growth::linear, nullptr, ""},
      {"pieces", bound::at_most, none, arriving, growth::linear, nullptr,
       "what moves when the room ends depends on where a piece ends"},
      {"pass", bound::at_most, passed_allocs, passed, growth::linear, nullptr, kTwoProcesses},
      capture_referred(),
      {"receive", bound::at_most, received_allocs, received_growing, growth::linear, nullptr, kReads},
      {"stream", bound::at_most, none, streamed_growing, growth::linear, nullptr, kReads},
      {"connect", bound::at_most, connected_allocs<0>, connected_referring, growth::linear, nullptr, kReads},
      {"mix", bound::at_most, mixed_allocs, mixed_referring, growth::linear, nullptr, kTwoThreads},
      {"mix_latency", bound::at_most, mixed_each_allocs, each<mixed_referring>, growth::linear, nullptr, kTwoThreads},
      {"send", bound::exact, none, sent_as_asked, growth::linear, nullptr, ""},
  };
}

inline design_entry shm_card() {
  design_entry d;
  d.about = "payload in a segment that members of one host share; between them, descriptors travel and payload stays";
  d.owns = ownership::counted;
  d.zero_copy = true;
  d.obligations =
      "make payload in the segment (what lies elsewhere is copied); trust the processes that can write to the segment";
  d.pick_when = "members of a group live on one host, or what is received goes on to processes of this host";
  d.avoid_when = "every peer is on another host (slice costs less to make and free)";
  // Address space: pages are taken when they are written.
  constexpr amount slab = [](const params& p) {
    return 1024.0 * 1024 * 1024 + (p.has("size") ? 64 * static_cast<double>(p.number("size")) : 0);
  };
  constexpr amount calls = [](const params&) { return 8.0; };
  d.promises = with_mappings(shm_promises(), slab, calls, "a new slab now and then");
  return d;
}

}  // namespace copycost::raft
