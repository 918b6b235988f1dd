// SPDX-License-Identifier: Apache-2.0
//
// The memory that payload is lent from while it is watched: one reserved range, each payload on pages of its own, so
// that the interposed witness knows all of it by one range and the touch witness can take every byte away.
//
// Lifetime: the process; pages are given back by clear().
// Threads: one lends; any may call contains().
#pragma once
#include <cstddef>
#include <span>

namespace copycost {

class payload_region {
 public:
  // The region of this process. Throws failure{internal} when the address range cannot be reserved.
  static payload_region& instance();

  // VALID UNTIL: clear(). Throws failure{internal} when the region (4 GiB) is used up.
  std::span<std::byte> lend(std::size_t size);
  void clear();

  bool contains(const void* p) const { return p >= base_ && p < base_ + kReserved; }
  // The whole range, lent or not.
  std::span<std::byte> reserved() const { return {base_, kReserved}; }
  // All that was lent since the last clear(), page by page.
  std::span<std::byte> lent() const { return {base_, used_}; }

 private:
  payload_region();
  static constexpr std::size_t kReserved = std::size_t{4} << 30;
  std::byte* base_ = nullptr;
  std::size_t used_ = 0;
};

}  // namespace copycost
