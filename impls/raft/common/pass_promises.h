// SPDX-License-Identifier: Apache-2.0
//
// What `pass` costs in units of what was asked for: bounds that designs promise, because two processes meet in another
// way each time.
//
// Threads: safe; pure functions.
#pragma once
#include "harness/core/registry.h"

namespace copycost::raft::amounts {

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

}  // namespace copycost::raft::amounts
