// SPDX-License-Identifier: Apache-2.0
//
// Blocks of shared memory with owners in several processes: one process's view of the allocator in a segment.
//
//   process 0's counts [ 2 | . | 1 | . ]     only its own process writes a count: sharing a block that is held already
//   process 1's counts [ . | . | 3 | . ]     is one atomic addition on a line of one's own
//   rows: block 0 {0}, block 2 {0, 1}        holders: the processes that may have a count; no holders: a free block
//
// Counts go from 0 to 1 and from 1 to 0 in step with `holders` under one lock in the segment (robust_lock.h). So,
// outside of the lock: a count above zero means that the process's bit in `holders` is set. What is sent through a ring
// stays in the sender's counts until the receiver has taken it (ring.h), and can be counted from the ring when the
// sender is dead.
//
// A process may be killed at any instruction. Then nothing that another process holds, or that is in a ring to a living
// receiver, is freed or changed; and after reclaim() in any process the dead one uses nothing any more. Until then its
// blocks stay in use. A process that is stopped while it has the lock makes the others wait.
//
// Hostile peers: every id, generation, offset and length that is read from the segment is checked against limits that
// this process worked out for itself. A peer that writes into the segment can therefore change payload, leak or free
// blocks early, keep the lock, or make allocations fail; it cannot make this process access memory outside of the
// segment. (A segment that can be truncated is the exception: see shm_segment.h.)
//
// Lifetime: close() leaves the segment when the last block that this process holds is dropped.
// Threads: safe.
// Cost: add and drop one locked instruction; the first hold and the last drop of a block in a process take the lock
// (two locked instructions, and some lines of the segment); allocation failing costs a walk over all rows.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/ledger/witness/counters.h"
#include "impls/common/slab_layout.h"

namespace copycost {

// One reference to a block. `count` null: there was no room, or no such block.
struct held_block {
  std::byte* data = nullptr;
  std::atomic<std::uint32_t>* count = nullptr;
};

class slab final : robust_lock::judge_of_death {
 public:
  // Takes a process slot in the segment. The caller owns what it gets until close(). Errors: too_many_processes.
  static result<slab*, shm_error> open(shm_segment segment);
  // No more calls but add() and drop() for blocks still held; the last of them gives the memory back.
  void close();

  // A block of at least `bytes` bytes on a 64-byte boundary, with one reference. When there is no room, reclaims what
  // dead processes left and joins free neighbours before it gives up.
  held_block allocate(std::size_t bytes);

  // `n` more references, one fewer. REQUIRES: the caller owns one. add() refuses before the count could wrap, and more
  // than kAddMax at once, because threads may all be in the middle of it.
  static constexpr std::uint64_t kAddMax = 1u << 19;
  static bool add(std::atomic<std::uint32_t>& count, std::uint64_t n = 1) {
    if (n > kAddMax) [[unlikely]]
      return false;
    const auto more = static_cast<std::uint32_t>(n);  // fits: at most kAddMax
    count_refcount_op();
    if (count.fetch_add(more, std::memory_order_relaxed) <= kCountMax - more) [[likely]]
      return true;
    count.fetch_sub(more, std::memory_order_relaxed);
    return false;
  }
  void drop(std::atomic<std::uint32_t>& count) {
    if (count.load(std::memory_order_acquire) == 1) return let_go(count, 1);
    count_refcount_op();
    if (count.fetch_sub(1, std::memory_order_acq_rel) == 1) let_go(count, 0);
  }
  // Drops one reference for each pointer, with the lock taken once at most; the same pointer several times in a row is
  // one count operation.
  void drop_all(std::span<std::atomic<std::uint32_t>* const> counts);

  // REQUIRES, for these five: the caller owns a reference.
  // The block's bytes as asked for; empty when a peer damaged its row. VALID UNTIL: the reference is dropped.
  std::span<std::byte> bytes_of(const std::atomic<std::uint32_t>& count) const;
  std::uint64_t requested_bytes(const std::atomic<std::uint32_t>& count) const {
    return row_of(count).requested.load(std::memory_order_relaxed);
  }
  std::uint64_t use_count(const std::atomic<std::uint32_t>& count) const;  // of all processes
  bool is_unique(const std::atomic<std::uint32_t>& count);                 // the caller's is the only one anywhere
  block_message message(const std::atomic<std::uint32_t>& count, const std::byte* begin, std::uint32_t size) const;

  // One reference for each message that is whole and whose block is in use; for the others, count null. `data` is where
  // the message's bytes begin. REQUIRES: out.size() >= in.size(); the blocks have an owner meanwhile (the ring).
  void hold(std::span<const block_message> in, std::span<held_block> out);

  // What only dead processes held is free afterwards; answers its bytes as asked for.
  std::uint64_t reclaim();

  struct usage {
    std::uint64_t blocks = 0, bytes = 0, capacity = 0;  // in use by all processes; as asked for, and as taken
    bool operator==(const usage&) const = default;
  };
  usage used();

  // Rings. An end belongs to one process at a time; taking it fails while its owner lives, and for a sender also while
  // messages of an earlier sender wait for a living receiver.
  enum class ring_end : bool { sender, receiver };
  enum class presence { not_yet, here, gone };
  bool take_end(unsigned ring, ring_end which);
  void leave_end(unsigned ring,
                 ring_end which);  // a sender: what no living receiver waits for is not in flight any more
  presence other_end(unsigned ring, ring_end mine) const;
  // Where the other end's owner is gone and nothing is in the ring: a new owner has not come yet.
  void expect_other(unsigned ring, ring_end mine);
  ring_memory<block_message, kRingCapacity>& queue(unsigned ring) const { return rings()[ring].queue; }

  // Memory of the code that builds on the slab, zero at first; its changes are made under guard.
  // VALID UNTIL: the slab is destroyed.
  std::span<std::byte> tenant() const { return {segment_.base() + layout_.tenant, layout_.tenant_bytes}; }
  const shm_segment& segment() const { return segment_; }
  unsigned slot() const { return slot_; }

  class guard {
   public:
    explicit guard(slab& s) : s_(s) { s.lock(); }
    ~guard() { s_.shared().lock.release(); }
    guard(const guard&) = delete;
    guard& operator=(const guard&) = delete;

   private:
    slab& s_;
  };

 private:
  static constexpr std::uint32_t kCountMax = 1u << 31;
  using count_word = std::atomic<std::uint32_t>;

  explicit slab(shm_segment segment) : segment_(std::move(segment)), layout_(slab_layout::of(segment_.bytes())) {}
  ~slab() = default;
  bool join();
  bool join_as(unsigned slot);
  void leave();
  void lock();
  void drop_messages_to_nobody(unsigned ring);
  bool is_dead(std::uint32_t owner_word) const override;
  bool is_live(unsigned slot) const;
  bool is_live_end(std::uint32_t word) const { return is_live(word - 1); }  // a slot that cannot be is not live

  // slab.cc, under the lock.
  block_id find_room(std::uint64_t granules);
  block_id pop(count_word& list, std::uint64_t capacity_min);
  void push(count_word& list, block_id id);
  void push_free(block_id id);
  block_id new_row();
  void split(block_id id, std::uint64_t capacity);
  void free_block(block_id id);
  void hold_one(const block_message& m, held_block& out);
  void let_go(count_word& count, std::uint32_t references);
  void let_go_locked(count_word& count, std::uint32_t references);

  // slab_repair.cc, under the lock.
  void rebuild();
  std::uint64_t reclaim_locked();
  std::uint64_t reap(unsigned slot);
  struct transit;
  transit in_transit_from(unsigned slot) const;

  slab_shared& shared() const { return *reinterpret_cast<slab_shared*>(segment_.base()); }
  slab_ring* rings() const { return reinterpret_cast<slab_ring*>(segment_.base() + layout_.rings); }
  block_row& row(block_id id) const { return reinterpret_cast<block_row*>(segment_.base() + layout_.rows)[id]; }
  count_word* counts(unsigned slot) const {
    return reinterpret_cast<count_word*>(segment_.base() + layout_.counts + slot * layout_.counts_stride);
  }
  block_id id_of(const count_word& count) const { return spread(static_cast<block_id>(&count - counts(slot_))); }
  block_row& row_of(const count_word& count) const { return row(id_of(count)); }
  std::uint32_t rows_made() const {
    const std::uint32_t made = shared().rows_made.load(std::memory_order_relaxed);
    return made < layout_.rows_max ? made : layout_.rows_max;
  }
  // VALID UNTIL: the slab is destroyed.
  std::byte* data() const { return segment_.base() + layout_.data; }
  // What a row says of its memory, read once: a peer may change it between two looks.
  struct extent {
    std::uint64_t offset, capacity;
  };
  extent extent_of(const block_row& r) const {
    return {r.offset.load(std::memory_order_relaxed), r.capacity.load(std::memory_order_relaxed)};
  }
  bool is_sane(const extent& e) const;
  std::uint32_t my_bit() const { return 1u << slot_; }

  const shm_segment segment_;
  const slab_layout layout_;
  unsigned slot_ = kSlabProcesses;  // set by join
  std::uint32_t me_ = 0;            // the lock's owner word; set by join
  std::uint64_t held_ = 0;          // blocks with our bit in holders; under the lock
  bool closed_ = false;             // under the lock
};

}  // namespace copycost
