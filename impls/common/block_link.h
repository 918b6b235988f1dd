// SPDX-License-Identifier: Apache-2.0
//
// Blocks of a slab to and from one other process: the two ends of a ring of block messages, each with what it must keep
// until the other process has what it sent. No byte of payload is touched.
//
//   block_sender   push(message, count) -> ring -> taken by the receiver -> settle() releases count
//   block_receiver ring -> our own reference, kBatch messages under one lock -> next()
//
// At every instant a block on its way belongs to the sender's counts until the receiver has a reference of its own;
// when the sender dies, what it published still arrives (slab.h). Hostile peers: the ring's own words are for the
// receiver; what the sender releases stands in its own memory.
//
// Lifetime: not longer than the slab; the destructors leave the ends, and drop what was fetched and not handed out.
// Threads: one at a time for each end.
// Cost: push is some stores, publish() one locked instruction; a fetch is the segment's lock, once for up to kBatch
// messages.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <utility>

#include "impls/common/ring.h"
#include "impls/common/slab.h"

namespace copycost {

// A segment with room for some 48 MiB in blocks of 512 bytes or more; memory is taken as it is touched.
inline constexpr std::size_t kLinkSegmentBytes = std::size_t{64} << 20;
inline constexpr long kLinkNapNs = 1'000'000;  // between two looks at whether the peer still lives
// How long a peer that never came is waited for.
inline constexpr std::int64_t kLinkPatienceNs = 30'000'000'000;

// Throws failure{incorrect}: "shared memory link: WHY".
[[noreturn]] void link_failed(const char* why);

// An end of a ring, ours until leave().
struct is_taken {};  // says that slab::take_end() was asked, and gave it
class taken_end {
 public:
  taken_end(slab& in, unsigned ring, slab::ring_end which, is_taken) : in_(in), ring_(ring), which_(which) {}
  // Throws as link_failed(why_not) where the end is not to be had.
  taken_end(slab& in, unsigned ring, slab::ring_end which, const char* why_not);
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

class block_sender {
 public:
  block_sender(slab& in, unsigned ring, const char* why_not)
      : memory_(in), end_(in, ring, slab::ring_end::sender, why_not), out_(in.queue(ring)), settled_(out_.next()) {}
  block_sender(slab& in, unsigned ring, is_taken end)
      : memory_(in), end_(in, ring, slab::ring_end::sender, end), out_(in.queue(ring)), settled_(out_.next()) {}

  // Messages that were pushed and not released; at most kRingCapacity.
  std::uint32_t under_way() const { return out_.next() - settled_; }
  bool is_full() const { return under_way() == kRingCapacity; }
  // `count`: the caller's reference, which becomes the ring's; null for a message without a block. REQUIRES:
  // !is_full().
  void push(const block_message& m, std::atomic<std::uint32_t>* count) {
    sent_[out_.next() % kRingCapacity] = count;
    out_.push(m);
  }
  void publish() { out_.publish(); }
  // Releases what the receiver has taken. Answers how many messages are still under way.
  std::uint32_t settle();
  void wait(long nap_ns) { out_.wait(nap_ns); }
  bool is_broken() const { return out_.is_broken(); }
  slab::presence other() const { return end_.other(); }
  // Waits up to a second for a living receiver to take what was sent, and gives the end up.
  void finish();
  // Gives the end up at once.
  void leave() { end_.leave(); }
  // Releases what was pushed, taken or not: of a receiver that broke the ring nothing is to be expected.
  void forget();

 private:
  void release_before(std::uint32_t message);

  slab& memory_;
  taken_end end_;
  ring_sender<block_message, kRingCapacity> out_;
  // What stands behind message k lies at k % kRingCapacity; null for one without a block.
  std::array<std::atomic<std::uint32_t>*, kRingCapacity> sent_{};
  std::uint32_t settled_;  // messages before it are released
};

class block_receiver {
 public:
  static constexpr std::uint32_t kBatch = 32;
  // The reference is the taker's; count null: what was sent is no block of the segment.
  struct arrived {
    block_message message;
    held_block block;
  };

  block_receiver(slab& in, unsigned ring, const char* why_not)
      : memory_(in), end_(in, ring, slab::ring_end::receiver, why_not), in_(in.queue(ring)) {}
  block_receiver(slab& in, unsigned ring, is_taken end)
      : memory_(in), end_(in, ring, slab::ring_end::receiver, end), in_(in.queue(ring)) {}
  ~block_receiver() { drop_batch(); }
  block_receiver(const block_receiver&) = delete;
  block_receiver& operator=(const block_receiver&) = delete;

  // Whether there is a next one; takes what has come where the last batch is used up.
  bool ready() { return next_ != size_ || fetch(); }
  // REQUIRES: ready(), or left() > 0. VALID UNTIL: the next ready().
  const arrived& next() { return batch_[next_++]; }
  // What was fetched and not handed out.
  std::uint32_t left() const { return size_ - next_; }
  // Drops what was fetched and not handed out.
  void drop_batch();
  void wait(long nap_ns) { in_.wait(nap_ns); }
  bool is_broken() const { return in_.is_broken(); }
  slab::presence other() const { return end_.other(); }
  // Gives the end up at once.
  void leave() { end_.leave(); }

 private:
  bool fetch();

  slab& memory_;
  taken_end end_;
  ring_receiver<block_message, kRingCapacity> in_;
  std::array<arrived, kBatch> batch_{};
  std::uint32_t size_ = 0, next_ = 0;
};

}  // namespace copycost
