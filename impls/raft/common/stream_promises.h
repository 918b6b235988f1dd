// SPDX-License-Identifier: Apache-2.0
//
// What the workloads of streams and connections cost in units of what was asked for: bounds that designs promise,
// because what one read of a socket brings varies.
//
// Threads: safe; pure functions.
#pragma once
#include "scenarios/raft/workloads/connect.h"
#include "scenarios/raft/workloads/mix.h"
#include "scenarios/raft/workloads/receive.h"
#include "scenarios/raft/workloads/stream.h"

namespace copycost::raft::amounts {

inline constexpr std::string_view kReads = "how much one read of a socket brings varies";
inline constexpr std::string_view kTwoThreads =
    "two threads: how many messages wait, and how they lie in what is read at once, varies";

inline double sized(const params& p) { return static_cast<double>(p.number("size")); }
inline bool to_sink(const params& p) { return p.text("to") == "sink"; }

// A new inbox's first room, and for a payload that is kept whole, 17 times what has come until there is room for all.
inline double received_allocs(const params& p) { return to_sink(p) ? 1 : 4; }
inline double received_growing(const params& p) { return workloads::receive::copied_cap(p); }
inline double streamed_growing(const params& p) { return workloads::stream::copied_cap(p); }

// Both members' rooms and streams, where there is a connection for each message; `each`: of every message.
template <int each>
double connected_allocs(const params& p) {
  return each + (workloads::connect::connects(p) ? 8 : 0);
}
inline double connected_referring(const params& p) { return workloads::connect::copied_cap(p); }
// Into the frame, out of the receive buffer, and the same move.
inline double connected_copying(const params& p) { return 3 * sized(p) + 192; }

// A round of the mix: objects of its snapshot, receive blocks that were still in use, frames over 64 KiB.
inline double mixed_allocs(const params&) { return 400; }
// Appends of small entries beside the head, and half units that move when their block ends or is left.
inline double mixed_referring(const params& p) { return workloads::mix::copied_cap(p); }
// All of it into frames, and what is no piece of a snapshot out of the receive buffer.
inline double mixed_copying(const params& p) {
  const bool pieces = p.text("format") == "native";
  return (pieces ? 1.5 : 3.25) * workloads::mix::round_bytes();
}
// A frame, its parts and a place in its lane for each message that waits beyond those that are kept for use, and the
// above.
inline double mixed_each_allocs(const params&) { return 8; }
// A message of the mix, on average.
template <amount of_round>
double each(const params& p) {
  return of_round(p) / mix_traffic::kMessages;
}

}  // namespace copycost::raft::amounts
