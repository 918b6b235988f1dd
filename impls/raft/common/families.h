// SPDX-License-Identifier: Apache-2.0
//
// What designs promise of the raft workloads: those whose messages refer to where their payload lies (slice, arena,
// shm), those that copy it (copy, published), and libprotobuf, whose messages become objects. Each design amends one of
// them. A workload that a design does not offer has no promise.
//
// Threads: safe.
#pragma once
#include "impls/raft/common/amounts.h"
#include "scenarios/raft/workloads/decode.h"
#include "scenarios/raft/workloads/encode.h"
#include "scenarios/raft/workloads/head.h"
#include "scenarios/raft/workloads/mix_latency.h"
#include "scenarios/raft/workloads/pass.h"

namespace copycost::raft {

inline constexpr std::string_view kRoomEnds = "what moves when the room ends depends on where a piece ends";

// `connected`: allocations of a message that comes on a connection.
template <int connected>
promise_family view_family() {
  using namespace amounts;
  constexpr std::string_view kUnfinished = "unfinished units move when the room ends or the batch does";
  return {
      promised<workloads::head>().exact().allocs(none).copied(none).grows(),
      promised<workloads::encode>().exact().allocs(none).copied(none).grows(),
      promised<workloads::decode>().exact().allocs(doublings).copied(none).grows(),
      promised<workloads::pieces>().at_most(kRoomEnds).allocs(none).copied(arriving).grows(),
      promised<workloads::pass>().at_most(kTwoProcesses).allocs(passed_allocs).copied(passed_referring).grows(),
      promised<workloads::replay_capture>()
          .at_most(kUnfinished)
          .allocs(capture_rooms)
          .copied(replay_capture::copied_cap)
          .grows(),
      promised<workloads::receive>().at_most(kReads).allocs(received_allocs).copied(received_growing).grows(),
      promised<workloads::stream>().at_most(kReads).allocs(none).copied(streamed_growing).grows(),
      promised<workloads::connect>()
          .at_most(kReads)
          .allocs(connected_allocs<connected>)
          .copied(connected_referring)
          .grows(),
      promised<workloads::mix>().at_most(kTwoThreads).allocs(mixed_allocs).copied(mixed_referring).grows(),
      promised<workloads::mix_latency>()
          .at_most(kTwoThreads)
          .allocs(mixed_each_allocs)
          .copied(each<mixed_referring>)
          .grows(),
      promised<workloads::send>().exact().allocs(none).copied(sent_as_asked).grows(),
  };
}

inline promise_family copy_family() {
  using namespace amounts;
  constexpr amount decoded = [](const params& p) { return one_if_refers(p) + doublings(p); };
  constexpr amount arrived = [](const params&) { return 4.0; };
  return {
      promised<workloads::head>().exact().allocs(none).copied(none).grows(),
      promised<workloads::encode>().exact().allocs(none).copied(payload).grows(),
      promised<workloads::decode>().exact().allocs(decoded).copied(message).grows(),
      promised<workloads::pieces>()
          .at_most("what moves when the room ends depends on where a piece ends; more room than is kept is made anew")
          .allocs(arrived)
          .copied(arriving_and_message)
          .grows(),
      promised<workloads::pass>().at_most(kTwoProcesses).allocs(passed_allocs).copied(passed_copying).grows(),
      promised<workloads::replay_capture>()
          .at_most("unfinished units move when the room ends")
          .allocs(captured_messages)
          .copied(captured_copies)
          .grows(),
      promised<workloads::receive>().at_most(kReads).allocs(received_allocs).copied(received_growing).grows(),
      promised<workloads::stream>().at_most(kReads).allocs(none).copied(streamed_growing).grows(),
      promised<workloads::connect>().at_most(kReads).allocs(connected_allocs<1>).copied(connected_copying).grows(),
      promised<workloads::mix>().at_most(kTwoThreads).allocs(mixed_allocs).copied(mixed_copying).grows(),
      promised<workloads::mix_latency>()
          .at_most(kTwoThreads)
          .allocs(mixed_each_allocs)
          .copied(each<mixed_copying>)
          .grows(),
      promised<workloads::send>().exact().allocs(none).copied(sent_copied).grows(),
  };
}

// Bounds: it is a third party's code. A decoding allocates nothing into a message that is used again; into a fresh one
// at most `per_entry` an entry, and the message, lists that double, and what an arena is made of.
template <int per_entry>
promise_family protobuf_family() {
  using namespace amounts;
  static constexpr amount decodings = [](const params& p) {
    return per_entry * static_cast<double>(workloads::asked_of(p).entries) + 16;
  };
  constexpr amount encoded = [](const params& p) { return 2 * payload(p); };
  constexpr amount arrived = [](const params& p) { return decodings(p) + 4; };
  constexpr amount passed = [](const params&) { return 16.0; };
  constexpr amount passed_bytes = [](const params& p) { return passed_copying(p) + size(p); };
  constexpr amount sent = [](const params& p) { return 2 * size(p); };
  constexpr std::string_view kWhy = "libprotobuf's own affair";
  return copy_family().amended({
      promised<workloads::encode>().at_most(kWhy).allocs(none).copied(encoded).grows(),
      promised<workloads::decode>().at_most(kWhy).allocs(decodings).copied(payload).grows(),
      promised<workloads::pieces>().at_most(kWhy).allocs(arrived).copied(arriving_and_message).grows(),
      promised<workloads::pass>().at_most(kTwoProcesses).allocs(passed).copied(passed_bytes).grows(),
      promised<workloads::replay_capture>()
          .at_most(kWhy)
          .allocs(captured_objects)
          .copied(captured_object_bytes)
          .grows(),
      promised<workloads::send>().at_most(kWhy).allocs(none).copied(sent).grows(),
  });
}

}  // namespace copycost::raft
