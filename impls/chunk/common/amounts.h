// SPDX-License-Identifier: Apache-2.0
//
// What the chunk workloads cost in units of what was asked for: the amounts that designs promise.
//
// Threads: safe; pure functions.
#pragma once
#include "harness/core/promise.h"
#include "scenarios/chunk/workloads/frames.h"
#include "scenarios/chunk/workloads/lines.h"
#include "scenarios/chunk/workloads/reassemble.h"
#include "scenarios/chunk/workloads/retain.h"

namespace copycost::chunk::amounts {

using copycost::amounts::none, copycost::amounts::number, copycost::amounts::one, copycost::amounts::size,
    copycost::amounts::two;

inline constexpr std::string_view kThreads = "several threads", kTwoThreads = "two threads",
                                  kReceiver = "two processes: the kernel copies, the receiver allocates";

inline double half(const params& at) { return static_cast<double>(at.number("size") / 2); }

// Lines that no chunk holds alone: each is put together in one block.
inline double crossing(const params& at) { return static_cast<double>(workloads::lines::census_of(at).crossing); }
inline double crossing_bytes(const params& at) {
  return static_cast<double>(workloads::lines::census_of(at).crossing_bytes);
}
inline double frames(const params& at) { return workloads::frames::mean_of(at).frames; }
inline double pieces(const params& at) { return static_cast<double>(workloads::reassemble::sizes_of(at).size()); }

// Copies of a chunk that is encoded and decoded.
inline double codings(const params& at) { return at.number("alias") != 0 ? 1.0 : 2.0; }
inline double coded(const params& at) { return codings(at) * size(at); }

inline double compactions(const params& at) { return number(at, "compact"); }
inline double compacted(const params& at) { return compactions(at) * workloads::retain::kPiece; }
// A kept piece keeps its whole block, and `head` bytes that describe it.
template <std::size_t head>
double held(const params& at) {
  using workloads::retain;
  return static_cast<double>((at.number("compact") != 0 ? retain::kPiece : retain::kSource) + head) / retain::kPiece;
}

}  // namespace copycost::chunk::amounts
