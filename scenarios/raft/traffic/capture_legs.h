// SPDX-License-Identifier: Apache-2.0
//
// A trace as connections: the bytes of each direction of each connection, where its units end, and what they say, as a
// second reader has it (plain_message.h). For workloads and tests.
//
//   format message    one leg: the trace as it is
//   format compat     one leg: the same messages in frames
//   format msgappv2   a leg for each pair of members: the appends from one to the other
//
// Lifetime: refers to the trace.
// Threads: safe; immutable.
// Cost: a slow reading of every message.
// COPIES: in compat and msgappv2 all.
#pragma once
#include "scenarios/raft/traffic/trace.h"
#include "scenarios/raft/wire/plain_message.h"
#include "scenarios/raft/wire/units.h"

namespace copycost::raft {

struct capture_leg {
  std::uint64_t from = 0, to = 0;         // of an append stream
  bytes_view stream;                      // VALID UNTIL: the legs or the trace are destroyed
  std::vector<std::size_t> ends;          // of units
  std::vector<plain::message> messages;   // one a unit
  bytes_view unit(std::size_t i) const {  // VALID UNTIL: as stream
    const std::size_t begin = i == 0 ? 0 : ends[i - 1];
    return stream.subspan(begin, ends[i] - begin);
  }
};

class capture_legs {
 public:
  // REQUIRES: the format is not native. Throws failure{usage} where a message cannot be read.
  capture_legs(const trace& all, wire_format format);
  const std::vector<capture_leg>& list() const { return list_; }  // VALID UNTIL: this is destroyed

  // What promises and limits are made of.
  struct census {
    std::uint64_t bytes = 0;  // of all streams
    std::uint64_t units = 0, entries = 0;
    std::uint64_t payload = 0;  // that entries, contexts and snapshots carry
    std::uint64_t largest = 0;  // bytes of a unit
  };
  census count() const;

 private:
  void make_append(const trace& all);
  void make_compat(const trace& all);

  std::vector<plain::append_leg> held_;
  std::vector<std::byte> frames_;
  std::vector<capture_leg> list_;
};

}  // namespace copycost::raft
