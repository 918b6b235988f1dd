// SPDX-License-Identifier: Apache-2.0
//
// raftpb.Message once more, decoded as simply as it can be: byte by byte, without a quick way, by a table of what each
// field is. It shares the value types with the decoder under test and no code. What both find must be the same, errors
// too. Lifetime: views of the input. Thread-compatible. Cost: some ten times the decoder's. Source: Protocol Buffers
// documentation, "Encoding"; the fields are those of raftpb and eraftpb.
#pragma once
#include <vector>

#include "scenarios/raft/wire/error.h"
#include "scenarios/raft/wire/limits.h"
#include "scenarios/raft/wire/message.h"

namespace copycost::raft::fuzz {

struct reference_message {
  message_head head;
  snapshot_view snapshot;
  bytes_view context;
  std::vector<entry_view> entries;
  std::vector<unknown_field> unknown;
  void clear() {
    head = {};
    snapshot = {};
    context = {};
    entries.clear();
    unknown.clear();
  }
};

// Fills `out`, cleared by the caller. `at` is the offset of the first byte. Errors: as parse_message().
result<void> decode_plainly(bytes_view in, std::uint64_t at, const wire_limits& l, reference_message& out);
// The body of an elided append: as parse_elided(), the head aside. REQUIRES: the counts and lengths fit.
result<void> decode_elided_plainly(bytes_view in, std::uint64_t at, const wire_limits& l, reference_message& out,
                                   std::uint64_t& commit);

// Whether the decoder found the same, bytes included.
bool same(const message_view& m, const reference_message& r);
bool same_but_head(const message_view& m, const reference_message& r);

}  // namespace copycost::raft::fuzz
