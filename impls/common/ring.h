// SPDX-License-Identifier: Apache-2.0
//
// A bounded queue of fixed-size messages between one sender and one receiver, which may be threads or processes.
//
//   ring_memory:  tail (sender's line) | head (receiver's line) | message message message ...
//                 head: taken before, tail: sent before; both count up and wrap at 2^32; tail - head <= Capacity
//
// A message may stand for something with an owner (a reference, say). It has an owner at every moment of its way:
//   sent       push() ... publish(): from the store of tail on, the ring owns the message
//   received   peek() ... make it your own ... pop(): until the store of head the ring owns it
//   settled    the sender sees taken() pass a message, and only then releases what stood behind it
// A process that is killed in between leaves head <= message < tail, or not: both ends and any third party see which.
//
// Lifetime: the memory's; all zero is an empty ring; an end may be made anew over the same memory and goes on where the
// last one stopped.
// Threads: one sender and one receiver; each end's object belongs to its thread. Every word is read and written
// atomically and every index is checked, so a hostile peer can damage messages but not the process.
// Cost: an end reads the other's line only when its copy of the index is used up; publish() and pop() are one locked
// instruction each (it orders the index before the look at who sleeps), so send and take in batches.
// Source: Lamport (1983), single-producer queue; cached indices after Lee, Bu and Chandranmenon, "B-Queue" (2010).
#pragma once
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "harness/base/check.h"
#include "scenarios/common/futex.h"

namespace copycost {

template <class T, std::uint32_t Capacity>
struct ring_memory {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) % 8 == 0 && Capacity > 0 &&
                (Capacity & (Capacity - 1)) == 0);
  static constexpr std::size_t kWords = sizeof(T) / 8;

  alignas(64) std::atomic<std::uint32_t> tail{0};  // written by the sender
  std::atomic<std::uint32_t> sender_sleeps{0};
  alignas(64) std::atomic<std::uint32_t> head{0};  // written by the receiver
  std::atomic<std::uint32_t> receiver_sleeps{0};
  alignas(64) std::atomic<std::uint64_t> words[Capacity][kWords] = {};

  // Message `index` as it lies there now.
  T read(std::uint32_t index) const {
    std::array<std::uint64_t, kWords> out{};
    for (std::size_t i = 0; i < kWords; ++i) out[i] = words[index % Capacity][i].load(std::memory_order_relaxed);
    return std::bit_cast<T>(out);
  }
  void write(std::uint32_t index, const T& message) {
    const auto in = std::bit_cast<std::array<std::uint64_t, kWords>>(message);
    for (std::size_t i = 0; i < kWords; ++i) words[index % Capacity][i].store(in[i], std::memory_order_relaxed);
  }
  // Messages sent and not taken; 0 when the indices make no sense.
  std::uint32_t in_flight() const {
    const std::uint32_t first = head.load(std::memory_order_acquire);
    const std::uint32_t count = tail.load(std::memory_order_acquire) - first;
    return count <= Capacity ? count : 0;
  }
};

namespace detail {
inline constexpr int kRingSpins = 2000;

// Waits until `index` is not `seen`: spins, then sleeps at most `nap_ns`. The sleeper says so before it looks again,
// and the other end writes the index before it looks for sleepers (both in the one total order), so no wake-up is lost.
inline void wait_for_change(std::atomic<std::uint32_t>& index, std::uint32_t seen, std::atomic<std::uint32_t>& sleeps,
                            long nap_ns) {
  for (int i = 0; i < kRingSpins; ++i) {
    if (index.load(std::memory_order_acquire) != seen) return;
    spin_pause();
  }
  sleeps.store(1, std::memory_order_seq_cst);
  if (index.load(std::memory_order_seq_cst) == seen) futex_wait(index, seen, nap_ns);
  sleeps.store(0, std::memory_order_relaxed);
}

inline void change(std::atomic<std::uint32_t>& index, std::uint32_t value, std::atomic<std::uint32_t>& other_sleeps) {
  index.store(value, std::memory_order_seq_cst);
  if (other_sleeps.load(std::memory_order_seq_cst) != 0) [[unlikely]]
    futex_wake(index);
}
}  // namespace detail

template <class T, std::uint32_t Capacity>
class ring_sender {
 public:
  using memory = ring_memory<T, Capacity>;
  explicit ring_sender(memory& at)
      : at_(at), tail_(at.tail.load(std::memory_order_acquire)), taken_(tail_ - at.in_flight()) {}

  // How many messages fit now.
  std::uint32_t room() {
    if (tail_ - taken_ == Capacity) see();
    return Capacity - (tail_ - taken_);
  }
  // Puts a message into the ring; the receiver sees it after publish(). REQUIRES: room() > 0.
  void push(const T& message) {
    COPYCOST_ASSERT(tail_ - taken_ < Capacity);
    at_.write(tail_++, message);
  }
  void publish() { detail::change(at_.tail, tail_, at_.receiver_sleeps); }

  // The number of the next message to push, and of the oldest one that the receiver has not taken: messages before it
  // are the receiver's. A receiver that counts backwards or past tail is not believed.
  std::uint32_t next() const { return tail_; }
  std::uint32_t taken() {
    see();
    return taken_;
  }
  // The receiver claims what it cannot have taken: nothing more will come of this ring.
  bool is_broken() const { return at_.head.load(std::memory_order_relaxed) - taken_ > tail_ - taken_; }
  // Waits until the receiver takes something, at most `nap_ns`.
  void wait(long nap_ns) { detail::wait_for_change(at_.head, taken_, at_.sender_sleeps, nap_ns); }

 private:
  void see() {
    const std::uint32_t head = at_.head.load(std::memory_order_acquire);
    if (head - taken_ <= tail_ - taken_) taken_ = head;
  }
  memory& at_;
  std::uint32_t tail_;   // pushed; the shared word follows at publish()
  std::uint32_t taken_;  // copy of head
};

template <class T, std::uint32_t Capacity>
class ring_receiver {
 public:
  using memory = ring_memory<T, Capacity>;
  explicit ring_receiver(memory& at) : at_(at), head_(at.head.load(std::memory_order_acquire)), tail_(head_) {}

  // How many messages can be taken now. A sender that runs ahead further than the ring holds is not believed.
  std::uint32_t ready() {
    if (tail_ == head_) see();
    return tail_ - head_;
  }
  // The `i`-th message that can be taken. REQUIRES: i < ready().
  T peek(std::uint32_t i) const {
    COPYCOST_ASSERT(i < tail_ - head_);
    return at_.read(head_ + i);
  }
  // Gives the places of the first `n` messages back to the sender. REQUIRES: n <= ready().
  void pop(std::uint32_t n) {
    COPYCOST_ASSERT(n <= tail_ - head_);
    head_ += n;
    detail::change(at_.head, head_, at_.sender_sleeps);
  }
  // The sender claims to have sent more than the ring holds: nothing more will come of this ring.
  bool is_broken() const { return at_.tail.load(std::memory_order_relaxed) - head_ > Capacity; }
  // Waits until the sender publishes something, at most `nap_ns`. REQUIRES: ready() == 0.
  void wait(long nap_ns) {
    COPYCOST_ASSERT(tail_ == head_);
    detail::wait_for_change(at_.tail, tail_, at_.receiver_sleeps, nap_ns);
  }

 private:
  void see() {
    const std::uint32_t tail = at_.tail.load(std::memory_order_acquire);
    if (tail - head_ <= Capacity) tail_ = tail;
  }
  memory& at_;
  std::uint32_t head_;  // popped
  std::uint32_t tail_;  // copy of the shared tail
};

}  // namespace copycost
