// SPDX-License-Identifier: Apache-2.0
//
// What is promised of libzmq's messages in each graph workload: bounds, because it is a peer. Not a zero-copy design
// by the caps of the scenario: small messages are copied with their handles.
#pragma once
#include "harness/core/registry.h"
#include "impls/graph/common/families.h"

namespace copycost::graph {

inline promise_family zeromq_promises() {
  using namespace amounts;
  constexpr amount borrowing_strings = [](const params& at) {
    return own_strings(at) + 2 * (all_strings(at) - own_strings(at));
  };
  constexpr amount held_in_soak = [](const params&) { return 1 + 40 / workloads::soak::mean_size(); };
  constexpr std::string_view kTwoBlocks = "a part is two allocations: libzmq's block, and what keeps the text";
  constexpr amount borrowing_lines = [](const params& at) { return 2 * lines_of(at); };
  return view_family<1, 40>().amended({
      promised<workloads::transform>()
          .at_most("libzmq does not tell whether a message is the only one: what is written to is copied")
          .allocs(one)
          .copied(size)
          .grows(),
      promised<workloads::json_strings>()
          .at_most(kTwoBlocks)
          .allocs(borrowing_strings)
          .copied(bytes_of_own_strings)
          .grows(),
      promised<workloads::soak>()
          .at_most("an item of 8 bytes lies in the message itself")
          .allocs(two)
          .copied(soaked)
          .retained_at_most(held_in_soak),
      promised<workloads::lines>().at_most(kTwoBlocks).allocs(borrowing_lines).copied(none).grows(),
  });
}

inline design_entry zeromq_card() {
  design_entry d;
  d.about = "messages of libzmq, counted by it";
  d.peer = true;
  d.owns = ownership::counted;
  d.handle_payload_bytes = 33;
  d.obligations = "none: a message keeps its block alive";
  d.pick_when = "items leave through a ZeroMQ socket anyway";
  d.avoid_when = "many parts of one item are made, or items are written to";
  d.promises = zeromq_promises();
  return d;
}

}  // namespace copycost::graph
