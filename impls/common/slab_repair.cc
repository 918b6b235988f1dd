// SPDX-License-Identifier: Apache-2.0
//
// What is done when a process died: the free lists are made anew from the rows, and what the dead one held is released.
// Every step may be interrupted by a kill and begun again: it stores what follows from the rows and the rings, and adds
// nothing to what is there.
#include <algorithm>
#include <array>
#include <vector>

#include "impls/common/slab.h"

namespace copycost {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;
bool is_used(std::uint32_t generation) { return (generation & 1) != 0; }
bool is_sender(const slab_ring& r, unsigned slot) { return (r.sender.load(kRelaxed) & ~kEndLeft) == slot + 1; }

}  // namespace

// The blocks that a dead process has in flight to living receivers, sorted, once for each message.
struct slab::transit {
  std::array<block_id, std::size_t{kSlabRings} * kRingCapacity> blocks;
  std::size_t size = 0;

  std::uint32_t references(block_id id) const {
    const auto [first, last] = std::equal_range(blocks.begin(), blocks.begin() + static_cast<std::ptrdiff_t>(size), id);
    return static_cast<std::uint32_t>(last - first);
  }
};

slab::transit slab::in_transit_from(unsigned slot) const {
  transit out;
  for (unsigned k = 0; k < kSlabRings; ++k) {
    const slab_ring& r = rings()[k];
    if (!is_sender(r, slot) || !is_live_end(r.receiver.load(kRelaxed))) continue;
    // The receiver may take messages while we look. Those that it takes after this are counted as in flight once more
    // than need be; it holds them itself by then, and the next reclaim() sees them gone from the ring.
    const std::uint32_t first = r.queue.head.load(std::memory_order_acquire);
    const std::uint32_t count = std::min(r.queue.tail.load(std::memory_order_acquire) - first, kRingCapacity);
    for (std::uint32_t i = 0; i < count; ++i) {
      const block_message m = r.queue.read(first + i);
      const bool stands =
          m.block < rows_made() && is_used(m.generation) && row(m.block).generation.load(kRelaxed) == m.generation;
      if (stands) out.blocks[out.size++] = m.block;
    }
  }
  std::sort(out.blocks.begin(), out.blocks.begin() + static_cast<std::ptrdiff_t>(out.size));
  return out;
}

// REQUIRES: the slot's owner is dead, or has left, or is us leaving.
std::uint64_t slab::reap(unsigned slot) {
  const transit flying = in_transit_from(slot);
  const std::uint32_t bit = 1u << slot;
  std::uint64_t freed = 0;
  for (block_id id = 0; id < rows_made(); ++id) {
    block_row& r = row(id);
    const std::uint32_t wanted = flying.references(id);
    count_word& count = counts(slot)[spread(id)];
    if (count.load(kRelaxed) != wanted) count.store(wanted, kRelaxed);
    const std::uint32_t before = r.holders.load(kRelaxed), after = wanted != 0 ? before | bit : before & ~bit;
    if (before != after) r.holders.store(after, kRelaxed);
    if (after != 0 || !is_used(r.generation.load(kRelaxed))) continue;
    freed += r.requested.load(kRelaxed);
    free_block(id);
  }
  for (unsigned k = 0; k < kSlabRings; ++k) {
    if (rings()[k].receiver.load(kRelaxed) == slot + 1) rings()[k].receiver.store(kEndGone, kRelaxed);
    if (flying.size != 0 || !is_sender(rings()[k], slot)) continue;
    drop_messages_to_nobody(k);
    rings()[k].sender.store(kEndGone, kRelaxed);
  }
  if (flying.size == 0) shared().processes[slot].state.store(process_row::kFree, std::memory_order_release);
  return freed;
}

std::uint64_t slab::reclaim_locked() {
  std::uint64_t freed = 0;
  for (unsigned slot = 0; slot < kSlabProcesses; ++slot)
    if (slot != slot_ && shared().processes[slot].state.load(kRelaxed) != process_row::kFree && !is_live(slot))
      freed += reap(slot);
  return freed;
}

std::uint64_t slab::reclaim() {
  const guard locked(*this);
  return reclaim_locked();
}

// All memory that no block in use has becomes free blocks, as large as they can be.
void slab::rebuild() {
  std::vector<extent> used;
  std::vector<block_id> unused;
  for (block_id id = 0; id < rows_made(); ++id) {
    const block_row& r = row(id);
    const extent e = extent_of(r);
    if (!is_used(r.generation.load(kRelaxed)))
      unused.push_back(id);
    else if (is_sane(e))
      used.push_back(e);
    else
      shared().corrupt.store(1, kRelaxed);
  }
  for (count_word& list : shared().free_list) list.store(0, kRelaxed);
  for (const block_id id : unused) row(id).capacity.store(0, kRelaxed);
  shared().spare.store(0, kRelaxed);
  for (const block_id id : unused) push(shared().spare, id);
  std::sort(used.begin(), used.end(), [](const extent& a, const extent& b) { return a.offset < b.offset; });
  std::uint64_t covered = 0;
  for (const extent& e : used) {
    if (e.offset < covered) return shared().corrupt.store(1, kRelaxed);
    // Without a row for it, a gap stays unused until the block before or behind it is freed.
    if (const block_id id = e.offset > covered ? new_row() : kNoBlock; id != kNoBlock) {
      row(id).offset.store(covered, kRelaxed);
      row(id).capacity.store(e.offset - covered, kRelaxed);
      push_free(id);
    }
    covered = e.offset + e.capacity;
  }
  shared().frontier.store(covered, kRelaxed);
}

}  // namespace copycost
