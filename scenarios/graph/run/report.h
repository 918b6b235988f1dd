// SPDX-License-Identifier: Apache-2.0
//
// What a run counted, and what went wrong in it.
//
//   edge    sent = taken + dropped + left_out + inside        inside is 0 when the run has ended
//   node    in   = what its edges say it took                 out: what it sent, counted once however many edges
//
// Threads: a value.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/graph/error.h"
#include "scenarios/graph/run/channel/limits.h"

namespace copycost::graph {

struct node_report {
  std::string name;
  std::uint64_t in = 0, out = 0;
  std::uint64_t unconnected = 0;    // sent to a port that is open; part of `out`
  std::uint64_t unread = 0;         // taken, and then no reader was left for what became of it
  std::uint64_t skipped = 0;        // taken, failed, and dropped by the strategy
  std::uint64_t retried = 0;        // calls that were made again
  std::uint64_t dead_lettered = 0;  // taken, failed, and sent to the dead-letter port; part of `out`
  std::uint64_t dropped = 0;        // by the node itself (node::dropped)
  bool has_ended = false;
};

struct edge_report {
  unsigned from = 0, from_port = 0, to = 0, to_port = 0;
  std::uint64_t sent = 0;
  std::uint64_t taken = 0;     // the reader is done with it
  std::uint64_t dropped = 0;   // on its way when the run or the reader stopped
  std::uint64_t left_out = 0;  // sent when the reader was gone
  std::uint64_t inside = 0;    // on its way
  channel_stats channel{};
};

struct failure {
  unsigned node = 0;
  std::string name;  // the node's
  error what;
  std::string text;  // of an exception what it says; else to_string(what)
  friend bool operator==(const failure&, const failure&) = default;
};

struct run_report {
  std::vector<node_report> nodes;  // as the plan numbers them
  std::vector<edge_report> edges;
  std::vector<failure> failures;  // the first kFailuresKept
  std::uint64_t failed = 0;       // how often a node failed for good: after its retries
};
inline constexpr std::size_t kFailuresKept = 64;

}  // namespace copycost::graph
