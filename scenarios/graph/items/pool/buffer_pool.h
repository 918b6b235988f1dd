// SPDX-License-Identifier: Apache-2.0
//
// Buffers that are used again, by size, within a budget of bytes. Over the budget it gives plain memory, and counts it:
// a pipeline becomes slower then, it does not stop.
//
//   get(n) --> [this thread's cache] --> [shelves of all threads] --> [heap, within the budget] --> [plain heap]
//   drop   --> [this thread's cache] --> [shelves of all threads]     (plain memory goes back to the heap at once)
//
// A buffer has exactly the size that was asked for; what an earlier owner wrote is not shown where `wipes` is set.
//
// Lifetime: buffers may outlive the pool, and then go back to the heap. What lies in the cache of a thread goes to the
// shelves when the thread ends.
// Threads: safe; a buffer is a value, and may be dropped in another thread than it was made in.
// Cost: a locked instruction of the thread's own line, where the thread's cache has a buffer or room for one; else a
// lock of the pool, for several buffers at once. 16 bytes in front of each buffer.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "scenarios/common/foreign_bytes.h"
#include "scenarios/graph/contract.h"
#include "scenarios/graph/items/pool/pool_limits.h"

namespace copycost::graph {

struct pool_block;
class pool_core;

class pool_buffer {
 public:
  pool_buffer() = default;
  pool_buffer(pool_buffer&& o) noexcept : block_(std::exchange(o.block_, nullptr)), size_(std::exchange(o.size_, 0)) {}
  pool_buffer& operator=(pool_buffer&& o) noexcept {
    if (this != &o) {
      reset();
      block_ = std::exchange(o.block_, nullptr);
      size_ = std::exchange(o.size_, 0);
    }
    return *this;
  }
  ~pool_buffer() { reset(); }

  std::size_t size() const { return size_; }
  // VALID UNTIL: the buffer is destroyed, moved from or reset.
  std::span<std::byte> bytes() const;
  // Keeps the first bytes. REQUIRES: size <= size().
  void shrink(std::size_t size);
  // The same memory for a design to adopt; dropping it is dropping the buffer.
  foreign_bytes foreign() &&;
  void reset();

 private:
  friend class buffer_pool;
  pool_buffer(pool_block* block, std::size_t size) : block_(block), size_(size) {}

  pool_block* block_ = nullptr;
  std::size_t size_ = 0;
};

class buffer_pool {
 public:
  explicit buffer_pool(const pool_limits& limits = {});
  ~buffer_pool();
  buffer_pool(const buffer_pool&) = delete;
  buffer_pool& operator=(const buffer_pool&) = delete;

  // A buffer of that size, not initialised. Errors: too_large (kItemMax), out_of_memory.
  result<pool_buffer> get(std::size_t size);
  // Gives what lies on the shelves back to the heap; caches of threads keep theirs.
  void trim();
  // Exact when no other thread uses the pool.
  pool_stats stats() const;

 private:
  pool_core* const core_;  // lives until the last buffer and the last cache are gone
};

}  // namespace copycost::graph
