// SPDX-License-Identifier: Apache-2.0
//
// The raft system's model: messages in standard containers, and both directions of all four wire formats written as the
// formats are described, byte by byte. It shares with wire.h, parse.h, encode.h, frame.h and units.h only the types of
// errors and heads. It is obviously correct and slow; designs are compared with it.
//
//   model_message --encode()--> bytes --decode()--> model_message
//   model_message --model_writer--> units of a stream --model_reader--> model_unit, model_message
//
// Lifetime: values that own, except model_view, which borrows from its model.
// Threads: a value.
// Cost: one push_back a byte; copies everything.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "scenarios/raft/contract.h"

namespace copycost::raft {

using byte_string = std::vector<std::byte>;

// Presence as in message.h: bit n says that field n is there.
struct model_entry {
  std::uint64_t term = 0, index = 0;
  byte_string data, context;
  entry_type type = entry_type::normal;
  bool sync_log = false;
  std::uint8_t has = 0;
  std::vector<byte_string> unknown;
  friend bool operator==(const model_entry&, const model_entry&) = default;
};
struct model_snapshot {
  byte_string data, conf_state;
  std::uint64_t index = 0, term = 0;
  std::uint8_t has = 0, metadata_has = 0;
  std::vector<byte_string> unknown, metadata_unknown;
  friend bool operator==(const model_snapshot&, const model_snapshot&) = default;
};
struct model_message {
  message_head head;
  std::vector<model_entry> entries;
  model_snapshot snapshot;
  byte_string context;
  std::vector<byte_string> unknown;
  friend bool operator==(const model_message&, const model_message&) = default;
};

// A model as a message_view. VALID UNTIL: the model is changed or destroyed.
class model_view {
 public:
  explicit model_view(const model_message& m);
  model_view(const model_view&) = delete;
  model_view& operator=(const model_view&) = delete;
  const message_view& view() const { return view_; }  // VALID UNTIL: this or the model is destroyed

 private:
  std::vector<entry_view> entries_;
  std::vector<unknown_field> unknown_;
  message_view view_;
};
model_message model_of(const message_view& m);
// Empty where the view says what the model says, in every field and in what is there; else where they differ first.
std::string difference(const message_view& view, const model_message& model);

namespace oracle {

// Sets every `has` as a writer of the dialect does; fields that it does not have are set to nothing.
void speak(dialect d, model_message& m);

byte_string encode(const model_message& m);
byte_string encode(const model_entry& e);
// The message in `in`, whose first byte is the stream's byte `at`. Errors: those of parse_message(), all fields.
result<model_message> decode(bytes_view in, std::uint64_t at, const wire_limits& l);
// Unknown fields of a message, as they come.
struct unknown_counter {
  std::size_t limit = 0, seen = 0;
  result<void> one_at(std::uint64_t at) {
    if (++seen > limit) return error{errc::too_many_unknown_fields, at, limit, seen};
    return {};
  }
};
result<model_entry> decode_entry(bytes_view in, std::uint64_t at, unknown_counter& unknown);
std::size_t unknown_fields(const model_message& m);

// A frame; the payload's length and, in native ones, both checksums are filled in.
byte_string frame(framing f, frame_head h, bytes_view payload);
frame_head filled(framing f, frame_head h, bytes_view payload);  // the head in it

struct model_unit {
  unit_kind kind = unit_kind::frame;
  frame_head head;
  byte_string payload;
  std::uint64_t at = 0, size = 0;
  std::uint64_t payload_at() const { return at + size - payload.size(); }
  bool is_message() const {
    return kind == unit_kind::frame ? head.type == frame_type::raft_message : kind != unit_kind::link_heartbeat;
  }
};

// Term and index of an append stream, as its two ends know them.
struct model_append {
  std::uint64_t from = 0, to = 0, term = 0, index = 0;
  bool elides(const model_message& m) const;
  void passed(const model_message& m, bool elided);
};

// One direction's sending end.
class model_writer {
 public:
  explicit model_writer(const encoder_options& o) : options_(o) {
    append_.from = o.from;
    append_.to = o.to;
  }
  // Errors: those of the contract's encoder, all fields.
  result<byte_string> message(const model_message& m, const request_id* id = nullptr);
  // What the other end makes of it: the same, except for an elided message, which comes back with the fields that
  // etcd writes. Asked before message().
  model_message arrives(const model_message& m) const;

 private:
  encoder_options options_;
  model_append append_;
};

// One direction's receiving end, which has all bytes from the beginning.
class model_reader {
 public:
  explicit model_reader(const inbox_options& o) : options_(o) {
    append_.from = o.from;
    append_.to = o.to;
  }
  // The unit that begins at the stream's byte `at`; nothing where the stream ends there. Errors: those of the
  // contract's inbox, and truncated.
  result<std::optional<model_unit>> next(bytes_view stream, std::uint64_t at) const;
  result<model_message> message(const model_unit& u);

 private:
  inbox_options options_;
  model_append append_;
};

}  // namespace oracle
}  // namespace copycost::raft
