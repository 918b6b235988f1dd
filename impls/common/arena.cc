// SPDX-License-Identifier: Apache-2.0
#include "impls/common/arena.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <new>
#include <utility>

#include "harness/base/check.h"
#include "harness/ledger/sub_allocations.h"

#if COPYCOST_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#endif

namespace copycost {

// The head of a mapping. Pieces lie in [begin, top); records of pieces in [end, the end of the mapping).
struct arena::block {
  block* next;
  std::size_t mapped;
  std::byte* begin;
  std::byte* top;  // valid unless this is the current block, whose top is cursor_
  std::byte* end;  // as above, end_
  std::byte* mapping_end() { return reinterpret_cast<std::byte*>(this) + mapped; }
};

struct alignas(arena::kAlignment) arena::foreign {
  foreign_bytes bytes;
  foreign* next;
};

namespace {

constexpr std::size_t kLine = 64, kHead = 64;  // the head fills one cache line

std::size_t page_bytes() {
  static const auto bytes = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}
std::size_t whole_pages_up(std::size_t n) { return (n + page_bytes() - 1) & ~(page_bytes() - 1); }
std::size_t whole_pages_down(std::size_t n) { return n & ~(page_bytes() - 1); }

// Another multiple of a cache line for each of 64 blocks in a row, whichever arena they belong to.
std::size_t jitter(std::size_t below) {
  static constinit std::atomic<std::size_t> blocks{0};
  return blocks.fetch_add(1, std::memory_order_relaxed) * 37 * kLine % below;
}

}  // namespace

arena::arena(arena_options o) : bytes_max_(whole_pages_down(o.bytes_max)), block_bytes_(whole_pages_up(o.block_bytes)) {
  COPYCOST_REQUIRE(o.bytes_max <= kBytesMax && o.block_bytes <= kBytesMax);
}

arena::~arena() {
  reset();
  unmap_from(first_);
}

arena::lease arena::adopt(foreign_bytes&& bytes) {
  static_assert(sizeof(foreign) == kNoteBytes);
  COPYCOST_ASSERT(!bytes.bytes().empty());
  const lease note = allocate(sizeof(foreign));
  if (note.data == nullptr) return {};
  std::byte* data = bytes.bytes().data();
  foreign_ = new (note.data) foreign{std::move(bytes), foreign_};
  return {data, note.ticket};
}

bool arena::shrink(lease piece, std::size_t size, std::size_t keep) {
  COPYCOST_ASSERT(keep <= size);
  const bool latest =
      piece.ticket == next_ - 1 && is_alive(piece.ticket) && piece.data + rounded(size) + kGap == cursor_;
  if (!latest) return false;
  if (keep == size) return true;
  cursor_ = piece.data + (keep == 0 ? 0 : rounded(keep) + kGap);
  ASAN_POISON_MEMORY_REGION(piece.data + keep, size - keep);
  if constexpr (kReports) {
    if (keep != 0) {
      reinterpret_cast<record*>(end_)->size = keep;
      report_sub_realloc(piece.data, size, piece.data, keep);
    } else {
      ASAN_POISON_MEMORY_REGION(end_, sizeof(record));
      end_ += sizeof(record);
      report_sub_free(piece.data, size);
    }
  }
  if (keep == 0) --next_;  // no handle has the ticket any more
  return true;
}

void arena::reset() {
  oldest_.store(next_, std::memory_order_relaxed);
  ++generation_;
  if (current_ == nullptr) return;
  release_foreign();
  current_->top = cursor_;
  current_->end = end_;
  for (block* b = first_; b != current_->next; b = b->next) empty(*b);
  current_ = nullptr;  // there is nothing to remember of it
  enter(first_);
}

std::size_t arena::room_max() const {
  // Blocks behind the current one can be given up, and so can an unused first one.
  std::size_t used = 0;
  if (!is_unused()) {
    for (const block* b = first_; b != current_->next; b = b->next) used += b->mapped;
  }
  return std::max(room(), bytes_max_ - used < kHead + kOverhead ? 0 : bytes_max_ - used - kHead - kOverhead);
}

std::size_t arena::used_bytes() const {
  std::size_t used = 0;
  if (current_ == nullptr) return used;
  for (const block* b = first_; b != current_; b = b->next) used += static_cast<std::size_t>(b->top - b->begin);
  return used + static_cast<std::size_t>(cursor_ - current_->begin);
}

bool arena::is_unused() const { return current_ == nullptr || (current_ == first_ && cursor_ == first_->begin); }

// Makes a block current that has room for a piece of `size` bytes. On false nothing that matters has changed.
bool arena::more(std::size_t size) {
  if (current_ != nullptr && current_->next != nullptr) {
    block* next = current_->next;
    if (size <= room_between(next->begin, next->end)) {
      enter(next);
      return true;
    }
  }
  if (size > room_max()) return false;
  const std::size_t need = whole_pages_up(kHead + rounded(size) + kOverhead);
  if (mapped_ + need > bytes_max_) unmap_unused();
  block* fresh = map(std::max(need, std::min(block_bytes_, bytes_max_ - mapped_)), need);
  if (fresh == nullptr) return false;
  block*& link = current_ == nullptr ? first_ : current_->next;
  fresh->next = std::exchange(link, fresh);
  enter(fresh);
  return true;
}

arena::block* arena::map(std::size_t bytes, std::size_t need) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  mapped_ += bytes;
  static_assert(sizeof(block) <= kHead);
  auto* b = new (memory) block{nullptr, bytes, nullptr, nullptr, nullptr};
  b->begin = static_cast<std::byte*>(memory) + kHead + (bytes - need < page_bytes() ? 0 : jitter(page_bytes()));
  b->top = b->begin;
  b->end = b->mapping_end();
  ASAN_POISON_MEMORY_REGION(b->begin, static_cast<std::size_t>(b->end - b->begin));
  return b;
}

void arena::enter(block* b) {
  if (current_ != nullptr) {
    current_->top = cursor_;
    current_->end = end_;
  }
  current_ = b;
  cursor_ = b->top;
  end_ = b->end;
}

void arena::empty(block& b) {
  if constexpr (kReports) {
    for (auto* r = reinterpret_cast<record*>(b.end); r != reinterpret_cast<record*>(b.mapping_end()); ++r)
      report_sub_free(r->data, r->size);
  }
#ifndef NDEBUG
  // What still looks at it sees this, where nothing reports it; and ThreadSanitizer sees a write.
  if constexpr (!kPoisons) std::fill(b.begin, b.top, std::byte{0xDD});
#endif
  // What was never handed out is poisoned already: resetting costs what was used, under AddressSanitizer, too.
  ASAN_POISON_MEMORY_REGION(b.begin, static_cast<std::size_t>(b.top - b.begin));
  ASAN_POISON_MEMORY_REGION(b.end, static_cast<std::size_t>(b.mapping_end() - b.end));
  b.top = b.begin;
  b.end = b.mapping_end();
}

void arena::unmap_from(block* b) {
  while (b != nullptr) {
    block* next = b->next;
    mapped_ -= b->mapped;
    ASAN_UNPOISON_MEMORY_REGION(b, b->mapped);  // or the next mapping at this address would be born poisoned
    munmap(b, b->mapped);
    b = next;
  }
}

void arena::unmap_unused() {
  if (is_unused()) {
    unmap_from(std::exchange(first_, nullptr));
    current_ = nullptr;
    cursor_ = nullptr;
    end_ = nullptr;
  } else {
    unmap_from(std::exchange(current_->next, nullptr));
  }
}

void arena::release_foreign() {
  while (foreign_ != nullptr) {
    foreign* gone = foreign_;
    foreign_ = gone->next;
    gone->~foreign();
  }
}

void arena::made([[maybe_unused]] std::byte* data, [[maybe_unused]] std::size_t size) {
  ASAN_UNPOISON_MEMORY_REGION(data, size);
  if constexpr (kReports) {
    end_ -= sizeof(record);
    ASAN_UNPOISON_MEMORY_REGION(end_, sizeof(record));
    new (end_) record{data, size};
    report_sub_alloc(data, size);
  }
}

void arena::expired(std::uint32_t ticket) const {
  std::fprintf(stderr,
               "copycost: use of arena memory after reset(): ticket %u, the oldest alive is %u, generation %llu\n",
               ticket, oldest_.load(std::memory_order_relaxed), static_cast<unsigned long long>(generation_));
  std::abort();
}

}  // namespace copycost
