// SPDX-License-Identifier: Apache-2.0
//
// Chunks to and from one other process: two rings of descriptors in a segment that both have mapped. No byte of payload
// is copied: what is received lies where the sender wrote it.
//
//   role 0: context x0(link segment) --send--> ring 0 --receive--> role 1: context x1(link segment)
//           receive <---------------------------- ring 1 <---------------- send
//
// In both processes, over the same descriptor:
//   context x;                        // its private segment is given up by the next line
//   process_link link(x, fd, role);   // from here on chunks of x lie in the segment
//   link.send(std::move(c));          // or: result<chunk> c = link.receive();
//
// At every instant a message is owned by the sender, by the ring, or by the receiver: until the receiver has taken it,
// the reference stays in the sender's count; when the sender dies, what it published still arrives. Sent chunks are let
// go of in the sender's process in batches, so use_count() stays up, and take() is refused, for a while after arrival.
//
// Lifetime: not longer than its context. The destructor waits up to a second for a living receiver to take what was
// sent; after that the messages still arrive, but their blocks stay in use until this process ends. What this end has
// received in a batch and not yet handed out is dropped.
// Threads: one at a time.
// Cost: send is some stores and one locked instruction; receive takes up to 32 messages at once and the segment's lock
// once for all of them. Waiting spins for some 50 us, then sleeps.
#pragma once
#include <optional>

#include "impls/chunk/shm/design.h"
#include "impls/common/block_link.h"

namespace copycost::chunk {

class shm_design::process_link {
 public:
  // Any segment of at least shm_segment::kBytesMin does.
  static constexpr std::size_t kSegmentBytes = kLinkSegmentBytes;

  // Moves `x` over to the segment behind `fd` (which may be all zeros, and stays the caller's) unless it is there
  // already, and takes this role's ends of the rings. Chunks that x made before stay where they are, and cannot be
  // sent. REQUIRES: role < 2; pair < kSlabRings / 2 and the same in both processes (a segment has room for several
  // links). Throws failure: not a segment, no process slot, or an end is taken by a living process.
  process_link(context& x, int fd, unsigned role, unsigned pair = 0);
  ~process_link();
  process_link(const process_link&) = delete;
  process_link& operator=(const process_link&) = delete;

  // Hands the chunk over; waits while the ring is full. REQUIRES: the chunk is of the link's segment. Throws failure
  // when the other process is gone and the ring is full, or the ring is damaged; the chunk is then unchanged.
  result<void> send(chunk&& c);
  // The next chunk; waits for it. Errors: expired, offset_overflow when what was sent is not a chunk of this segment
  // (that message is skipped). Throws failure when the other process is gone and nothing is left, or the ring is
  // damaged.
  result<chunk> receive();
  // The same without waiting; nothing when nothing is there.
  std::optional<result<chunk>> try_receive();

  // Releases what the receiver has taken; send() does it now and then. Answers how many messages are still under way.
  std::uint32_t settle();
  // Gives the ends up at once: the other process sees that this one is gone, and what it has not taken is dropped if
  // it is gone too. Nothing but destruction may follow.
  void hang_up();

 private:
  result<chunk> hand_out(const block_receiver::arrived& a) const;

  slab& memory_;
  block_sender out_;
  block_receiver in_;
};

}  // namespace copycost::chunk
