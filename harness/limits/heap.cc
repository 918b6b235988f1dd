// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

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
  mapping memory(page_rounded(size) + kPageBytes);
  memory.fill();
  const std::size_t start = (page_offset_of_block(size) + kPageBytes - kBenignDistance) % kPageBytes;
  const std::byte* source = memory.data() + start;
  const auto copy = [&] {
    std::byte* block = allocate(size);
    std::size_t bytes = size;
    hide(bytes);
    std::memcpy(block, source, bytes);
    escape(block);
    std::free(block);
  };
  return repeat({budget, size}, [&](std::uint64_t ops) { return time_operations(ops, copy); });
}

}  // namespace copycost::limits::detail
