// SPDX-License-Identifier: Apache-2.0
//
// shm: payload lies in a segment that the members of one host share; to one of them, messages go as descriptors.
//
//   member 0                      the segment (no pointers in it)                       member 1
//   message [owner*|views]        [records 0->1: fields, small payloads | fields | ..]  message [owner*|views]
//       |    |                    [blocks  0->1: 17, 17, 40 ...]                              |    |
//       |    +------------------> [block 17: payload ............] <--------------------------|----+
//       +--> counts of member 0 [. | 2 | .]   [. | 1 | .] counts of member 1 <----------------+
//
// Sending to a stream (another host) is as in slice: gather writes; what is received lies in blocks of the segment, so
// that it goes on to members of this host without a copy.
//
// Lifetime: a message keeps its blocks, wherever it was sent to. A segment is made when a context first needs memory,
// and is released with the last block.
// Threads: bytes and messages may be dropped by any thread; contexts, encoders, inboxes and links belong to one.
// Cost: as in slice; making and freeing a block takes the segment's lock (see impls/common/slab.h).
#pragma once
#include <memory>

#include "harness/base/check.h"
#include "impls/raft/common/gather.h"
#include "impls/raft/common/inbox.h"
#include "impls/raft/shm/message.h"

namespace copycost::raft {

class shm_link;

class shm_context {
 public:
  shm_context() = default;
  // A member's place in a segment that exists; a file of zeros becomes one. `fd` stays the caller's. What was made
  // before stays where it is. Errors: those of shm_segment and slab.
  copycost::result<void, shm_error> attach(int fd);

  result<shm_bytes> copy(bytes_view v);  // COPIES: v.size()
  result<shm_bytes> produce(std::size_t n, const payload_writer& write);
  result<shm_message> compose(const message_view& m, std::span<shm_bytes> owners) {
    return shm_message::composed(m, owners);
  }

  // The segment, made now if there is none. Null when there is no memory for one. VALID UNTIL: the context is destroyed
  // or attached elsewhere, and the last block is dropped.
  slab* memory();
  // A block of `n` bytes. Errors: out_of_memory.
  result<shm_bytes> block(std::size_t n);

 private:
  struct closer {
    void operator()(slab* s) const { s->close(); }
  };
  std::unique_ptr<slab, closer> memory_;
};

// Where bytes arrive: one block at a time, by slice's rules.
class shm_room {
 public:
  explicit shm_room(shm_context& x) : context_(&x) {}
  // VALID UNTIL: reserve() or consumed().
  bytes_view held() const { return {data_ + begin_, end_ - begin_}; }
  // COPIES: held(), where it must move.
  result<void> reserve(std::size_t n);
  // VALID UNTIL: as held().
  std::span<std::byte> space() const { return {data_ + end_, capacity_ - end_}; }
  void filled(std::size_t n) {
    COPYCOST_ASSERT(n <= space().size());
    end_ += n;
  }
  void consumed(std::size_t n) {
    begin_ += n;
    if (begin_ != end_ || shown_) return;  // whether others still look is asked where room is needed: it takes a lock
    begin_ = end_ = 0;
    if (capacity_ > kKeptRoom) let_go();
  }
  std::uint64_t reserved_bytes() const { return capacity_; }
  result<shm_bytes> own(bytes_view payload);
  template <class Message>
  result<void> keep(bytes_view payload, Message& m) {
    if (!m.refers()) return {};
    auto owner = own(payload);
    if (!owner) return owner.error();
    m.set_owner(std::move(owner).value());
    return {};
  }

 private:
  bool is_unique() const;
  void let_go();

  shm_context* context_;
  slab_ref block_;
  std::byte* data_ = nullptr;  // of the block
  std::size_t capacity_ = 0, begin_ = 0, end_ = 0;
  bool shown_ = false;  // a reference to the block was given away
};

struct shm_design {
  static constexpr design_traits traits{
      .zero_copy = true, .links = true, .drops_anywhere = true, .rooms_stay_poisoned = true};
  using bytes = shm_bytes;
  using message = shm_message;
  using frame = gather_frame;
  using context = shm_context;
  using inbox = basic_inbox<shm_room, message, bytes>;
  using link = shm_link;  // impls/raft/shm/link.h: messages to and from another process
  class encoder : public gather_encoder {
   public:
    encoder(context&, const encoder_options& o) : gather_encoder(o) {}
  };
};
static_assert(design<shm_design>);

}  // namespace copycost::raft

#include "impls/raft/shm/link.h"
