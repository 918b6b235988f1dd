// SPDX-License-Identifier: Apache-2.0
//
// published: the path of the original design that promised "zero copies", as it is, so that its claims can be judged.
// What it copies and allocates is said and drawn in write.h and read.h.
//
//   sent      message --copy--> vector --copy--> buffer --> write            3 or 4 allocations
//   received  zero-filled buffer --copy--> vector --copy--> message          an allocation for every field, and 2
//
// What is not its own: limits hold on both sides, errors have types and offsets, and unknown fields are kept; the
// contract asks for that. It believes every length that a frame claims, up to the limit (trusts_lengths).
//
// Lifetime: a message owns its bytes.
// Threads: everything belongs to one.
// Cost: the payload is copied twice each way.
#pragma once
#include "impls/raft/published/read.h"

namespace copycost::raft {

struct published_design {
  static constexpr design_traits traits{
      .trusts_lengths = true, .writes_pieces = true, .native = false, .message = false, .append = false};
  using bytes = copy_bytes;
  using message = published_message;
  using frame = published_frame;

  class context {
   public:
    result<bytes> copy(bytes_view v) { return bytes::of(v); }  // COPIES: v.size()
    result<bytes> produce(std::size_t n, const payload_writer& write) {
      auto b = bytes::fresh(n);
      if (b && n != 0) write(b->writable());
      return b;
    }
    // COPIES: all payloads.
    result<message> compose(const message_view& m, std::span<bytes> owners) {
      message out;
      if (auto ok = out.own(m); !ok) return ok.error();
      for (bytes& b : owners) b = {};
      return out;
    }
  };
  class encoder : public published_encoder {
   public:
    encoder(context&, const encoder_options& o) : published_encoder(o) {}
  };
  class inbox : public published_inbox {
   public:
    inbox(context&, const inbox_options& o) : published_inbox(o) {}
  };
};
static_assert(design<published_design>);

}  // namespace copycost::raft
