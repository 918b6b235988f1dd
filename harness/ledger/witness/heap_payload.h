// SPDX-License-Identifier: Apache-2.0
//
// Payload memory from the ordinary allocator, aligned to cache lines: for instruments that need nothing special of it.
// A process can choose where in its page a buffer of a page or more begins (g_payload_place), because what a copy costs
// depends on how far apart source and target are within the page. The allocator places smaller buffers.
//
// Lifetime: owns the buffers until clear().
// Threads: one at a time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
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
    const std::size_t to = placed ? kPage : kLine;
    buffers_.emplace_back(std::make_unique_for_overwrite<std::byte[]>(size + to));
    std::byte* const begin = buffers_.back().get();
    return {begin + ((placed ? *g_payload_place : 0) - reinterpret_cast<std::uintptr_t>(begin)) % to, size};
  }
  void clear() { buffers_.clear(); }

 private:
  static constexpr std::size_t kLine = 64;
  // Aligned here: mimalloc 3.0 forgets of some blocks that it aligned them, and frees another one.
  std::vector<std::unique_ptr<std::byte[]>> buffers_;
};

}  // namespace copycost
