// SPDX-License-Identifier: Apache-2.0
//
// Instrumented for the fuzzer: the codec's own templates are made here and nowhere else in the harness.
#include "property_tests/fuzz/recode.h"

#include "scenarios/raft/wire/append_stream.h"

namespace copycost::raft::fuzz {
namespace {

// Where it is encoded: a writer that remembers nothing but where it is.
struct plain_writer {
  std::byte* at;
  void payload(bytes_view bytes) {
    if (bytes.empty()) return;
    std::memcpy(at, bytes.data(), bytes.size());
    at += bytes.size();
  }
};

}  // namespace

bytes_view note_encoded(const message_view& m, journal& to) {
  const std::size_t size = encoded_size(m);
  to.note(size);
  plain_writer w{to.room(size + wire::kVarintMax + wire::kSlack)};
  const std::byte* const begin = w.at;
  encode_message(m, w);
  FUZZ_CHECK(static_cast<std::size_t>(w.at - begin) == size, "encoded_size() is not the size of what is encoded");
  to.wrote(size);
  return to.view().last(size);
}

message_view without_fields(message_view m) {
  constexpr std::uint32_t kRaftRs = bit(field::deprecated_priority) | bit(field::commit_term) | bit(field::priority);
  const snapshot_view& s = m.snapshot;
  if (s.data.empty() && append_state::says_nothing(s.conf_state) && s.index == 0 && s.term == 0) m.snapshot = {};
  m.head.has = fields_of(dialect::etcd, m) | (m.head.has & kRaftRs);
  return m;
}

void canonical::check(bytes_view encoded, const wire_limits& l) {
  parts_.clear();
  entries_.list.clear();
  again_.clear();
  const auto ok = parsed(encoded, 0, l, parts_, entries_);
  FUZZ_CHECK(ok.ok(), "what was decoded and encoded again is refused");
  const bytes_view again = note_encoded(parts_.view, again_);
  FUZZ_CHECK(
      again.size() == encoded.size() && (again.empty() || std::memcmp(again.data(), encoded.data(), again.size()) == 0),
      "what was encoded twice differs");
}

result<void> parsed(bytes_view in, std::uint64_t at, const wire_limits& l, message_parts& parts,
                    entry_vector& entries) {
  return parse_message(in, at, l, parts, entries);
}

}  // namespace copycost::raft::fuzz
