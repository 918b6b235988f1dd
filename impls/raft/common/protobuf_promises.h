// SPDX-License-Identifier: Apache-2.0
//
// What libprotobuf is held to in each raft workload, in both peers. Bounds: it is a third party's code.
#pragma once
#include "harness/core/registry.h"
#include "impls/raft/common/capture_promises.h"
#include "impls/raft/common/codec_promises.h"
#include "impls/raft/common/pass_promises.h"
#include "impls/raft/common/send_promises.h"

namespace copycost::raft {

// Allocations of a decoding: none into a message that is used again; into a fresh one at most `per_entry` an entry, and
// the message, lists that double, and what an arena is made of.
template <int per_entry>
std::vector<promise> protobuf_promises() {
  using namespace amounts;
  static constexpr amount decodings = [](const params& p) {
    const double entries = static_cast<double>(workloads::asked_of(p).entries);
    return per_entry * entries + 16;
  };
  constexpr amount encoded = [](const params& p) { return 2 * payload(p); };
  constexpr amount arrived = [](const params& p) { return decodings(p) + 4; };
  constexpr amount arrived_bytes = [](const params& p) { return arriving(p) + message(p); };
  constexpr amount passed = [](const params&) { return 16.0; };
  constexpr amount passed_bytes = [](const params& p) {
    return passed_copying(p) + static_cast<double>(p.number("size"));
  };
  constexpr amount sent = [](const params& p) { return 2.0 * static_cast<double>(p.number("size")); };
  constexpr std::string_view kWhy = "libprotobuf's own affair";
  return {
      {"head", bound::exact, none, none, growth::linear, nullptr, ""},
      {"encode", bound::at_most, none, encoded, growth::linear, nullptr, kWhy},
      {"decode", bound::at_most, decodings, payload, growth::linear, nullptr, kWhy},
      {"pieces", bound::at_most, arrived, arrived_bytes, growth::linear, nullptr, kWhy},
      {"pass", bound::at_most, passed, passed_bytes, growth::linear, nullptr, kTwoProcesses},
      {"send", bound::at_most, none, sent, growth::linear, nullptr, kWhy},
      capture_decoded_into_objects(kWhy),
  };
}

}  // namespace copycost::raft
