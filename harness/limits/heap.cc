// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <vector>

#include "harness/limits/mapping.h"
#include "harness/limits/probe.h"
#include "harness/limits/probes.h"

namespace copycost::limits::detail {
namespace {

std::byte* allocate(std::size_t bytes) {
  void* block = std::malloc(bytes);
  if (!block) [[unlikely]]
    throw std::system_error(ENOMEM, std::generic_category(), "limits: malloc");
  escape(block);
  return static_cast<std::byte*>(block);
}

// Where in its page the allocator puts such a block. The next blocks lie elsewhere, but for sizes at which the
// distance matters (a page and more) allocators put all blocks at the same offset or nearly so.
std::size_t page_offset_of_block(std::size_t bytes) {
  std::byte* block = allocate(bytes);
  const std::size_t offset = reinterpret_cast<std::uintptr_t>(block) % kPageBytes;
  std::free(block);
  return offset;
}

// Bytes that stay in the cache, at a benign distance from the blocks that they are copied to.
class warm_source {
 public:
  explicit warm_source(std::size_t size) : size_(size), memory_(page_rounded(size) + kPageBytes) {
    memory_.fill();
    bytes_ = memory_.data() + (page_offset_of_block(size) + kPageBytes - kBenignDistance) % kPageBytes;
  }
  // A block with a copy in it, to be freed by the caller.
  std::byte* copied() const {
    std::byte* block = allocate(size_);
    std::size_t bytes = size_;
    hide(bytes);
    std::memcpy(block, bytes_, bytes);
    escape(block);
    return block;
  }

 private:
  std::size_t size_;
  mapping memory_;
  const std::byte* bytes_;
};

}  // namespace

sample malloc_free(std::uint64_t size, std::chrono::nanoseconds budget) {
  const auto pair = [&] {
    std::byte* block = allocate(size);
    block[0] = std::byte{1};
    escape(block);
    std::free(block);
  };
  return repeat({budget}, [&](std::uint64_t ops) { return time_operations(ops, pair); });
}

sample malloc_memcpy_free(std::uint64_t size, std::chrono::nanoseconds budget) {
  const warm_source source(size);
  const auto copy = [&] { std::free(source.copied()); };
  return repeat({budget, size}, [&](std::uint64_t ops) { return time_operations(ops, copy); });
}

sample malloc_memcpy_free_alive(std::uint64_t size, std::uint64_t alive, std::chrono::nanoseconds budget) {
  const warm_source source(size);
  std::vector<std::byte*> blocks(alive);
  const auto copies = [&] {
    for (std::byte*& block : blocks) block = source.copied();
    for (std::byte* block : blocks) std::free(block);
  };
  const sample all = repeat({budget, size * alive}, [&](std::uint64_t ops) { return time_operations(ops, copies); });
  return {all.ns / static_cast<double>(alive), all.bytes_per_second};
}

}  // namespace copycost::limits::detail
