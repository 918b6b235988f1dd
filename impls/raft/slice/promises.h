// SPDX-License-Identifier: Apache-2.0
//
// What the slice design promises of each raft workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"
#include "impls/raft/common/capture_promises.h"
#include "impls/raft/common/codec_promises.h"
#include "impls/raft/common/pass_promises.h"
#include "impls/raft/common/send_promises.h"
#include "impls/raft/common/stream_promises.h"

namespace copycost::raft {

inline std::vector<promise> slice_promises() {
  using namespace amounts;
  constexpr amount arrived = [](const params&) { return 2.0; };
  return {
      {"head", bound::exact, none, none, growth::linear, nullptr, ""},
      {"encode", bound::exact, none, none, growth::linear, nullptr, ""},
      {"decode", bound::exact, doublings, none, growth::linear, nullptr, ""},
      {"pieces", bound::at_most, arrived, arriving, growth::linear, nullptr,
       "what moves when the room ends depends on where a piece ends; a block that is looked at is left behind"},
      {"pass", bound::at_most, passed_allocs, passed_referring, growth::linear, nullptr, kTwoProcesses},
      capture_referred(),
      {"receive", bound::at_most, received_allocs, received_growing, growth::linear, nullptr, kReads},
      {"stream", bound::at_most, none, streamed_growing, growth::linear, nullptr, kReads},
      {"connect", bound::at_most, connected_allocs<1>, connected_referring, growth::linear, nullptr, kReads},
      {"mix", bound::at_most, mixed_allocs, mixed_referring, growth::linear, nullptr, kTwoThreads},
      {"mix_latency", bound::at_most, mixed_each_allocs, each<mixed_referring>, growth::linear, nullptr, kTwoThreads},
      {"send", bound::exact, none, sent_as_asked, growth::linear, nullptr, ""},
  };
}

inline design_entry slice_card() {
  design_entry d;
  d.about = "gather writes of counted blocks; received messages are slices of the receive buffer";
  d.owns = ownership::counted;
  d.zero_copy = true;
  d.obligations = "none: a message keeps its block alive";
  d.pick_when = "entries are received, applied and forwarded, and their lifetimes differ";
  d.avoid_when = "a few small entries are kept for long (compact them)";
  d.promises = slice_promises();
  return d;
}

}  // namespace copycost::raft
