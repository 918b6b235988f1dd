// SPDX-License-Identifier: Apache-2.0
//
// A region of memory that is handed out in pieces and freed as a whole.
//
//   block [head|jitter|aaaa|bbbbbbbb|cc|....free....] --> block [head|....free....] --> (kept by reset() for reuse)
//                                      ^cursor       ^end
//
// Blocks come from mmap, with bases that are not at round distances from each other: pieces of equal size would
// otherwise fall into the same cache sets and page offsets, which makes copies between them several times slower. Under
// AddressSanitizer all that is not handed out is poisoned, and pieces keep a gap. In objects that count, each piece is
// reported as a sub-allocation.
//
// Lifetime: what allocate() answers lives until reset() or until the arena dies. Every piece has a ticket. Tickets
// count up, and reset() makes all earlier ones invalid. The number that says so lies in the arena object and not in the
// memory that is freed, so a stale handle can ask: the arena object must outlive its handles.
// Threads: allocating, shrinking and reset() are for one thread at a time; is_alive() and reading the memory are for
// all.
// Cost: allocate() is a compare and two additions; reset() is a few instructions a block and a call for each adopted
// buffer.
// Source: of the block list, Hanson, "Fast allocation and deallocation of memory based on object lifetimes" (1990).
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "harness/base/check.h"
#include "harness/base/sanitizer.h"
#include "harness/ledger/witness/counters.h"
#include "scenarios/common/foreign_bytes.h"

namespace copycost {

struct arena_options {
  std::size_t bytes_max = std::size_t{1} << 30;    // mapped at most, everything included; whole pages
  std::size_t block_bytes = std::size_t{4} << 20;  // mapped at a time; pages are touched when they are handed out
};

class arena {
 public:
  static constexpr std::size_t kAlignment = 16;
  static constexpr std::size_t kBytesMax = std::size_t{1} << 35;  // live tickets span less than half of their range

  // What adopt() takes from the arena for each buffer.
  static constexpr std::size_t kNoteBytes =
      (sizeof(foreign_bytes) + sizeof(void*) + kAlignment - 1) & ~(kAlignment - 1);

  struct lease {
    std::byte* data = nullptr;  // null: exhausted
    std::uint32_t ticket = 0;
  };

  // Maps nothing yet. REQUIRES: bytes_max <= kBytesMax.
  explicit arena(arena_options o = {});
  ~arena();
  arena(const arena&) = delete;
  arena& operator=(const arena&) = delete;

  // `size` bytes, aligned to 16 and not initialised. Null when that is more than room_max(), or when the kernel has no
  // memory; nothing is changed then. REQUIRES: size > 0. VALID UNTIL: reset() or destruction.
  lease allocate(std::size_t size) {
    COPYCOST_ASSERT(size > 0);
    if (size > room()) [[unlikely]]
      if (!more(size)) return {};
    std::byte* data = cursor_;
    cursor_ += rounded(size) + kGap;
    if constexpr (kWatched) made(data, size);
    return {data, next_++};
  }
  // Keeps foreign memory until reset() or destruction, which give it back in reverse order of adoption; the
  // functions that take it back must not use the arena. Null when there is no room for a note of kNoteBytes; nothing is
  // moved then.
  // REQUIRES: bytes.bytes() is not empty. VALID UNTIL: reset() or destruction.
  lease adopt(foreign_bytes&& bytes);

  // Gives back what lies behind the first `keep` bytes of a piece of `size` bytes. Does nothing unless it is the latest
  // piece; answers whether it was. REQUIRES: keep <= size; no view of the rest is used.
  bool shrink(lease piece, std::size_t size, std::size_t keep);

  // Frees everything at once. Blocks stay mapped for reuse.
  void reset();

  // False when reset() came after the piece. Exact for the latest 2^31 pieces.
  bool is_alive(std::uint32_t ticket) const {
    return static_cast<std::int32_t>(ticket - oldest_.load(std::memory_order_relaxed)) >= 0;
  }
  // Prints one line and aborts unless is_alive().
  void require_alive(std::uint32_t ticket) const {
    if (!is_alive(ticket)) [[unlikely]]
      expired(ticket);
  }

  // The largest size that allocate() has room for.
  std::size_t room_max() const;
  // Bytes handed out since the last reset(), rounding included; what is retained until it is called.
  std::size_t used_bytes() const;
  std::size_t mapped_bytes() const { return mapped_; }
  // How often reset() was called.
  std::uint64_t generation() const { return generation_; }

 private:
  struct block;
  struct foreign;
  struct record {
    const std::byte* data;
    std::size_t size;
  };
  static constexpr bool kPoisons = kAddressSanitized, kReports = kCounts;
  static constexpr bool kWatched = kPoisons || kReports;
  static constexpr std::size_t kGap = kPoisons ? kAlignment : 0;
  static constexpr std::size_t kOverhead = kGap + (kReports ? sizeof(record) : 0);
  static_assert(sizeof(record) % kAlignment == 0);

  static constexpr std::size_t rounded(std::size_t size) { return (size + kAlignment - 1) & ~(kAlignment - 1); }
  static std::size_t room_between(const std::byte* begin, const std::byte* end) {
    const std::size_t left = static_cast<std::size_t>(end - begin);
    return left < kOverhead ? 0 : left - kOverhead;
  }
  std::size_t room() const { return room_between(cursor_, end_); }
  bool is_unused() const;
  bool more(std::size_t size);
  block* map(std::size_t bytes, std::size_t need);
  void enter(block* b);
  void empty(block& b);
  void unmap_from(block* b);
  void unmap_unused();
  void release_foreign();
  void made(std::byte* data, std::size_t size);
  [[noreturn, gnu::cold]] void expired(std::uint32_t ticket) const;

  std::byte* cursor_ = nullptr;           // in current_: where the next piece begins
  std::byte* end_ = nullptr;              // in current_: behind the room; records of pieces lie from here on
  std::uint32_t next_ = 0;                // the next ticket
  std::atomic<std::uint32_t> oldest_{0};  // the first ticket that is alive; written by reset() only
  std::uint64_t generation_ = 0;
  block* first_ = nullptr;
  block* current_ = nullptr;  // blocks behind it are unused
  foreign* foreign_ = nullptr;
  std::size_t mapped_ = 0;
  const std::size_t bytes_max_, block_bytes_;
};

}  // namespace copycost
