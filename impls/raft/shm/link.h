// SPDX-License-Identifier: Apache-2.0
//
// Messages to and from one other member on the same host, through a segment that both have mapped.
//
//   send     [size|flags|references|pieces][entry 0's data: piece 0, +0, 65536 ...][raftpb.Message, the rest of it]
//            record ring -------------------------------------------------------------------------------------------->
//            descriptor ring   [block 17, 0, 65536] -->                    payload stays where it lies
//   receive  copies the record into private memory, reads it there, takes a reference to each block, and puts the
//            views together
//
// A payload of at least `copy_below` bytes stays in its block and is referred to; smaller ones travel in the record,
// which costs less than counting a block in two processes. A record that is too large for the ring (very many entries)
// goes as a block of its own. Payload that lies elsewhere (in private memory, in another segment) is brought into a
// block first.
//
// At every instant a block on its way belongs to the sender's counts, and is found through the ring when the sender
// dies (impls/common/slab.h): the sender may drop its message as soon as send() returns. When one end's process is
// killed, the other one gets `closed` once nothing is left that came whole; its blocks are free after reclaim().
//
// Lifetime: not longer than its context; received messages may outlive both. Each end of a pair of rings is taken once:
// a member that comes back brings a new segment, or takes another pair.
// Threads: one at a time.
// Cost: a small message some stores and one locked instruction on each side; a referred block two locked instructions
// for the sender, and for the receiver the segment's lock at the first hold (for up to 32 blocks at once) and at the
// last drop. No system call except for waiting: it spins for some 10 us, gives the processor away, then sleeps.
#pragma once
#include <vector>

#include "impls/common/block_link.h"
#include "impls/common/record_ring.h"
#include "impls/raft/shm/design.h"

namespace copycost::raft {

struct link_options {
  wire_limits limit;
  // Measured (README): counting a block costs what copying so much twice does.
  std::size_t copy_below = 2 * kKiB;
};

class shm_link {
 public:
  static constexpr std::size_t kSegmentBytes = kLinkSegmentBytes;

  // Moves `x` over to the segment behind `fd` (which may be all zeros, and stays the caller's) and takes this side's
  // ends of the rings. REQUIRES: side < 2; pair < kSlabRings / 2. Throws failure: not a segment, no process slot, or
  // the end was taken before.
  shm_link(shm_context& x, int fd, unsigned side, const link_options& o = {}, unsigned pair = 0);
  // Waits up to a second for a living receiver to take what was sent; later it still arrives.
  ~shm_link();
  shm_link(const shm_link&) = delete;
  shm_link& operator=(const shm_link&) = delete;

  // Waits while there is no room. COPIES: payloads below copy_below, and those that lie outside of the segment.
  // Errors: payload_too_large, too_many_entries, too_many_unknown_fields, out_of_memory (nothing was sent); closed:
  // noticed when there is no room.
  result<void> send(const shm_message& m) { return send_one(m, true); }
  // The same without waiting, for callers that must not wait: two members that wait for each other's room never go on.
  // Errors beside those: backpressure (nothing was sent). Waits only for a message with more blocks than the ring has
  // places.
  result<void> try_send(const shm_message& m) { return send_one(m, false); }
  // The next message; waits for it. COPIES: payloads that came in the record.
  // Errors: closed: nothing is left, and the other process is gone or broke the ring. Those of parse_message(),
  // payload_too_large, out_of_memory: that message is lost, `out` is empty, and the next one can be received.
  // malformed_message with field 0: references that cannot be.
  result<void> receive(shm_message& out);
  // The same without waiting for a message to begin; false when none has.
  result<bool> try_receive(shm_message& out);

  // Releases what the receiver has taken; send() does it now and then. Answers how many blocks are still under way.
  std::uint32_t settle();
  // Gives the ends up at once, and tells the other process. Nothing but destruction may follow.
  void hang_up();

 private:
  // A payload that is referred to, as it stands in a record, and before it is known where its piece begins.
  struct reference {
    std::uint32_t place, piece, offset, size;
  };
  struct passed_piece {
    slab_ref block;
    const std::byte *begin, *end;
  };
  struct record_head {
    std::uint32_t size, flags, references, pieces;
  };
  struct outgoing {
    bytes_view data;
    std::uint32_t place, piece;
  };
  // link_send.cc
  result<void> plan(const shm_message& m);
  result<void> refer(const shm_message& m, std::uint32_t place, bytes_view& data, std::size_t& hint);
  result<void> send_one(const shm_message& m, bool waits);
  result<void> send_planned(const message_view& rest, bool waits);
  bool pieces_fit();
  result<void> spill(const message_view& rest, std::size_t body);
  void write_body(const message_view& rest, std::byte* at) const;
  result<void> send_pieces();
  void push(passed_piece& p);
  template <class Ring, class Ready>
  auto waited_for(Ring& ring, Ready ready) -> result<decltype(ready())>;

  // link_receive.cc
  result<void> take_message(bytes_view record, shm_message& out);
  error give_up();
  bool may_come(std::int64_t since_ns) const;
  result<shm_bytes> next_piece();
  result<void> read_body(bytes_view body, std::uint32_t count, std::size_t first, shm_message& out);
  result<void> put_together(bytes_view references, std::size_t first, shm_message& out);

  slab& memory_;
  const link_options options_;
  block_sender out_blocks_;
  block_receiver in_blocks_;
  record_sender out_;
  record_receiver in_;
  bool closed_ = false;                // the other process is gone, or what it wrote makes no sense
  std::uint64_t unsettled_bytes_ = 0;  // sent since settle()
  // The message that is being sent: what is referred to, and the rest of it.
  std::vector<passed_piece> pieces_;
  std::vector<outgoing> references_;
  std::vector<entry_view> entries_;
  message_view rest_;

  std::vector<shm_bytes> taken_;  // pieces of the message that is being received; empty ones could not be held
};

}  // namespace copycost::raft
