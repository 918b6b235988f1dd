// SPDX-License-Identifier: Apache-2.0
//
// Payload memory from the ordinary allocator, cache-line aligned: for instruments that need nothing special of it.
// Lifetime: owns the buffers until clear(). Not thread-safe.
#pragma once
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <vector>

namespace copycost {

class heap_payload {
 public:
  // VALID UNTIL: clear().
  std::span<std::byte> lend(std::size_t size) {
    buffers_.emplace_back(static_cast<std::byte*>(::operator new (size + 1, std::align_val_t{64})));
    return {buffers_.back().get(), size};
  }
  void clear() { buffers_.clear(); }

 private:
  struct release {
    void operator()(std::byte* p) const { ::operator delete (p, std::align_val_t{64}); }
  };
  std::vector<std::unique_ptr<std::byte, release>> buffers_;
};

}  // namespace copycost
