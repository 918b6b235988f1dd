// SPDX-License-Identifier: Apache-2.0
//
// Private to the arena design: the memory of a batch, with one count for all items in it, and the pool where such
// memory waits for the next batch.
//
//   region [owners i64]  [arena: headers|payload|headers|payload|note of adopted bytes|...free...]  [held]  --> pool
//           ^ any thread  ^ the maker that filled it; when it is freed, who dropped the last item
//
//   owners while the maker fills it:   kOpen + owners added elsewhere - owners dropped
//   close(issued)                      - kOpen + issued: from here on it is the number of owners
//
// The maker counts what it issues in a number of its own, and settles once: dropping an item that was never shared is
// the only count operation that it costs. As long as the region is open the bias keeps the count from reaching 0.
//
// Lifetime: a region is freed once: by close(), or by the drop() of the last owner behind it. What is freed is reset
// (adopted bytes are given back) and waits in the pool; what the pool has no room for is unmapped. The pool outlives
// its regions.
// Threads: add() and drop() from any thread; allocating, adopting, shrinking and close() by the maker that took the
// region. The pool is safe.
// Cost: add() and drop() are one locked instruction for any number of owners; taking and freeing a region is a lock.
// Source: of the bias, Choi, Shull and Torrellas, "Biased reference counting" (2018): the owner's count needs no lock.
#pragma once
#include <atomic>
#include <mutex>

#include "impls/common/arena.h"
#include "scenarios/graph/contract.h"

namespace copycost::graph {

struct region_options {
  // Payload, headers and adopted bytes of one region; with more the maker goes on in another. An item that is larger
  // has a region to itself.
  std::size_t region_bytes = std::size_t{256} << 10;
  std::size_t pool_bytes = std::size_t{16} << 20;  // mapped at most by the regions that wait
};

// How many regions were made, how many were handed to makers, and how many came back. What is not yet back is in use.
struct region_stats {
  std::uint64_t made = 0, taken = 0, freed = 0, unmapped = 0;
};

class region_pool;

class region {
 public:
  explicit region(region_pool& pool);

  // As arena::allocate(), adopt() and shrink(); they keep held_bytes() up to date.
  arena::lease allocate(std::size_t size) {
    const arena::lease piece = memory_.allocate(size);
    if (piece.data != nullptr) [[likely]]
      hold(rounded(size));
    return piece;
  }
  arena::lease adopt(foreign_bytes&& bytes);
  bool shrink(arena::lease piece, std::size_t size, std::size_t keep);

  // What lives as long as the region: bytes handed out, rounding included, and bytes adopted. Any thread may ask.
  std::uint64_t held_bytes() const { return held_.load(std::memory_order_relaxed); }

  void add(std::uint64_t owners) {
    count_refcount_op();
    owners_.fetch_add(static_cast<std::int64_t>(owners), std::memory_order_relaxed);
  }
  void drop(std::uint64_t owners) {
    count_refcount_op();
    const auto gone = static_cast<std::int64_t>(owners);
    const std::int64_t before = owners_.fetch_sub(gone, std::memory_order_acq_rel);
    COPYCOST_ASSERT(before >= gone);
    if (before == gone) [[unlikely]]
      freed();
  }
  // The maker has issued that many owners (fewer than 0: it took back more than it issued), and adds no more bytes.
  void close(std::int64_t issued);
  // False when the count is wrong: who asks has an item.
  bool is_held() const { return owners_.load(std::memory_order_relaxed) > 0; }

 private:
  friend class region_pool;
  static constexpr std::int64_t kOpen = std::int64_t{1} << 62;
  static constexpr std::size_t rounded(std::size_t size) {
    return (size + arena::kAlignment - 1) & ~(arena::kAlignment - 1);
  }
  // Written by the maker alone: no locked instruction.
  void hold(std::uint64_t more) { held_.store(held_bytes() + more, std::memory_order_relaxed); }
  [[gnu::cold]] void freed();

  alignas(64) std::atomic<std::int64_t> owners_{kOpen};
  alignas(64) std::atomic<std::uint64_t> held_{0};  // on the maker's line, not on that of those who drop
  arena memory_;
  region_pool& pool_;
  region* next_ = nullptr;  // of those that wait; guarded by the pool's mutex
};

class region_pool {
 public:
  explicit region_pool(region_options o = {}) : options_(o) {}
  // REQUIRES: all regions were freed.
  ~region_pool();
  region_pool(const region_pool&) = delete;
  region_pool& operator=(const region_pool&) = delete;

  // An open region that is empty. Null when there is no memory. VALID UNTIL: it is freed.
  region* take();
  const region_options& options() const { return options_; }
  region_stats stats() const;

 private:
  friend class region;
  void give_back(region* freed);
  bool keep(region* freed, std::size_t bytes);  // false when there is no room for it

  const region_options options_;
  mutable std::mutex mutex_;
  region* waiting_ = nullptr;  // guarded by mutex_, as what follows; the latest one is used first
  std::size_t waiting_bytes_ = 0;
  region_stats stats_;
};

}  // namespace copycost::graph
