// SPDX-License-Identifier: Apache-2.0
//
// What the copy design promises of each raft workload. The judge holds it to every cell.
#pragma once
#include "harness/core/registry.h"
#include "impls/raft/common/capture_promises.h"
#include "impls/raft/common/codec_promises.h"
#include "impls/raft/common/pass_promises.h"
#include "impls/raft/common/send_promises.h"
#include "impls/raft/common/stream_promises.h"

namespace copycost::raft {

inline std::vector<promise> copy_promises() {
  using namespace amounts;
  constexpr amount decoded = [](const params& p) { return one_if_refers(p) + doublings(p); };
  constexpr amount arrived = [](const params&) { return 4.0; };
  return {
      {"head", bound::exact, none, none, growth::linear, nullptr, ""},
      {"encode", bound::exact, none, payload, growth::linear, nullptr, ""},
      {"decode", bound::exact, decoded, message, growth::linear, nullptr, ""},
      {"pieces", bound::at_most, arrived, arriving_and_message, growth::linear, nullptr,
       "what moves when the room ends depends on where a piece ends; more room than is kept is made anew"},
      {"pass", bound::at_most, passed_allocs, passed_copying, growth::linear, nullptr, kTwoProcesses},
      capture_copied(),
      {"receive", bound::at_most, received_allocs, received_growing, growth::linear, nullptr, kReads},
      {"stream", bound::at_most, none, streamed_growing, growth::linear, nullptr, kReads},
      {"connect", bound::at_most, connected_allocs<1>, connected_copying, growth::linear, nullptr, kReads},
      {"mix", bound::at_most, mixed_allocs, mixed_copying, growth::linear, nullptr, kTwoThreads},
      {"mix_latency", bound::at_most, mixed_each_allocs, each<mixed_copying>, growth::linear, nullptr, kTwoThreads},
      {"send", bound::exact, none, sent_copied, growth::linear, nullptr, ""},
  };
}

inline design_entry copy_card() {
  design_entry d;
  d.about = "frames assembled in one piece, messages copied out of the receive buffer";
  d.owns = ownership::copies;
  d.zero_copy = false;
  d.obligations = "none: a message owns its bytes";
  d.pick_when = "messages are small, or memory must be bounded by what is alive";
  d.avoid_when = "payloads are large or many entries are kept for a moment only";
  d.promises = copy_promises();
  return d;
}

}  // namespace copycost::raft
