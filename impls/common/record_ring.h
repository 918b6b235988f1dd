// SPDX-License-Identifier: Apache-2.0
//
// A ring of records of any size between one sender and one receiver, which may be threads or processes.
//
//   memory   tail (sender's line) | head (receiver's line) | [size ....|size ..|size ........|skip  ]  slack
//            records begin at multiples of 8 and lie in one piece; what does not fit before the end leaves a skip there
//
// Lifetime: the memory's; all zero is an empty ring. Each end is taken once: a process that dies in the middle of a
// message leaves nothing that another could go on with.
// Threads: one sender, one receiver. Hostile peers: every index and size is read once and checked against what this
// process worked out; a record's content is the reader's to check, and may change while it is read.
// Cost: publish() one locked instruction; a receiver gives room back only when there is much of it, or nothing to read.
// Source: the byte-stream form of Lamport's queue (1983); see impls/common/ring.h for the sleeping.
#pragma once
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/base/check.h"
#include "impls/common/ring.h"

namespace copycost {

struct record_lines {
  alignas(64) std::atomic<std::uint32_t> tail;  // written by the sender
  std::atomic<std::uint32_t> sender_sleeps, sender_came;
  alignas(64) std::atomic<std::uint32_t> head;  // written by the receiver
  std::atomic<std::uint32_t> receiver_sleeps, receiver_came;
};

class record_memory {
 public:
  // REQUIRES: the memory is aligned to 64 bytes and larger than kOverhead.
  explicit record_memory(std::span<std::byte> in)
      : lines_(reinterpret_cast<record_lines*>(in.data())),
        data_(in.data() + sizeof(record_lines)),
        capacity_(static_cast<std::uint32_t>(  // fits: at most 2^31
            std::bit_floor(std::min(in.size() - kOverhead, std::size_t{1} << 31)))) {
    COPYCOST_ASSERT(in.size() > kOverhead && reinterpret_cast<std::uintptr_t>(in.data()) % 64 == 0);
  }

  record_lines& lines() const { return *lines_; }
  // VALID UNTIL: the memory is unmapped
  std::byte* at(std::uint32_t index) const { return data_ + (index & (capacity_ - 1)); }
  std::uint32_t capacity() const { return capacity_; }
  // Bytes before the end.
  std::uint32_t left(std::uint32_t index) const { return capacity_ - (index & (capacity_ - 1)); }
  std::atomic<std::uint32_t>& word(std::uint32_t index) const {
    return *reinterpret_cast<std::atomic<std::uint32_t>*>(at(index));
  }

  static constexpr std::uint32_t kSkip = 0xFFFFFFFF;
  static constexpr std::uint32_t kSlack = 32;  // may be written behind a record
  static constexpr std::size_t kOverhead = sizeof(record_lines) + kSlack;

 private:
  record_lines* lines_;
  std::byte* data_;
  std::uint32_t capacity_;
};

constexpr std::uint32_t record_room(std::uint32_t size) { return (size + 7) & ~7u; }

// As detail::wait_for_change, but gives the processor away before it sleeps: where both ends have one processor between
// them, the other one then goes on until the ring is empty or full, instead of one record for each wake-up.
inline void wait_for_records(std::atomic<std::uint32_t>& index, std::uint32_t seen, std::atomic<std::uint32_t>& sleeps,
                             long nap_ns) {
  constexpr int kSpins = 256, kYields = 32;
  for (int i = 0; i < kSpins + kYields; ++i) {
    if (index.load(std::memory_order_acquire) != seen) return;
    if (i < kSpins)
      spin_pause();
    else
      sched_yield();
  }
  sleeps.store(1, std::memory_order_seq_cst);
  if (index.load(std::memory_order_seq_cst) == seen) futex_wait(index, seen, nap_ns);
  sleeps.store(0, std::memory_order_relaxed);
}

class record_sender {
 public:
  explicit record_sender(record_memory m) : m_(m) {}

  // Records up to this size go through in the end, whatever lies before them.
  std::uint32_t size_max() const { return m_.capacity() / 2 - record_memory::kSlack; }
  // Where a record of `size` bytes goes, in one piece, with slack behind it; null while there is no room. The record's
  // first word is its size and is written by wrote(). REQUIRES: 4 <= size <= size_max(). VALID UNTIL: wrote().
  std::byte* room(std::uint32_t size) {
    COPYCOST_ASSERT(size >= 4 && size <= size_max());
    if (std::byte* const at = find(size); at != nullptr) return at;
    see();
    return find(size);
  }
  void wrote(std::uint32_t size) {
    m_.word(tail_).store(size, std::memory_order_relaxed);
    tail_ += record_room(size);
  }
  void publish() { detail::change(m_.lines().tail, tail_, m_.lines().receiver_sleeps); }
  // Waits until the receiver gives room back, at most `nap_ns`.
  void wait(long nap_ns) { wait_for_records(m_.lines().head, head_, m_.lines().sender_sleeps, nap_ns); }
  // The receiver claims what it cannot have read.
  bool is_broken() const { return m_.lines().head.load(std::memory_order_relaxed) - head_ > tail_ - head_; }
  bool is_first() { return m_.lines().sender_came.exchange(1, std::memory_order_acq_rel) == 0; }

 private:
  std::byte* find(std::uint32_t size) {  // VALID UNTIL: as room()
    const std::uint32_t room = record_room(size) + record_memory::kSlack, left = m_.left(tail_);
    const std::uint32_t free = m_.capacity() - (tail_ - head_);
    if (record_room(size) <= left) return room <= free ? m_.at(tail_) : nullptr;
    if (left + room > free) return nullptr;
    m_.word(tail_).store(record_memory::kSkip, std::memory_order_relaxed);
    tail_ += left;
    return m_.at(tail_);
  }
  void see() {
    const std::uint32_t head = m_.lines().head.load(std::memory_order_acquire);
    if (head - head_ <= tail_ - head_) head_ = head;
  }
  record_memory m_;
  std::uint32_t tail_ = 0;  // written; the shared word follows at publish()
  std::uint32_t head_ = 0;  // copy of head
};

class record_receiver {
 public:
  explicit record_receiver(record_memory m) : m_(m) {}

  // The next record's bytes, its size word included; empty when there is none. VALID UNTIL: pop().
  std::span<const std::byte> peek() {
    if (tail_ == head_) see();
    if (tail_ == head_) return {};
    std::uint32_t size = m_.word(head_).load(std::memory_order_relaxed);
    if (size == record_memory::kSkip) {
      if (m_.left(head_) >= tail_ - head_) return damaged();
      head_ += m_.left(head_);
      size = m_.word(head_).load(std::memory_order_relaxed);
    }
    if (size < sizeof size || size > m_.left(head_) || record_room(size) > tail_ - head_) return damaged();
    return {m_.at(head_), size};
  }
  // REQUIRES: the size that peek() answered.
  void pop(std::size_t size) {
    head_ += record_room(static_cast<std::uint32_t>(size));
    if (head_ - given_ >= m_.capacity() / 4) give_back();
  }
  // Gives the room of all that was popped back to the sender. For a receiver that is going to wait.
  void give_back() {
    if (given_ == head_) return;
    given_ = head_;
    detail::change(m_.lines().head, head_, m_.lines().sender_sleeps);
  }
  // Waits until there is something, at most `nap_ns`. REQUIRES: peek() answered nothing.
  void wait(long nap_ns) {
    COPYCOST_ASSERT(tail_ == head_);
    give_back();
    wait_for_records(m_.lines().tail, tail_, m_.lines().receiver_sleeps, nap_ns);
  }
  // What the sender wrote is no record: nothing more will come of this ring.
  bool is_broken() const { return broken_; }
  bool is_first() { return m_.lines().receiver_came.exchange(1, std::memory_order_acq_rel) == 0; }

 private:
  void see() {
    const std::uint32_t tail = m_.lines().tail.load(std::memory_order_acquire);
    if (broken_) return;
    if (tail - head_ > m_.capacity())
      broken_ = true;
    else
      tail_ = tail;
  }
  std::span<const std::byte> damaged() {  // VALID UNTIL: it is empty
    broken_ = true;
    tail_ = head_;
    return {};
  }
  record_memory m_;
  std::uint32_t head_ = 0;   // popped
  std::uint32_t given_ = 0;  // as the sender sees it
  std::uint32_t tail_ = 0;   // copy of the shared tail
  bool broken_ = false;
};

}  // namespace copycost
