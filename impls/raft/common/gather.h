// SPDX-License-Identifier: Apache-2.0
//
// The sending end that all designs of ours share: a unit as a gather list.
//
//   scratch  [head|fields of the message, small payloads copied ....|fields ...|...]
//   parts    ^--------------------------------------^  ^payload^     ^--------^ ^payload^ ...
//
// A payload of at least `copy_below` bytes is referred to where it lies; below that, copying it beside the fields costs
// less than one more part. A design that copies everything has one part.
//
// Lifetime: a frame keeps its scratch from unit to unit and refers to the message's payload.
// Threads: one at a time.
// Cost: a heartbeat some nanoseconds, no allocation once the scratch is there.
#pragma once
#include <memory>
#include <vector>

#include "scenarios/common/crc32c.h"
#include "scenarios/raft/contract.h"
#include "scenarios/raft/wire/encode.h"

namespace copycost::raft {

class gather_frame {
 public:
  // VALID UNTIL: this is changed or destroyed, or a payload that it refers to moves.
  std::span<const iovec> parts() const { return parts_; }
  std::size_t size() const { return size_; }

 private:
  friend class gather_encoder;
  std::unique_ptr<std::byte[]> scratch_;
  std::size_t room_ = 0, size_ = 0;
  std::vector<iovec> parts_;
};

class gather_encoder {
 public:
  explicit gather_encoder(const encoder_options& o) : options_(o), append_{.from = o.from, .to = o.to} {}

  // The contract's. COPIES: payloads below copy_below.
  result<void> message(const message_view& m, gather_frame& out, const request_id* id);
  result<void> frame(frame_head h, bytes_view payload, gather_frame& out);
  const encoder_options& options() const { return options_; }  // VALID UNTIL: the encoder is destroyed

 private:
  struct writer;
  std::size_t referred(const message_view& m) const;
  static result<void> make_room(std::size_t bytes, gather_frame& out);
  result<void> framed(const message_view& m, gather_frame& out, const request_id* id);
  result<void> appended(const message_view& m, gather_frame& out);
  static void finish(framing f, frame_head& h, gather_frame& out);

  encoder_options options_;
  append_state append_;
};

}  // namespace copycost::raft
