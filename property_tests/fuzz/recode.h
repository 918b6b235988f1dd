// SPDX-License-Identifier: Apache-2.0
//
// What was decoded, encoded again: must be as long as encoded_size() says, decode to the same, and encode to the same.
// Not thread-safe. Cost: two passes over the message, and the decoding.
#pragma once
#include "property_tests/fuzz/check.h"
#include "property_tests/fuzz/journal.h"
#include "scenarios/raft/wire/parse.h"

namespace copycost::raft::fuzz {

// parse_message().
result<void> parsed(bytes_view in, std::uint64_t at, const wire_limits& l, message_parts& parts, entry_vector& entries);
// Notes the encoded message behind its length. VALID UNTIL: the journal's next call.
bytes_view note_encoded(const message_view& m, journal& to);

// The same values, with the fields that a decoder of the elided form says to be there: that form cannot say which were.
message_view without_fields(message_view m);

// A message that was encoded comes back.
class canonical {
 public:
  void check(bytes_view encoded, const wire_limits& l);

 private:
  message_parts parts_;
  entry_vector entries_;
  journal again_;
};

}  // namespace copycost::raft::fuzz
