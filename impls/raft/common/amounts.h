// SPDX-License-Identifier: Apache-2.0
//
// What the raft workloads cost in units of what was asked for: the amounts that designs promise.
//
// Threads: safe.
#pragma once
#include <bit>

#include "harness/core/promise.h"
#include "scenarios/raft/workloads/connect.h"
#include "scenarios/raft/workloads/mix.h"
#include "scenarios/raft/workloads/pieces.h"
#include "scenarios/raft/workloads/receive.h"
#include "scenarios/raft/workloads/replay_capture.h"
#include "scenarios/raft/workloads/send.h"
#include "scenarios/raft/workloads/stream.h"

namespace copycost::raft::amounts {

using copycost::amounts::none, copycost::amounts::number, copycost::amounts::one, copycost::amounts::size;
using workloads::replay_capture;

// --- encoding and decoding

// Bytes that entries, snapshots and contexts carry.
inline double payload(const params& p) { return workloads::sizes_of(workloads::asked_of(p)).payload; }
// Whether a decoded message refers to any of the bytes that it came from.
inline bool refers(const params& p) {
  const workloads::asked a = workloads::asked_of(p);
  return a.entries != 0 || a.size != 0;
}
// The whole encoded message, fields included, if anything in it is referred to.
inline double message(const params& p) { return refers(p) ? workloads::sizes_of(workloads::asked_of(p)).message : 0; }
inline double one_if_refers(const params& p) { return refers(p) ? 1 : 0; }
// A fresh message's list of entries doubles its memory until they fit.
inline double doublings(const params& p) {
  const std::size_t n = workloads::asked_of(p).entries;
  const bool fresh = p.has("fresh") && p.number("fresh") != 0;
  return fresh && n != 0 ? static_cast<double>(std::bit_width(n - 1)) + 1 : 0;
}
// The transport's copy, and what moves because the room behind it has ended.
inline double arriving(const params& p) {
  const double unit = workloads::sizes_of(workloads::asked_of(p)).unit;
  return 2 * unit + workloads::pieces::bytes_over(p);
}
inline double arriving_and_message(const params& p) { return arriving(p) + message(p); }

// --- pass: two processes never meet the same way twice

inline constexpr std::string_view kTwoProcesses =
    "two processes: how messages lie in what is read at once, and what grows meanwhile, varies";

// A fresh receive block and its growth, where a message still uses the one before or it was too large to be kept,
// and the message's own bytes; a quarter: what both ends make once, over the operations that are audited.
inline double passed_allocs(const params&) { return 3.25; }
// Through a socket: payloads below 4 KiB go beside the head; what has come of an unfinished message moves to where it
// has room.
inline double passed_referring(const params& p) {
  const auto size = static_cast<double>(p.number("size"));
  return (p.number("size") < 4096 ? 2 : 1) * size + size / 4 + 256;
}
// Into the frame, out of the receive buffer, and the same move.
inline double passed_copying(const params& p) { return 3.25 * static_cast<double>(p.number("size")) + 256; }

// --- send: `adaptive` is exact, too: promise and encoder ask for the same threshold, which is measured once in a
// process

// The payload once, below the threshold that is asked for; and what a pipe copies.
inline double sent_as_asked(const params& p) { return workloads::send::copied_beside(p) + workloads::send::carried(p); }
// The payload once, whatever is asked.
inline double sent_copied(const params& p) {
  return static_cast<double>(p.number("size")) + workloads::send::carried(p);
}

// --- streams and connections: what one read of a socket brings varies

inline constexpr std::string_view kReads = "how much one read of a socket brings varies";
inline constexpr std::string_view kTwoThreads =
    "two threads: how many messages wait, and how they lie in what is read at once, varies";

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
inline double connected_copying(const params& p) { return 3 * size(p) + 192; }

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

// --- replay_capture: where pieces end decides which unfinished units move to where there is room, and memory that
// frames keep is made once, in the first of many operations

inline double captured_bytes(const params& at) { return static_cast<double>(replay_capture::census_of(at).bytes); }
inline double captured_units(const params& at) { return static_cast<double>(replay_capture::census_of(at).units); }
inline double captured_payload(const params& at) { return static_cast<double>(replay_capture::census_of(at).payload); }

// Rooms and frames: a block for each read of 16 KiB is more than any of them needs, beside what grows.
inline double capture_rooms(const params& at) {
  constexpr double kGrowing = 64;
  return kGrowing + (replay_capture::decodes(at) ? captured_bytes(at) / static_cast<double>(replay_capture::kRead) : 0);
}
// Messages, and what is copied of them: each out of the room in one piece, and its payload into a frame.
inline double captured_messages(const params& at) {
  return capture_rooms(at) + (replay_capture::decodes(at) ? captured_units(at) : 0);
}
inline double captured_copies(const params& at) {
  return replay_capture::copied_cap(at) + (replay_capture::decodes(at) ? captured_bytes(at) : 0) +
         (replay_capture::encodes(at) ? captured_payload(at) : 0);
}
// Messages become objects: some allocations for each, and for each entry; everything is copied twice each way.
inline double captured_objects(const params& at) {
  const capture_legs::census c = replay_capture::census_of(at);
  return capture_rooms(at) + 16 * static_cast<double>(c.units) + 4 * static_cast<double>(c.entries);
}
inline double captured_object_bytes(const params& at) {
  const double both = captured_bytes(at) + captured_payload(at);
  return replay_capture::copied_cap(at) + (replay_capture::decodes(at) ? both : 0) +
         (replay_capture::encodes(at) ? both : 0);
}

}  // namespace copycost::raft::amounts
