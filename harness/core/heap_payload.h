// SPDX-License-Identifier: Apache-2.0
//
// Payload memory from the ordinary allocator, cache-line aligned: for instruments that need nothing special of it.
// Where in its page a buffer of a page or more begins can be said for the process (g_payload_place): what a copy costs
// depends on how far apart source and target are within the page. Smaller buffers lie where the allocator puts them.
// Lifetime: owns the buffers until clear(). Not thread-safe.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <vector>

namespace copycost {

// A multiple of 64 below 4,096. Set before anything is lent, if at all.
inline std::optional<std::size_t> g_payload_place;

class heap_payload {
 public:
  // VALID UNTIL: clear().
  std::span<std::byte> lend(std::size_t size) {
    constexpr std::size_t kPage = 4096;
    const bool placed = g_payload_place.has_value() && size >= kPage;
    const std::size_t room = size + 1 + (placed ? kPage : 0);
    buffers_.emplace_back(static_cast<std::byte*>(::operator new (room, std::align_val_t{64})));
    std::byte* const begin = buffers_.back().get();
    if (!placed) return {begin, size};
    return {begin + (*g_payload_place - reinterpret_cast<std::uintptr_t>(begin)) % kPage, size};
  }
  void clear() { buffers_.clear(); }

 private:
  struct release {
    void operator()(std::byte* p) const { ::operator delete (p, std::align_val_t{64}); }
  };
  std::vector<std::unique_ptr<std::byte, release>> buffers_;
};

}  // namespace copycost
