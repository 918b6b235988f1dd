// SPDX-License-Identifier: Apache-2.0
//
// A second reader of raftpb.Message, for tests and tools that must know what a captured message says without the code
// under test: it shares nothing with parse.h and encode.h, and is slow. Also etcd's append stream from such messages.
//
// Lifetime: borrows: payload stays where it was read.
// Threads: safe; pure functions.
#pragma once
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "scenarios/raft/wire/message.h"

namespace copycost::raft::plain {

// A field as it is on the wire: a number, or bytes.
struct field {
  unsigned number = 0;
  bool has_bytes = false;
  std::uint64_t value = 0;
  bytes_view bytes;  // VALID UNTIL: the input is gone
};
// All fields, in order. Throws failure{usage} where they do not fill the bytes.
std::vector<field> fields_of(bytes_view in);
// They written again. COPIES: all of it.
std::vector<std::byte> written(const std::vector<field>& fields);

struct entry {
  std::uint64_t type = 0, term = 0, index = 0;
  bool has_data = false;
  bytes_view data;
  bytes_view whole;  // as encoded
};
struct message {
  std::uint64_t type = 0, to = 0, from = 0, term = 0, log_term = 0, index = 0, commit = 0, reject = 0, reject_hint = 0;
  std::vector<entry> entries;
  bytes_view context, snapshot_data;
  std::uint64_t snapshot_index = 0, snapshot_term = 0;
};
// Throws failure{usage} as fields_of().
message read(bytes_view in);

// What a member writes into its append stream to one other.
struct append_leg {
  std::uint64_t from = 0, to = 0;
  std::vector<std::byte> stream;
  std::vector<std::size_t> ends;  // of units, in the stream
  std::vector<message> messages;  // what they say
  std::size_t elided = 0;
};
// The appends among these messages as streams, by (from, to). Source: etcd 3.4, rafthttp/msgappv2_codec.go.
class append_legs {
 public:
  void add(bytes_view encoded);  // other messages are passed over
  std::vector<append_leg> take();

 private:
  struct running {
    append_leg leg;
    std::uint64_t term = 0, index = 0;
  };
  std::map<std::pair<std::uint64_t, std::uint64_t>, running> legs_;
};

}  // namespace copycost::raft::plain
