// SPDX-License-Identifier: Apache-2.0
//
// What the arena design promises of each raft workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"
#include "impls/raft/common/capture_promises.h"
#include "impls/raft/common/codec_promises.h"
#include "impls/raft/common/pass_promises.h"
#include "impls/raft/common/send_promises.h"
#include "impls/raft/common/stream_promises.h"

namespace copycost::raft {

inline std::vector<promise> arena_promises() {
  using namespace amounts;
  return {
      {"head", bound::exact, none, none, growth::linear, nullptr, ""},
      {"encode", bound::exact, none, none, growth::linear, nullptr, ""},
      {"decode", bound::exact, none, none, growth::linear, nullptr, ""},
      {"pieces", bound::at_most, none, arriving, growth::linear, nullptr,
       "what moves when the room or the batch ends depends on where a piece ends"},
      {"pass", bound::at_most, passed_allocs, passed_referring, growth::linear, nullptr, kTwoProcesses},
      capture_referred(),
      {"receive", bound::at_most, received_allocs, received_growing, growth::linear, nullptr, kReads},
      {"stream", bound::at_most, none, streamed_growing, growth::linear, nullptr, kReads},
      {"connect", bound::at_most, connected_allocs<0>, connected_referring, growth::linear, nullptr, kReads},
      {"mix", bound::at_most, mixed_allocs, mixed_referring, growth::linear, nullptr, kTwoThreads},
      {"mix_latency", bound::at_most, mixed_each_allocs, each<mixed_referring>, growth::linear, nullptr, kTwoThreads},
      {"send", bound::exact, none, sent_as_asked, growth::linear, nullptr, ""},
  };
}

inline design_entry arena_card() {
  design_entry d;
  d.about = "what arrives lies in the arena of a batch, which goes at once when the batch is applied";
  d.owns = ownership::region;
  d.zero_copy = true;
  d.obligations = "say applied() when nobody looks at the batch any more";
  d.pick_when = "messages are handled in batches and nothing outlives them";
  d.avoid_when = "messages are kept for different times";
  constexpr amount region = [](const params& p) {
    return 32.0 * 1024 * 1024 + (p.has("size") ? 4 * static_cast<double>(p.number("size")) : 0);
  };
  constexpr amount calls = [](const params&) { return 8.0; };
  d.promises = with_mappings(arena_promises(), region, calls, "a new arena, or a new piece of one, now and then");
  return d;
}

}  // namespace copycost::raft
