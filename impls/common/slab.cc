// SPDX-License-Identifier: Apache-2.0
#include "impls/common/slab.h"

#include "harness/ledger/sub_allocations.h"

namespace copycost {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

bool is_used(std::uint32_t generation) { return (generation & 1) != 0; }

// The ledger sees a block as an allocation of each process for as long as that process holds it.
void report_hold(const void* data, std::uint64_t bytes) { report_sub_alloc(data, bytes); }
void report_let_go(const void* data, std::uint64_t bytes) { report_sub_free(data, bytes); }

}  // namespace

void slab::lock() {
  if (!shared().lock.acquire(me_, *this)) return;
  try {
    rebuild();
  } catch (...) {  // no memory to sort in: the lists may miss free blocks, and are made anew when they are needed
    shared().lock.release();
    throw;
  }
}

bool slab::is_sane(const extent& e) const {
  return e.capacity >= kGranule && e.capacity <= layout_.data_bytes && e.offset <= layout_.data_bytes - e.capacity &&
         e.offset % kGranule == 0 && e.capacity % kGranule == 0;
}

// --- finding room -----------------------------------------------------------------------------------------------

// The first row of a list if it is free and large enough; a list that says otherwise is torn and gives nothing.
block_id slab::pop(count_word& list, std::uint64_t capacity_min) {
  const std::uint32_t head = list.load(kRelaxed);
  if (head == 0 || head > rows_made()) return kNoBlock;
  const block_row& r = row(head - 1);
  const extent e = extent_of(r);
  if (is_used(r.generation.load(kRelaxed)) || e.capacity < capacity_min) return kNoBlock;
  if (capacity_min > 0 && !is_sane(e)) return kNoBlock;
  list.store(r.next.load(kRelaxed), kRelaxed);
  return head - 1;
}

void slab::push(count_word& list, block_id id) {
  row(id).next.store(list.load(kRelaxed), kRelaxed);
  list.store(id + 1, kRelaxed);
}

void slab::push_free(block_id id) {
  const extent e = extent_of(row(id));
  if (is_sane(e)) push(shared().free_list[class_below(e.capacity / kGranule)], id);
}

block_id slab::new_row() {
  if (const block_id id = pop(shared().spare, 0); id != kNoBlock) return id;
  const std::uint32_t made = rows_made();
  if (made == layout_.rows_max) return kNoBlock;
  shared().rows_made.store(made + 1, kRelaxed);
  return made;
}

// Leaves `capacity` bytes to the block and makes the rest a free block; without a row for it, leaves all.
void slab::split(block_id id, std::uint64_t capacity) {
  block_row& whole = row(id);
  const std::uint64_t rest = whole.capacity.load(kRelaxed) - capacity;
  const block_id other = rest > 0 ? new_row() : kNoBlock;
  if (other == kNoBlock) return;
  row(other).offset.store(whole.offset.load(kRelaxed) + capacity, kRelaxed);
  row(other).capacity.store(rest, kRelaxed);
  whole.capacity.store(capacity, kRelaxed);
  push_free(other);
}

// A free row with memory: of the right class, else fresh from behind the frontier, else cut from a larger one.
block_id slab::find_room(std::uint64_t granules) {
  const unsigned wanted = class_above(granules);
  const std::uint64_t capacity = class_granules(wanted) * kGranule, frontier = shared().frontier.load(kRelaxed);
  if (shared().corrupt.load(kRelaxed) != 0) return kNoBlock;
  if (const block_id id = pop(shared().free_list[wanted], capacity); id != kNoBlock) return id;
  if (capacity <= layout_.data_bytes && frontier <= layout_.data_bytes - capacity && frontier % kGranule == 0) {
    const block_id id = new_row();
    if (id == kNoBlock) return id;
    row(id).offset.store(frontier, kRelaxed);
    row(id).capacity.store(capacity, kRelaxed);
    shared().frontier.store(frontier + capacity, kRelaxed);
    return id;
  }
  for (unsigned c = wanted + 1; c < kSizeClasses; ++c)
    if (const block_id id = pop(shared().free_list[c], capacity); id != kNoBlock) {
      split(id, capacity);
      return id;
    }
  return kNoBlock;
}

held_block slab::allocate(std::size_t bytes) {
  if (bytes > layout_.data_bytes) return {};
  const std::uint64_t granules = bytes == 0 ? 1 : (bytes + kGranule - 1) / kGranule;
  held_block out;
  {
    const guard locked(*this);
    block_id id = find_room(granules);
    if (id == kNoBlock) {
      reclaim_locked();
      rebuild();
      if ((id = find_room(granules)) == kNoBlock) return {};
    }
    block_row& r = row(id);
    const extent e = extent_of(r);
    if (!is_sane(e) || e.capacity < bytes) return {};
    out = {data() + e.offset, counts(slot_) + spread(id)};
    r.requested.store(bytes, kRelaxed);
    out.count->store(1, kRelaxed);
    r.holders.store(my_bit(), kRelaxed);
    // From here on the memory is the block's: a row that says so is the only truth about it.
    r.generation.store(r.generation.load(kRelaxed) + 1, std::memory_order_release);
    ++held_;
  }
  report_hold(out.data, bytes);
  return out;
}

// From the first store on the memory has no owner.
void slab::free_block(block_id id) {
  row(id).generation.store(row(id).generation.load(kRelaxed) + 1, std::memory_order_release);
  row(id).holders.store(0, kRelaxed);
  push_free(id);
}

// --- holding and releasing --------------------------------------------------------------------------------------

void slab::hold_one(const block_message& m, held_block& out) {
  out = {};
  if (m.block >= rows_made()) return;
  block_row& r = row(m.block);
  if (!is_used(m.generation) || r.generation.load(std::memory_order_acquire) != m.generation) return;
  const std::uint64_t requested = r.requested.load(kRelaxed), offset = extent_of(r).offset;
  if (offset > layout_.data_bytes || requested > layout_.data_bytes - offset) return;
  if (m.begin < offset || m.begin - offset > requested) return;
  if (m.size > requested - (m.begin - offset)) return;
  count_word& count = counts(slot_)[spread(m.block)];
  if ((r.holders.load(kRelaxed) & my_bit()) == 0) {
    r.holders.store(r.holders.load(kRelaxed) | my_bit(), kRelaxed);
    ++held_;
    report_hold(data() + offset, requested);
  }
  if (add(count)) out = {data() + m.begin, &count};
}

void slab::hold(std::span<const block_message> in, std::span<held_block> out) {
  const guard locked(*this);
  for (std::size_t i = 0; i < in.size(); ++i) hold_one(in[i], out[i]);
}

// Takes `references` off the count and ends our hold when none are left. Another thread may have received the
// block again in the meantime, or have ended the hold: the count and our bit tell, both are settled under the lock.
void slab::let_go_locked(count_word& count, std::uint32_t references) {
  if (references != 0) count_refcount_op();
  const std::uint32_t left = count.fetch_sub(references, std::memory_order_acq_rel) - references;
  block_row& r = row_of(count);
  const std::uint32_t holders = r.holders.load(kRelaxed);
  if (left != 0 || (holders & my_bit()) == 0) return;
  const std::span<std::byte> block = bytes_of(count);
  report_let_go(block.data(), block.size());
  r.holders.store(holders & ~my_bit(), kRelaxed);
  --held_;
  if ((holders & ~my_bit()) == 0) free_block(id_of(count));
}

void slab::let_go(count_word& count, std::uint32_t references) {
  bool was_last = false;
  {
    const guard locked(*this);
    let_go_locked(count, references);
    was_last = closed_ && held_ == 0;
  }
  if (was_last) leave();
}

void slab::drop_all(std::span<count_word* const> counts) {
  const auto same_from = [&](std::size_t i) {
    std::uint32_t n = 1;
    while (i + n < counts.size() && counts[i + n] == counts[i]) ++n;
    return n;
  };
  std::size_t i = 0;
  // Those that this process goes on holding need no lock.
  while (i < counts.size()) {
    const std::uint32_t n = same_from(i);
    if (counts[i]->load(std::memory_order_acquire) <= n) break;
    count_refcount_op();
    if (counts[i]->fetch_sub(n, std::memory_order_acq_rel) == n) let_go(*counts[i], 0);
    i += n;
  }
  if (i == counts.size()) return;
  bool was_last = false;
  {
    const guard locked(*this);
    for (std::uint32_t n = 0; i < counts.size(); i += n) let_go_locked(*counts[i], n = same_from(i));
    was_last = closed_ && held_ == 0;
  }
  if (was_last) leave();
}

std::span<std::byte> slab::bytes_of(const count_word& count) const {
  const block_row& r = row_of(count);
  const std::uint64_t offset = r.offset.load(kRelaxed), requested = r.requested.load(kRelaxed);
  if (offset > layout_.data_bytes || requested > layout_.data_bytes - offset) return {};
  return {data() + offset, requested};
}

std::uint64_t slab::use_count(const count_word& count) const {
  const block_id id = id_of(count);
  const std::uint32_t holders = row(id).holders.load(kRelaxed);
  std::uint64_t sum = 0;
  for (unsigned p = 0; p < kSlabProcesses; ++p)
    if ((holders >> p & 1u) != 0) sum += counts(p)[spread(id)].load(kRelaxed);
  return sum;
}

bool slab::is_unique(const count_word& count) {
  if (count.load(std::memory_order_acquire) != 1) return false;
  const guard locked(*this);
  return row_of(count).holders.load(kRelaxed) == my_bit();
}

block_message slab::message(const count_word& count, const std::byte* begin, std::uint32_t size) const {
  block_message m;
  m.block = id_of(count);
  m.generation = row(m.block).generation.load(kRelaxed);
  m.begin = static_cast<std::uint64_t>(begin - data());
  m.size = size;
  return m;
}

slab::usage slab::used() {
  const guard locked(*this);
  usage out;
  for (block_id id = 0; id < rows_made(); ++id) {
    if (!is_used(row(id).generation.load(kRelaxed))) continue;
    ++out.blocks;
    out.bytes += row(id).requested.load(kRelaxed);
    out.capacity += row(id).capacity.load(kRelaxed);
  }
  return out;
}

}  // namespace copycost
