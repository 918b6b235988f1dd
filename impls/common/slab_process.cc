// SPDX-License-Identifier: Apache-2.0
//
// Processes of a slab: coming, going, and who still lives; and the ends of its rings.
#include <unistd.h>

#include <memory>

#include "impls/common/slab.h"

namespace copycost {
namespace {
constexpr auto kRelaxed = std::memory_order_relaxed;
}

result<slab*, shm_error> slab::open(shm_segment segment) {
  auto* out = new slab(std::move(segment));
  if (out->join()) return out;
  delete out;
  return shm_error{shm_error::too_many_processes, kSlabProcesses, 0};
}

bool slab::join() {
  for (unsigned slot = 0; slot < kSlabProcesses; ++slot) {
    if (!segment_.claim(slot)) continue;
    if (join_as(slot)) return true;
    segment_.unclaim(slot);
  }
  return false;
}

// The kernel gave us the slot, so the process that had it before is dead. What that one has in rings to living
// receivers keeps the slot occupied until they have taken it.
bool slab::join_as(unsigned slot) {
  process_row& mine = shared().processes[slot];
  // Before the lock is asked for: a lock word of the former owner is then seen to be of a former owner.
  const std::uint32_t generation = mine.generation.load(kRelaxed) + 1;
  mine.generation.store(generation, std::memory_order_release);
  slot_ = slot;
  me_ = lock_owner::word(slot, generation);
  const guard locked(*this);
  if (mine.state.load(kRelaxed) != process_row::kFree) {
    mine.state.store(process_row::kLeft, kRelaxed);
    reap(slot);
  }
  if (mine.state.load(kRelaxed) != process_row::kFree) return false;
  mine.pid.store(static_cast<std::uint32_t>(getpid()), kRelaxed);
  mine.state.store(process_row::kLive, std::memory_order_release);
  return true;
}

void slab::close() {
  // A child made by fork() has this object but neither the memory nor the slot.
  if (!segment_.is_mapped_here()) {
    delete this;
    return;
  }
  bool was_last = false;
  {
    const guard locked(*this);
    closed_ = true;
    was_last = held_ == 0;
  }
  if (was_last) leave();
}

// Leaving is dying in good order: what is in the rings is counted from the rings.
void slab::leave() {
  {
    const guard locked(*this);
    shared().processes[slot_].state.store(process_row::kLeft, kRelaxed);
    reap(slot_);
  }
  delete this;
}

bool slab::is_dead(std::uint32_t owner_word) const {
  const unsigned slot = lock_owner::slot(owner_word);
  if (slot >= kSlabProcesses) return true;  // no process that keeps the rules wrote this
  const std::uint32_t now = shared().processes[slot].generation.load(std::memory_order_acquire);
  if (now % lock_owner::kGenerations != lock_owner::generation(owner_word)) return true;
  return slot != slot_ && !segment_.is_claimed_elsewhere(slot);
}

bool slab::is_live(unsigned slot) const {
  if (slot >= kSlabProcesses || shared().processes[slot].state.load(std::memory_order_acquire) != process_row::kLive)
    return false;
  return slot == slot_ || segment_.is_claimed_elsewhere(slot);
}

// Without a living receiver no other process writes head, and a new receiver has to come through the lock.
void slab::drop_messages_to_nobody(unsigned ring) {
  slab_ring& r = rings()[ring];
  if (!is_live_end(r.receiver.load(kRelaxed)))
    r.queue.head.store(r.queue.tail.load(kRelaxed), std::memory_order_release);
}

bool slab::take_end(unsigned ring, ring_end which) {
  const guard locked(*this);
  slab_ring& r = rings()[ring];
  auto& mine = which == ring_end::sender ? r.sender : r.receiver;
  if (is_live_end(mine.load(kRelaxed))) return false;
  if (which == ring_end::sender) {
    drop_messages_to_nobody(ring);
    if (r.queue.in_flight() > 0) return false;
  }
  mine.store(slot_ + 1, std::memory_order_release);
  return true;
}

void slab::leave_end(unsigned ring, ring_end which) {
  const guard locked(*this);
  slab_ring& r = rings()[ring];
  if (which == ring_end::receiver) return r.receiver.store(kEndGone, kRelaxed);
  drop_messages_to_nobody(ring);
  // A sender whose messages still wait stays known as their sender: they are counted from the ring should it die.
  r.sender.store(r.queue.in_flight() == 0 ? kEndGone : (slot_ + 1) | kEndLeft, std::memory_order_release);
}

void slab::expect_other(unsigned ring, ring_end mine) {
  const guard locked(*this);
  slab_ring& r = rings()[ring];
  auto& other = mine == ring_end::sender ? r.receiver : r.sender;
  if (!is_live_end(other.load(kRelaxed)) && r.queue.in_flight() == 0) other.store(kEndNever, std::memory_order_release);
}

slab::presence slab::other_end(unsigned ring, ring_end mine) const {
  const slab_ring& r = rings()[ring];
  const std::uint32_t word = (mine == ring_end::sender ? r.receiver : r.sender).load(std::memory_order_acquire);
  if (word == kEndNever) return presence::not_yet;
  return is_live_end(word) ? presence::here : presence::gone;
}

}  // namespace copycost
