// SPDX-License-Identifier: Apache-2.0
//
// Private to buffer_pool.cc: what of a pool outlives it, and the caches of threads.
//
//   pool_core  [shelves: a chain a class] mutex_        refs_: the pool, each cache, each block that exists
//      ^  ^
//      |  '--- thread_cache [bins: a chain a class] busy    one a thread and pool
//      '------ lent block [owner]
//
// Order of locks: a thread that holds its cache's flag takes no other lock; a thread that holds mutex_ may wait for a
// flag.
//
// Lifetime: until its last reference is dropped.
// Threads: safe.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "scenarios/graph/items/pool/block.h"

namespace copycost::graph {

using class_chains = std::array<pool_chain, kSizeClasses>;

struct thread_cache {
  // The owner's calls, and for a moment a thread that counts or closes the pool.
  class held {
   public:
    explicit held(thread_cache& of) : of_(of) {
      while (of_.busy_.exchange(true, std::memory_order_acquire)) std::this_thread::yield();
    }
    ~held() { of_.busy_.store(false, std::memory_order_release); }
    held(const held&) = delete;
    held& operator=(const held&) = delete;

   private:
    thread_cache& of_;
  };

  // Null: the pool is gone. It is set to null under the flag, by the thread that takes over the cache's reference.
  std::atomic<pool_core*> core{nullptr};
  class_chains bins;                               // under the flag, as all below
  std::uint64_t bytes = 0, hits = 0, returns = 0;  // bytes: of what is in the bins

 private:
  std::atomic<bool> busy_{false};
};

class pool_core {
 public:
  explicit pool_core(const pool_limits& limits) : limits_(limits) {}

  // Null: there is no memory. REQUIRES: size <= kItemMax. VALID UNTIL: put().
  pool_block* get(std::size_t size);
  // Of any pool, living or not.
  static void put(pool_block* block);
  void trim();
  pool_stats stats();
  // The pool is gone; afterwards the core may be gone.
  void close();
  // The thread of the cache ends.
  static void leave(thread_cache& cache);
  // A cache of this thread wants to belong to the core; false: the pool is gone.
  bool join(thread_cache& cache);

 private:
  pool_block* lend(pool_block* kept);                                        // VALID UNTIL: put()
  pool_block* from_cache(thread_cache& mine, unsigned of);                   // VALID UNTIL: put()
  pool_block* from_shelf(thread_cache* mine, unsigned of);                   // VALID UNTIL: put()
  pool_block* fresh(unsigned of);                                            // VALID UNTIL: put()
  pool_block* plain(std::size_t size, std::atomic<std::uint64_t>& counted);  // VALID UNTIL: put()
  bool reserve(std::uint64_t bytes);
  void reclaim(std::uint64_t bytes);
  void keep(pool_block* block);
  void shelve(pool_chain& chain, unsigned of);
  void destroy(pool_block* block);
  void destroy(pool_chain& chain);
  void drop_refs(std::uint64_t count);

  const pool_limits limits_;
  std::atomic<std::uint64_t> refs_{1};
  std::atomic<bool> closed_{false};  // set under mutex_
  std::atomic<std::uint64_t> bytes_{0}, plain_bytes_{0};
  std::atomic<std::uint64_t> shelf_hits_{0}, misses_{0}, over_budget_{0}, oversize_{0}, other_returns_{0};
  std::mutex mutex_;
  class_chains shelves_;                            // under mutex_
  std::vector<thread_cache*> caches_;               // under mutex_
  std::uint64_t left_hits_ = 0, left_returns_ = 0;  // under mutex_: of threads that ended
};

}  // namespace copycost::graph
