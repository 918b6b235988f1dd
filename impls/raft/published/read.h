// SPDX-License-Identifier: Apache-2.0
//
// The original's way in: exactly the length, exactly the head, exactly the payload, each into a buffer of its own.
//
//   [length] -> [head] -> [000000000 payload]        zero-filled; above 65,536 bytes all of it is reserved at once, and
//                              | copy                filled with zeros 32 KiB before they are read over
//                         [vector]                   what "zero-copy" reading answers
//                              | copy of each field
//                         message
//
// Whatever length a frame claims is reserved before a byte of it has come (up to the limit). Nothing is shown before
// all of it is there: a payload that others show in pieces comes as one piece.
//
// Lifetime: one direction of one connection's.
// Threads: one at a time.
// Cost: an allocation a frame, and what message() says.
#pragma once
#include <array>
#include <deque>
#include <optional>

#include "impls/raft/published/message.h"
#include "impls/raft/published/write.h"

namespace copycost::raft {

class published_inbox {
 public:
  explicit published_inbox(const inbox_options& o);
  // VALID UNTIL: the next call.
  result<std::span<std::byte>> space();
  void wrote(std::size_t n);
  result<arrived> next();
  // COPIES: the encoded message, and every payload in it.
  result<void> message(published_message& out);
  result<copy_bytes> payload();  // COPIES: all of it
  result<void> ended() const;
  std::uint64_t reserved_bytes() const;
  std::uint64_t position() const { return at_; }

 private:
  struct unit {
    frame_head head;
    std::size_t head_size = 0;
    copy_bytes payload;
  };
  void settle();
  void head_came();
  void unit_came();
  void fail(const error& e) { failed_ = e; }

  inbox_options options_;
  wire_limits scanned_;
  // What arrives: a head, then its payload.
  std::array<std::byte, 4 + 256> head_{};
  std::array<std::byte, 64> nowhere_{};  // for what comes behind an error
  std::size_t head_come_ = 0, head_needs_ = 4, come_ = 0, zeroed_ = 0;
  std::uint64_t arriving_at_ = 0;  // the stream's byte with which it begins
  unit arriving_;
  // What has come and is not done with; the first one is what next() showed, if it showed anything.
  std::deque<unit> come_units_;
  bool shown_ = false;
  std::uint64_t at_ = 0;
  std::optional<error> failed_;
  message_parts parts_;
  entry_vector entries_;
};

}  // namespace copycost::raft
