// SPDX-License-Identifier: Apache-2.0
//
// What the codec workloads cost in units of what was asked for: the amounts that designs promise.
//
// Threads: safe; pure functions.
#pragma once
#include <bit>

#include "scenarios/raft/workloads/pieces.h"

namespace copycost::raft::amounts {

inline double none(const params&) { return 0; }
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

}  // namespace copycost::raft::amounts
