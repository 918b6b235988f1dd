// SPDX-License-Identifier: Apache-2.0
//
// libprotobuf as the codec of what lies in our frames, for both peers. The frames' heads and checksums are ours, the
// messages in them are its.
//
//   sent      view --copy--> raftpb::Message (used again) --copy--> [head|serialised]          one write
//   received  buffer [unit|unit|half...free] --ParseFromArray: copy--> raftpb::Message <-- views of its strings
//
// The contract's encoder gets a view, so it fills a raftpb::Message first; a program whose log consists of those does
// not pay for that. etcd's append stream is not offered: its elided form is no message.
//
// Lifetime: an encoder keeps its message, a frame its buffer.
// Threads: one at a time.
// Cost: libprotobuf's.
#pragma once
#include "impls/raft/common/inbox.h"
#include "impls/raft/common/protobuf_message.h"

namespace copycost::raft {

class protobuf_frame {
 public:
  // VALID UNTIL: this is changed or destroyed.
  std::span<const iovec> parts() const { return {&part_, part_.iov_len != 0 ? std::size_t{1} : 0}; }
  std::size_t size() const { return part_.iov_len; }

 private:
  friend class protobuf_encoder;
  // Room for n bytes, all of which will be written. VALID UNTIL: as parts(). Errors: out_of_memory.
  result<std::byte*> begin(std::size_t n);

  copy_bytes room_;
  iovec part_{};
};

class protobuf_encoder {
 public:
  explicit protobuf_encoder(const encoder_options& o) : options_(o) {}
  // COPIES: all payloads, twice.
  result<void> message(const message_view& m, protobuf_frame& out, const request_id* id);
  result<void> frame(frame_head h, bytes_view payload, protobuf_frame& out);  // COPIES: payload

 private:
  // The head before `size` bytes that fill(at) writes. Errors: payload_too_large, out_of_memory.
  template <class Fill>
  result<void> framed(frame_head h, std::size_t size, protobuf_frame& out, Fill fill) const;

  encoder_options options_;
  raftpb::Message message_;
};

// Message is one of the two.
template <class Message>
class protobuf_inbox : public basic_inbox<copy_room, Message, copy_bytes> {
  using base = basic_inbox<copy_room, Message, copy_bytes>;

 public:
  template <class Context>
  protobuf_inbox(Context& x, const inbox_options& o) : base(x, o), options_(o) {}
  result<arrived> next() {
    auto a = base::next();
    if (a) shown_ = *a;
    return a;
  }
  // COPIES: every field of bytes.
  result<void> message(Message& out) {
    COPYCOST_ASSERT(shown_.is_message());
    return out.parse(shown_.payload, shown_.at + shown_.head_size, options_.limit);
  }

 private:
  inbox_options options_;
  arrived shown_;
};

template <class Message>
class protobuf_context {
 public:
  result<copy_bytes> copy(bytes_view v) { return copy_bytes::of(v); }  // COPIES: v.size()
  result<copy_bytes> produce(std::size_t n, const payload_writer& write) {
    auto b = copy_bytes::fresh(n);
    if (b && n != 0) write(b->writable());
    return b;
  }
  // COPIES: all payloads.
  result<Message> compose(const message_view& m, std::span<copy_bytes> owners) {
    Message out;
    out.own(m);
    for (copy_bytes& b : owners) b = {};
    return out;
  }
};

template <class Message>
struct protobuf_codec {
  // Accepts varints of more than 64 bits, a second snapshot, groups. Our own inbox brings the bytes.
  static constexpr design_traits traits{.accepts_more = true, .codec_only = true, .append = false};
  using bytes = copy_bytes;
  using message = Message;
  using frame = protobuf_frame;
  using context = protobuf_context<Message>;
  using inbox = protobuf_inbox<Message>;
  class encoder : public protobuf_encoder {
   public:
    encoder(context&, const encoder_options& o) : protobuf_encoder(o) {}
  };
};

}  // namespace copycost::raft
