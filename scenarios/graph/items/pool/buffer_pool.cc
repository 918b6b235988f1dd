// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/items/pool/buffer_pool.h"

#include "scenarios/graph/items/pool/pool_core.h"

namespace copycost::graph {

std::span<std::byte> pool_buffer::bytes() const {
  return block_ == nullptr ? std::span<std::byte>() : std::span(block_->content(), size_);
}

void pool_buffer::shrink(std::size_t size) {
  COPYCOST_REQUIRE(size <= size_);
  size_ = size;
}

void pool_buffer::reset() {
  if (block_ != nullptr) pool_core::put(std::exchange(block_, nullptr));
  size_ = 0;
}

foreign_bytes pool_buffer::foreign() && {
  const std::span<std::byte> whole = bytes();
  pool_block* const block = std::exchange(block_, nullptr);
  size_ = 0;
  if (block == nullptr) return {};
  return {whole, [](void* of, std::byte*, std::size_t) { pool_core::put(static_cast<pool_block*>(of)); }, block};
}

buffer_pool::buffer_pool(const pool_limits& limits) : core_(new pool_core(limits)) {}
buffer_pool::~buffer_pool() { core_->close(); }

result<pool_buffer> buffer_pool::get(std::size_t size) {
  if (size > kItemMax) return error{errc::too_large, 0, kItemMax, size};
  pool_block* const block = core_->get(size);
  if (block == nullptr) return error{errc::out_of_memory, 0, 0, size};
  return pool_buffer(block, size);
}

void buffer_pool::trim() { core_->trim(); }
pool_stats buffer_pool::stats() const { return core_->stats(); }

}  // namespace copycost::graph
