// SPDX-License-Identifier: Apache-2.0
//
// Memory straight from the kernel, so that a probe chooses its addresses itself and no allocator is in the way.
//
// Lifetime: unmapped by the destructor.
// Threads: a value.
// Cost: one mmap; the first write to a page faults it in.
#pragma once
#include <cstddef>
#include <cstdint>

namespace copycost::limits::detail {

inline constexpr std::size_t kPageBytes = 4096;

inline std::size_t page_rounded(std::size_t bytes) { return (bytes + kPageBytes - 1) / kPageBytes * kPageBytes; }

class mapping {
 public:
  // Private anonymous memory with the kernel's default for huge pages, which is what allocators get too.
  // Throws std::system_error.
  explicit mapping(std::size_t bytes);
  // A shared mapping of the first `bytes` of a file. Throws std::system_error.
  mapping(std::size_t bytes, int file);
  ~mapping();
  mapping(const mapping&) = delete;
  mapping& operator=(const mapping&) = delete;

  // Writes every byte. A page that was only read is the kernel's one zero page, which is always in the cache.
  void fill();
  // Asks for 4 KiB pages only.
  void refuse_huge_pages();

  std::byte* data() const { return data_; }  // VALID UNTIL: the mapping is destroyed.
  std::size_t size() const { return bytes_; }

 private:
  std::byte* data_;
  std::size_t bytes_;
};

// One source and one target for copies of `size` bytes, both written, at a chosen distance: (target - source) modulo
// the page is `page_distance`.
class copy_buffers {
 public:
  // REQUIRES: page_distance < kPageBytes. Throws std::system_error.
  copy_buffers(std::size_t size, std::size_t page_distance);
  std::byte* source() const { return memory_.data(); }
  std::byte* target() const { return memory_.data() + distance_; }

 private:
  std::size_t distance_;
  mapping memory_;
};

// A distance at which no known pathology strikes. When (target - source) modulo 4096 is 1 to 31, or just below 4096,
// several processors take loads for dependent on earlier stores, or run `rep movsb` in its slow form, and the copy gets
// many times slower (`memcpy_page_offset` shows it). Half a page and a line is as far from both as it can be.
inline constexpr std::size_t kBenignDistance = kPageBytes / 2 + 64;
// What a header of 8 bytes in front of a payload gives: the pathology itself.
inline constexpr std::size_t kHeaderDistance = 8;

}  // namespace copycost::limits::detail
