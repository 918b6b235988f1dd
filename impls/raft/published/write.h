// SPDX-License-Identifier: Apache-2.0
//
// The original's way out: the message is serialised into a vector, and the vector is written through two more buffers.
//
//   message --copy--> [payload]           capacity from the encoded length: no growth
//   buffer 1          [head ..........]   room for the payload, too, which never comes; then 256 bytes more are asked
//                                         for
//   buffer 2          [length|head|payload]   <--copy-- both of them; one write
//   above 65,536:     [length] [head] [32 KiB] [32 KiB] ...   as separate writes
//
// Nothing is used again: all buffers belong to one message.
//
// Lifetime: a frame owns what its parts show, except the payload of frame() above 65,536 bytes, which is the caller's.
// Threads: one at a time.
#pragma once
#include <vector>

#include "impls/raft/common/owned_bytes.h"

namespace copycost::raft {

inline constexpr std::size_t kPublishedLarge = 65'536;  // larger ones go in pieces
inline constexpr std::size_t kPublishedPiece = 32 * kKiB;

class published_frame {
 public:
  // VALID UNTIL: this is changed or destroyed, or a payload that it refers to moves.
  std::span<const iovec> parts() const { return parts_; }
  std::size_t size() const { return size_; }

 private:
  friend class published_encoder;
  void add(const std::byte* data, std::size_t size);
  void clear();

  copy_bytes payload_;  // serialised
  copy_bytes head_;     // buffer 1
  copy_bytes whole_;    // buffer 2
  std::vector<iovec> parts_;
  std::size_t size_ = 0;
};

class published_encoder {
 public:
  explicit published_encoder(const encoder_options& o) : options_(o) {}
  // The contract's. COPIES: every payload once, and the encoded message once more up to 65,536 bytes.
  result<void> message(const message_view& m, published_frame& out, const request_id* id);
  // COPIES: the payload, up to 65,536 bytes.
  result<void> frame(frame_head h, bytes_view payload, published_frame& out);
  // The message in a request's envelope, as the original sends all but a few: a frame of type request.
  // COPIES: every payload once, and the encoded message twice more, three times up to 65,536 bytes.
  result<void> request(const message_view& m, published_frame& out, const request_id& id);

 private:
  // A fresh vector of the encoded message. COPIES: every payload.
  result<copy_bytes> serialised(const message_view& m) const;
  // `payload` stays where it is until the frame goes. COPIES: payload, up to 65,536 bytes.
  result<void> written(frame_head h, bytes_view payload, published_frame& out) const;

  encoder_options options_;
};

}  // namespace copycost::raft
