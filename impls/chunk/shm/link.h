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
// Cost: send is some stores and one locked instruction; receive takes up to kBatch messages at once and the segment's
// lock once for all of them. Waiting spins for some 50 us, then sleeps.
#pragma once
#include <array>
#include <atomic>
#include <optional>

#include "impls/chunk/shm/design.h"

namespace copycost::chunk {

class shm_design::process_link {
 public:
  static constexpr std::uint32_t kBatch = 32;
  // How long a peer that never came is waited for.
  static constexpr std::int64_t kPatienceNs = 30'000'000'000;

  // A segment with room for some 48 MiB in blocks of 512 bytes or more; memory is taken as it is touched. Any segment
  // of at least shm_segment::kBytesMin does.
  static constexpr std::size_t kSegmentBytes = std::size_t{64} << 20;

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
  struct arrived {
    block_message message;
    held_block block;
  };
  // One end of a ring, ours until leave().
  class taken_end {
   public:
    taken_end(slab& in, unsigned ring, slab::ring_end which);
    ~taken_end() { leave(); }
    taken_end(const taken_end&) = delete;
    taken_end& operator=(const taken_end&) = delete;
    void leave();
    slab::presence other() const { return in_.other_end(ring_, which_); }

   private:
    slab& in_;
    const unsigned ring_;
    const slab::ring_end which_;
    bool mine_ = true;
  };
  bool fetch();
  result<chunk> hand_out(const arrived& a) const;

  slab& memory_;
  taken_end out_end_, in_end_;
  ring_sender<block_message, kRingCapacity> out_;
  ring_receiver<block_message, kRingCapacity> arrivals_;
  // What stands behind message k lies at k % kRingCapacity; null for a chunk without memory. The ring's own words are
  // for the receiver: a peer could have changed them.
  std::array<std::atomic<std::uint32_t>*, kRingCapacity> sent_{};
  std::uint32_t settled_;  // messages before it are released
  std::array<arrived, kBatch> inbox_{};
  std::uint32_t inbox_size_ = 0, inbox_next_ = 0;
};

}  // namespace copycost::chunk
