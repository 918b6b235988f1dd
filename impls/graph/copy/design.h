// SPDX-License-Identifier: Apache-2.0
//
// copy: every bag owns its bytes alone. The honest opponent: an exact allocation and a copy, nothing more.
//
//   bag [data*|size|capacity] --> [ payload ......|room......]
//
// Lifetime: the bytes die with their bag.
// Threads: a value; bags share nothing.
// Cost: append() copies; a bag that must grow allocates at least twice the size and copies what is there; bytes() is
// free.
#pragma once
#include <cstdlib>
#include <memory>

#include "scenarios/graph/contract.h"

namespace copycost::graph {

class copy_bag {
 public:
  copy_bag() = default;
  copy_bag(copy_bag&& o) noexcept;
  copy_bag& operator=(copy_bag&& o) noexcept;
  ~copy_bag() = default;

  // COPIES: more.size(), and size() when the bag must grow.
  result<void> append(foreign_bytes&& more);
  std::uint64_t size() const { return size_; }
  // VALID UNTIL: the bag is destroyed, moved from or appended to.
  bytes_view bytes() const { return {data_.get(), size_}; }

 private:
  struct release {
    void operator()(std::byte* data) const { std::free(data); }
  };
  result<void> grow(std::size_t need);

  std::unique_ptr<std::byte, release> data_;  // of malloc: not written before the payload is
  std::size_t size_ = 0, capacity_ = 0;
};

struct copy_design {
  static constexpr design_traits traits{};
  using bag = copy_bag;
};
static_assert(design<copy_design>);

}  // namespace copycost::graph
