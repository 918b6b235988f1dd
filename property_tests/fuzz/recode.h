// SPDX-License-Identifier: Apache-2.0
//
// What was decoded, encoded again: must be as long as encoded_size() says, decode to the same, and encode to the same.
// Not thread-safe. Cost: two passes over the message, and the decoding.
#pragma once
#include "property_tests/fuzz/check.h"
#include "property_tests/fuzz/journal.h"
#include "scenarios/common/crc32c.h"
#include "scenarios/raft/append_stream.h"

namespace copycost::raft::fuzz {

// Where it is encoded: a writer that remembers nothing but where it is.
struct plain_writer {
  std::byte* at;
  void payload(bytes_view bytes) {
    if (bytes.empty()) return;
    std::memcpy(at, bytes.data(), bytes.size());
    at += bytes.size();
  }
};

// Notes the encoded message behind its length. VALID UNTIL: the journal's next call.
inline bytes_view note_encoded(const message_view& m, journal& to) {
  const std::size_t size = encoded_size(m);
  to.note(size);
  plain_writer w{to.room(size + wire::kVarintMax + wire::kSlack)};
  const std::byte* const begin = w.at;
  encode_message(m, w);
  FUZZ_CHECK(static_cast<std::size_t>(w.at - begin) == size, "encoded_size() is not the size of what is encoded");
  to.wrote(size);
  return to.view().last(size);
}

// The same values, with the fields that a decoder of the elided form says to be there: that form cannot say which were.
inline message_view without_fields(message_view m) {
  constexpr std::uint32_t kRaftRs = bit(field::deprecated_priority) | bit(field::commit_term) | bit(field::priority);
  const snapshot_view& s = m.snapshot;
  if (s.data.empty() && s.conf_state.empty() && s.index == 0 && s.term == 0) m.snapshot = {};
  m.head.has = fields_of(dialect::etcd, m) | (m.head.has & kRaftRs);
  return m;
}

// A message that was encoded comes back.
class canonical {
 public:
  void check(bytes_view encoded, const limits& l) {
    parts_.clear(), entries_.list.clear(), again_.clear();
    const auto ok = parse_message(encoded, 0, l, parts_, entries_);
    FUZZ_CHECK(ok.ok(), "what was decoded and encoded again is refused");
    const bytes_view again = note_encoded(parts_.view, again_);
    FUZZ_CHECK(again.size() == encoded.size() &&
                   (again.empty() || std::memcmp(again.data(), encoded.data(), again.size()) == 0),
               "what was encoded twice differs");
  }

 private:
  message_parts parts_;
  entry_vector entries_;
  journal again_;
};

}  // namespace copycost::raft::fuzz
