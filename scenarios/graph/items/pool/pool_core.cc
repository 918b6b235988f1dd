// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/items/pool/pool_core.h"

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

namespace copycost::graph {
namespace {

// How many buffers of a class a shelf gives at once: one that is lent, and more for a cache of the caller's thread.
std::size_t at_once(const thread_cache* mine, unsigned of, const pool_limits& limits) {
  if (mine == nullptr || mine->bytes >= limits.thread_bytes) return 1;
  constexpr std::size_t kMore = 15;
  return 1 +
         std::min<std::size_t>((limits.thread_bytes - mine->bytes) / 4 / (sizeof(pool_block) + class_size(of)), kMore);
}

// The caches of this thread, one a pool. They leave their pools when the thread ends.
struct own_caches {
  std::vector<std::unique_ptr<thread_cache>> all;
  thread_cache* last = nullptr;
  ~own_caches();
};
thread_local own_caches t_caches;
thread_local bool t_ended = false;  // buffers that are dropped later than that go to the shelves

own_caches::~own_caches() {
  t_ended = true;
  for (const auto& one : all) pool_core::leave(*one);
}

bool is_of(const thread_cache* cache, const pool_core& core) {
  return cache != nullptr && cache->core.load(std::memory_order_relaxed) == &core;
}

// Null: there is none, because the pool is gone, the thread ends, or there is no memory for it.
thread_cache* cache_of(pool_core& core) {
  if (t_ended) return nullptr;
  own_caches& own = t_caches;
  if (is_of(own.last, core)) return own.last;
  own.last = nullptr;
  for (const auto& one : own.all)
    if (is_of(one.get(), core)) return own.last = one.get();
  try {
    std::erase_if(own.all, [](const auto& one) { return one->core.load(std::memory_order_relaxed) == nullptr; });
    own.all.push_back(std::make_unique<thread_cache>());
    if (core.join(*own.all.back())) return own.last = own.all.back().get();
    own.all.pop_back();
  } catch (const std::bad_alloc&) {
    if (!own.all.empty() && own.all.back()->core.load(std::memory_order_relaxed) == nullptr) own.all.pop_back();
  }
  return nullptr;
}

}  // namespace

bool pool_core::join(thread_cache& cache) {
  const std::lock_guard lock(mutex_);
  if (closed_.load(std::memory_order_relaxed)) return false;
  caches_.push_back(&cache);
  refs_.fetch_add(1, std::memory_order_relaxed);
  cache.core.store(this, std::memory_order_relaxed);
  return true;
}

pool_block* pool_core::get(std::size_t size) {
  if (size > kPooledMax) return plain(size, oversize_);
  const unsigned of = class_for(size);
  thread_cache* const mine = cache_of(*this);
  if (mine != nullptr)
    if (pool_block* const one = from_cache(*mine, of)) return one;
  if (pool_block* const one = from_shelf(mine, of)) return one;
  if (pool_block* const one = fresh(of)) return one;
  return plain(size, over_budget_);
}

pool_block* pool_core::lend(pool_block* kept) {
  kept->show(limits_.wipes);
  kept->owner = this;
  return kept;
}

pool_block* pool_core::from_cache(thread_cache& mine, unsigned of) {
  pool_block* one;
  {
    const thread_cache::held held(mine);
    one = mine.bins[of].pop();
    if (one == nullptr) return nullptr;
    mine.bytes -= one->bytes();
    ++mine.hits;
  }
  return lend(one);
}

pool_block* pool_core::from_shelf(thread_cache* mine, unsigned of) {
  pool_chain some;
  {
    const std::lock_guard lock(mutex_);
    const std::size_t most = at_once(mine, of, limits_);
    while (some.count < most && shelves_[of].count > 0) some.push(shelves_[of].pop());
  }
  pool_block* const one = some.pop();
  if (one == nullptr) return nullptr;
  shelf_hits_.fetch_add(1, std::memory_order_relaxed);
  if (some.count > 0) {
    // The pool is alive, because get() runs: the cache belongs to it still.
    const thread_cache::held held(*mine);
    while (pool_block* const other = some.pop()) {
      mine->bytes += other->bytes();
      mine->bins[of].push(other);
    }
  }
  return lend(one);
}

bool pool_core::reserve(std::uint64_t bytes) {
  if (bytes_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= limits_.bytes) return true;
  bytes_.fetch_sub(bytes, std::memory_order_relaxed);
  return false;
}

// Frees buffers of any class on the shelves, the largest first, until there is room for so many bytes.
void pool_core::reclaim(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  for (unsigned of = kSizeClasses; of-- > 0;)
    while (shelves_[of].count > 0) {
      if (bytes_.load(std::memory_order_relaxed) + bytes <= limits_.bytes) return;
      destroy(shelves_[of].pop());
    }
}

pool_block* pool_core::fresh(unsigned of) {
  const std::uint64_t bytes = sizeof(pool_block) + class_size(of);
  if (bytes > limits_.bytes) return nullptr;
  if (!reserve(bytes)) {
    reclaim(bytes);
    if (!reserve(bytes)) return nullptr;
  }
  pool_block* const one = pool_block::make(this, of, class_size(of));
  if (one == nullptr) {
    bytes_.fetch_sub(bytes, std::memory_order_relaxed);
    return nullptr;
  }
  refs_.fetch_add(1, std::memory_order_relaxed);
  misses_.fetch_add(1, std::memory_order_relaxed);
  return one;
}

pool_block* pool_core::plain(std::size_t size, std::atomic<std::uint64_t>& counted) {
  pool_block* const one = pool_block::make(this, pool_block::kPlain, size);
  if (one == nullptr) return nullptr;
  refs_.fetch_add(1, std::memory_order_relaxed);
  plain_bytes_.fetch_add(one->bytes(), std::memory_order_relaxed);
  counted.fetch_add(1, std::memory_order_relaxed);
  return one;
}

void pool_core::put(pool_block* block) {
  pool_core& core = *block->owner;
  if (block->of != pool_block::kPlain && !core.closed_.load(std::memory_order_acquire)) return core.keep(block);
  core.other_returns_.fetch_add(1, std::memory_order_relaxed);
  core.destroy(block);
}

// The block has a reference: until it is in a chain of the cache or of the shelves, the core is there.
void pool_core::keep(pool_block* block) {
  const unsigned of = block->of;
  const std::uint64_t bytes = block->bytes();
  block->hide(limits_.wipes);
  pool_chain over;
  bool is_kept = false;
  if (thread_cache* const mine = cache_of(*this); mine != nullptr) {
    const thread_cache::held held(*mine);
    if (mine->core.load(std::memory_order_relaxed) == this) {
      if (mine->bytes + bytes > limits_.thread_bytes) {  // all of this size go to the shelf, with one lock
        over = std::exchange(mine->bins[of], {});
        mine->bytes -= over.count * bytes;
      }
      is_kept = mine->bytes + bytes <= limits_.thread_bytes;
      if (is_kept) {
        mine->bytes += bytes;
        mine->bins[of].push(block);
        ++mine->returns;
        if (over.count == 0) return;
      }
    }
  }
  if (!is_kept) {
    other_returns_.fetch_add(1, std::memory_order_relaxed);
    over.push(block);
  }
  shelve(over, of);
}

void pool_core::shelve(pool_chain& chain, unsigned of) {
  {
    const std::lock_guard lock(mutex_);
    // Within the lock that close() needs: the last block on the shelf may be the last reference.
    refs_.fetch_add(1, std::memory_order_relaxed);
    if (!closed_.load(std::memory_order_relaxed))
      while (pool_block* const one = chain.pop()) shelves_[of].push(one);
  }
  destroy(chain);
  drop_refs(1);
}

void pool_core::destroy(pool_block* block) {
  (block->of == pool_block::kPlain ? plain_bytes_ : bytes_).fetch_sub(block->bytes(), std::memory_order_relaxed);
  block->free();
  drop_refs(1);
}
void pool_core::destroy(pool_chain& chain) {
  while (pool_block* const one = chain.pop()) destroy(one);
}

void pool_core::drop_refs(std::uint64_t count) {
  if (refs_.fetch_sub(count, std::memory_order_acq_rel) == count) delete this;
}

void pool_core::trim() {
  const std::lock_guard lock(mutex_);
  for (pool_chain& shelf : shelves_) destroy(shelf);
}

void pool_core::close() {
  std::uint64_t refs = 1;  // the pool's own, and those of the caches that are emptied here
  {
    const std::lock_guard lock(mutex_);
    closed_.store(true, std::memory_order_release);
    for (pool_chain& shelf : shelves_) destroy(shelf);
    std::erase_if(caches_, [&](thread_cache* cache) {
      const thread_cache::held held(*cache);
      if (cache->core.load(std::memory_order_relaxed) == nullptr) return false;  // its thread ends just now
      for (pool_chain& bin : cache->bins) destroy(bin);
      cache->bytes = 0;
      cache->core.store(nullptr, std::memory_order_relaxed);
      ++refs;
      return true;
    });
  }
  drop_refs(refs);
}

void pool_core::leave(thread_cache& cache) {
  pool_core* core;
  {
    const thread_cache::held held(cache);
    core = cache.core.exchange(nullptr, std::memory_order_relaxed);
  }
  if (core == nullptr) return;
  {
    const std::lock_guard lock(core->mutex_);
    std::erase(core->caches_, &cache);
    core->left_hits_ += cache.hits;
    core->left_returns_ += cache.returns;
    const bool closed = core->closed_.load(std::memory_order_relaxed);
    for (unsigned of = 0; of < kSizeClasses; ++of)
      while (pool_block* const one = cache.bins[of].pop())
        if (closed)
          core->destroy(one);
        else
          core->shelves_[of].push(one);
  }
  core->drop_refs(1);
}

pool_stats pool_core::stats() {
  const std::lock_guard lock(mutex_);
  pool_stats all;
  all.hits = left_hits_ + shelf_hits_.load(std::memory_order_relaxed);
  all.returns = left_returns_ + other_returns_.load(std::memory_order_relaxed);
  for (thread_cache* const cache : caches_) {
    const thread_cache::held held(*cache);
    all.hits += cache->hits;
    all.returns += cache->returns;
  }
  all.misses = misses_.load(std::memory_order_relaxed);
  all.over_budget = over_budget_.load(std::memory_order_relaxed);
  all.oversize = oversize_.load(std::memory_order_relaxed);
  all.gets = all.hits + all.misses + all.over_budget + all.oversize;
  all.bytes = bytes_.load(std::memory_order_relaxed);
  all.plain_bytes = plain_bytes_.load(std::memory_order_relaxed);
  return all;
}

}  // namespace copycost::graph
