// SPDX-License-Identifier: Apache-2.0
//
// copy: a frame is assembled in one piece and written; a received message is copied out of the receive buffer.
//
//   sent      message [vector] [vector] --copy--> frame [head|fields|payload|fields|payload]       one write
//   received  buffer [unit|unit|half...free] --copy--> message [vector: the unit's payload], entries are views of it
//
// The best that copying can do: one buffer a direction that is used again and again, one copy of a message's bytes each
// way, and one allocation for a message that has payload (none for a heartbeat).
//
// Lifetime: a message owns its bytes, and nothing else does.
// Threads: everything belongs to one.
// Cost: a copy of the payload each way.
#pragma once
#include "impls/raft/common/gather.h"
#include "impls/raft/common/held_message.h"
#include "impls/raft/common/inbox.h"
#include "impls/raft/common/owned_bytes.h"

namespace copycost::raft {

struct copy_design {
  static constexpr design_traits traits{.every_size = true};
  using bytes = copy_bytes;
  using message = held_message<copy_bytes>;
  using frame = gather_frame;
  using inbox = basic_inbox<copy_room, message, bytes>;

  class context {
   public:
    result<bytes> copy(bytes_view v) { return bytes::of(v); }  // COPIES: v.size()
    result<bytes> produce(std::size_t n, const payload_writer& write) {
      auto b = bytes::fresh(n);
      if (b && n != 0) write(b->writable());
      return b;
    }
    result<message> compose(const message_view& m, std::span<bytes> owners) { return message::composed(m, owners); }
  };
  class encoder : public gather_encoder {
   public:
    encoder(context&, encoder_options o) : gather_encoder((o.copy_below = ~std::size_t{0}, o)) {}
  };
};
static_assert(design<copy_design>);

}  // namespace copycost::raft
